using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

/// <summary>Four scans of three patients, counted by hand; the first scan of the first patient has no age, the second no sex.</summary>
public sealed class ClinicalCellsTests
{
    private static readonly (string Scan, string Patient, object?[] Values)[] Scans =
    [
        ("sub-a_1", "a", [null, "F", true, 0, 1, "SIEMENS Healthineers"]),
        ("sub-a_2", "a", [30, null, false, 2, 3, "Siemens"]),
        ("sub-b", "b", [50, "Male", true, 3, 3, "GE MEDICAL"]),
        ("sub-c", "c", [64, "female", null, null, 0, "philips"]),
    ];

    private static readonly string[] Roles = ["age", "sex", "contrast", "fracture_grade", "fracture_grade", "manufacturer"];

    [Theory]
    [InlineData("age_mean", 48)]
    [InlineData("age_std", 17.088007490635061)] // the root of (18 * 18 + 2 * 2 + 16 * 16) / 2
    [InlineData("age_min", 30)]
    [InlineData("age_median", 50)]
    [InlineData("age_max", 64)]
    [InlineData("sex_female", 2)]
    [InlineData("sex_male", 1)]
    [InlineData("contrast", 2)]
    [InlineData("fracture_grade_0", 2)]
    [InlineData("fracture_grade_1", 1)]
    [InlineData("fracture_grade_2", 1)]
    [InlineData("fracture_grade_3", 3)]
    [InlineData("manufacturer_count", 3)]
    [InlineData("manufacturer_siemens", 2)]
    [InlineData("manufacturer_ge", 1)]
    public void Ages_and_sexes_are_of_patients_contrast_and_makers_of_scans_and_grades_of_vertebrae(string metric, double expected)
    {
        AuditCell cell = Cell(metric);
        Assert.Equal((Audit.ClinicalTable, "verse19", "training", metric, "value"), (cell.Table, cell.Dataset, cell.Split, cell.Item, cell.Field));
        Assert.Equal(expected, cell.Recomputed!.Value, 1e-12);
        Assert.Null(cell.NotComparable);
    }

    [Theory]
    [InlineData("age_mean", "Median", 0.5, 1, 0)]
    [InlineData("age_min", "Least", 0.5, 1, 0)]
    [InlineData("age_median", "Median", 0.5, 1, 0)]
    [InlineData("age_max", "Greatest", 0.5, 1, 0)]
    [InlineData("sex_female", "Count", 0, 1, 0)]
    [InlineData("contrast", "Count", 0, 1, 1)]
    [InlineData("fracture_grade_2", "Count", 0, 2, 0)]
    public void What_missing_values_can_do_to_a_figure_depends_on_what_it_counts(string metric, string kind, double halfUnit, int mostPerScan, int silent)
    {
        AuditCell cell = Cell(metric);
        Assert.Equal((kind, halfUnit, mostPerScan, silent), ($"{cell.Kind}", cell.HalfUnit, cell.MostPerScan, cell.Silent));
        Assert.Equal(kind == "Count" ? 0 : 0.05, Cell(metric, tolerance: "0.05").HalfUnit);
    }

    [Theory]
    [InlineData("sex_female", "sex")]
    [InlineData("fracture_grade_0", "fracture_grade")]
    public void Nothing_is_counted_without_a_column_of_the_role(string metric, string role)
    {
        AuditCell cell = Cell(metric, without: role);
        Assert.Equal((null, $"not given: no clinical column has the role {role}"), (cell.Recomputed, cell.NotComparable));
    }

    [Fact]
    public void Nothing_is_counted_of_a_dataset_that_is_not_here() => Assert.Null(Cell("contrast", dataset: "clinic").Recomputed);

    private static AuditCell Cell(string metric, string dataset = "verse19", string tolerance = "null", string? without = null)
    {
        Reference reference = Reference.Parse(new Dictionary<string, string>
        {
            ["labels.json"] = """{"dataset":"all","split":"all","labels":[]}""",
            ["clinical.json"] =
                $$"""{"figures":[{"dataset":"{{dataset}}","split":"training","metric":"{{metric}}","value":7,"tolerance":{{tolerance}}}]}""",
        });
        ScanRow[] scans = [.. Scans.Select(scan => CohortRows.Scan("verse19", "training", scan.Scan, [20], subjectId: scan.Patient))];
        ClinicalColumn[] columns = [.. Roles.Select((role, at) =>
            new ClinicalColumn($"column_{at}", "", "invented") { File = "c.csv", Header = "", Role = role == without ? null : role })];
        ClinicalRow[] rows = [.. scans.Zip(Scans, (scan, invented) => new ClinicalRow { ScanKey = scan.ScanKey, Values = invented.Values })];
        PublishedTables tables = CohortTables.Of([.. scans.Select(scan => new ScanResult(scan, [CohortRows.Vertebra(scan, 20, 40)], []))],
            clinical: new ClinicalTable(new ClinicalDeclaration([], columns), rows)).Tables;
        using CohortSurvey survey = CohortSurvey.Of(reference, tables);
        return Assert.Single(ClinicalCells.Of(reference, survey, tables));
    }
}
