using System.Globalization;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

/// <summary>A whole copy with invented patients, held against figures counted by hand from how they were invented.</summary>
public sealed class ClinicalAuditTests
{
    // VerSe19 has 160 scans of 141 patients; each patient is 40 but for the first, who is 60, and every fourth scan has contrast
    private static readonly string[] Patients = [.. Replica.Whole().Scans.Where(scan => scan.Dataset == "verse19").Select(scan => scan.SubjectId)
        .Distinct().Order(StringComparer.Ordinal)];

    public static TheoryData<string, double> Figures { get; } = new()
    {
        { "age_mean", 40 + (20 / 141.0) },
        { "age_std", Math.Sqrt(((140 * Square(20 / 141.0)) + Square(20 - (20 / 141.0))) / 140) },
        { "age_min", 40 },
        { "age_median", 40 },
        { "age_max", 60 },
        { "sex_female", 1 },
        { "sex_male", 140 },
        { "contrast", 40 },
        { "fracture_grade_3", 160 },
        { "fracture_grade_1", 1 },
        { "fracture_grade_0", 159 },
        { "manufacturer_count", 2 },
        { "manufacturer_siemens", 159 },
    };

    [Theory]
    [MemberData(nameof(Figures))]
    public void A_figure_that_the_clinical_columns_give_is_a_match(string metric, double value)
    {
        AuditRow row = Audit(Whole(), metric, value, tolerance: 1e-9);
        Assert.Equal((Verdict.Match, "clinical", null), (row.Verdict, row.Table, row.Note));
        Assert.Equal(value, row.Recomputed!.Value, 9);
    }

    [Theory]
    [MemberData(nameof(Figures))]
    public void Another_figure_differs_by_more_than_its_rounding(string metric, double value)
    {
        AuditRow row = Audit(Whole(), metric, value + 1, tolerance: 0.5);
        Assert.Equal((Verdict.Differs, "likely the clinical files, or what their columns are declared to be"), (row.Verdict, row.Note));
    }

    [Theory]
    [InlineData("age_mean")]
    [InlineData("sex_female")]
    [InlineData("contrast")]
    [InlineData("fracture_grade_2")]
    [InlineData("manufacturer_count")]
    public void Without_a_column_of_the_role_it_says_that_it_was_not_given(string metric)
    {
        string role = ClinicalRoles.All.Single(role => metric.StartsWith(role, StringComparison.Ordinal));
        Replica replica = Whole();
        ClinicalTable table = replica.Clinical!;
        ClinicalColumn[] without = [.. table.Declaration.Columns.Select(column => column.Role == role ? column with { Role = null } : column)];
        replica.Clinical = table with { Declaration = table.Declaration with { Columns = without } };
        AuditRow row = Audit(replica, metric, 7);
        Assert.Equal((Verdict.NotComparable, $"not given: no clinical column has the role {role}", null), (row.Verdict, row.Note, row.Recomputed));
        replica.Clinical = null;
        Assert.Equal(Verdict.NotComparable, Audit(replica, metric, 7).Verdict);
    }

    [Fact]
    public void Scans_without_a_value_may_be_what_is_missing_and_are_counted()
    {
        Replica replica = Whole();
        ClinicalTable table = replica.Clinical!;
        replica.Clinical = table with { Rows = [.. table.Rows.Where(row => !row.ScanKey.StartsWith("verse19/test/", StringComparison.Ordinal))] };
        AuditRow row = Audit(replica, "contrast", 40);
        Assert.Equal(Verdict.IncompleteCopy, row.Verdict);
        Assert.Equal("the clinical files: 40 of the scans or patients here have no value", row.Note);
        // no forty scans can hold a hundred
        Assert.Equal(Verdict.Differs, Audit(replica, "contrast", row.Recomputed!.Value + 41).Verdict);
    }

    [Theory]
    [InlineData("age_max", 60.4, null, Verdict.Match)]
    [InlineData("age_max", 60.6, null, Verdict.Differs)]
    [InlineData("age_max", 60.4, 0.05, Verdict.Differs)]
    [InlineData("sex_male", 140.4, null, Verdict.Differs)]
    public void Ages_are_published_in_whole_years_where_nothing_else_is_said_and_counts_are_exact(
        string metric, double value, double? tolerance, string verdict) =>
        Assert.Equal(verdict, Audit(Whole(), metric, value, tolerance).Verdict);

    [Theory]
    [InlineData("age_min", 39, Verdict.IncompleteCopy)]
    [InlineData("age_min", 41, Verdict.Differs)]
    [InlineData("age_max", 62, Verdict.IncompleteCopy)]
    [InlineData("age_max", 58, Verdict.Differs)]
    [InlineData("age_median", 42, Verdict.IncompleteCopy)]
    public void Patients_without_an_age_may_be_the_youngest_or_the_oldest(string metric, double value, string verdict)
    {
        Replica replica = Whole();
        ClinicalTable table = replica.Clinical!;
        replica.Clinical = table with { Rows = [.. table.Rows.Where((row, at) => at != 5)] };
        Assert.Equal(verdict, Audit(replica, metric, value).Verdict);
    }

    [Fact]
    public void The_shipped_reference_names_four_manufacturers_of_VerSe20_and_nothing_of_a_patient() =>
        Assert.Equal([("verse20", "manufacturer_count", 4.0)], Reference.Verse().Clinical.Select(figure => (figure.Dataset, figure.Metric, figure.Value)));

    private static AuditRow Audit(Replica replica, string metric, double value, double? tolerance = null)
    {
        string written = value.ToString("R", CultureInfo.InvariantCulture), half = tolerance?.ToString("R", CultureInfo.InvariantCulture) ?? "null";
        Reference reference = Reference.Parse(new Dictionary<string, string>
        {
            ["labels.json"] = """{"dataset":"all","split":"all","labels":[]}""",
            ["clinical.json"] = $$"""{"figures":[{"dataset":"verse19","split":"all","metric":"{{metric}}","value":{{written}},"tolerance":{{half}}}]}""",
        });
        return replica.Audit(reference).Rows.Single(row => row.Table == "clinical");
    }

    private static Replica Whole()
    {
        Replica replica = Replica.Whole();
        ClinicalColumn Column(string name, string type, string role) => new(name, type, "invented") { File = "c.csv", Header = name, Role = role };
        ClinicalColumn[] columns = [Column("years", ClinicalTypes.Whole32, "age"), Column("sex", ClinicalTypes.Text, "sex"),
            Column("agent", ClinicalTypes.Truth, "contrast"), Column("l1", ClinicalTypes.Whole32, "fracture_grade"),
            Column("l2", ClinicalTypes.Whole32, "fracture_grade"), Column("maker", ClinicalTypes.Text, "manufacturer")];
        ScanRow[] scans = [.. replica.Scans.Where(scan => scan.Dataset == "verse19").OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)];
        replica.Clinical = new ClinicalTable(new ClinicalDeclaration([new ClinicalSource("c.csv", "00")], columns),
        [
            .. scans.Select((scan, at) => new ClinicalRow
            {
                ScanKey = scan.ScanKey,
                Values = [scan.SubjectId == Patients[0] ? 60 : 40, scan.SubjectId == Patients[0] ? "F" : "male", at % 4 == 0, at == 0 ? 1 : 0, 3,
                    at == 7 ? "Philips" : "SIEMENS Healthineers"],
            }),
        ]);
        return replica;
    }

    private static double Square(double value) => value * value;
}
