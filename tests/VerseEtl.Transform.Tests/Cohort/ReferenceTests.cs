using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class ReferenceTests
{
    private static readonly Reference Verse = Reference.Verse();

    [Fact]
    public void The_six_folders_hold_374_scans_of_355_patients()
    {
        Assert.Equal([80, 40, 40, 61, 80, 73], Verse.Folders.OrderBy(folder => folder.Dataset, StringComparer.Ordinal)
            .ThenBy(folder => Array.IndexOf(["training", "validation", "test"], folder.Split)).Select(folder => folder.Scans.Count));
        string[] scans = [.. Verse.Folders.SelectMany(folder => folder.Scans)];
        Assert.Equal((374, 355), (scans.Distinct().Count(), scans.Select(scan => scan.Split('_')[0]).Distinct().Count()));
        Assert.Equal([141, 120, 113], new[] { "training", "validation", "test" }.Select(split => Verse.ScansOf("all", split).Count));
        Assert.Equal(2, Verse.Folders.Sum(folder => folder.SplitInferred?.Count ?? 0));
        Assert.All(scans, scan => Assert.Equal(scan.ToLowerInvariant(), scan));
    }

    [Fact]
    public void The_contradictions_E1_to_E12_are_reported_without_any_copy()
    {
        IReadOnlyList<AuditRow> rows = Audit.Contradictions(Verse);
        Assert.Equal(Enumerable.Range(1, 12).Select(number => $"E{number}"), rows.Select(row => row.Item));
        Assert.All(rows, row => Assert.Equal(Verdict.ReferenceContradictsItself, row.Verdict));
        Assert.Contains("629", rows[1].Note, StringComparison.Ordinal);
        Assert.All(rows, row => Assert.Equal(row.Recomputed, row.Published + row.Difference));
        Assert.Contains(rows, row => row.Difference is not null);
    }

    [Fact]
    public void The_numbers_in_the_contradictions_follow_from_the_published_tables()
    {
        IReadOnlyList<PublishedLabel> labels = Verse.LabelTable!.Labels;
        int Cases(string region) => labels.Where(row => VertebraLabel.Region(row.Label) == region).Sum(row => row.Cases);
        PublishedLabel[] unlike = [.. labels.Where(row => Math.Abs((100.0 * row.Cases / 374) - row.Percentage) > AuditCell.Rounding + 1e-9)];
        Assert.Equal("C7", Assert.Single(unlike).Vertebra);
        Assert.Equal(34.22, Entry("E1").Derived!.Value, 0.005);
        Assert.Equal(Cases("cervical"), Entry("E2").Derived);
        Assert.Equal(Cases("thoracic"), Entry("E3").Derived);
        Assert.Equal(Cases("lumbar"), Entry("E4").Derived);
        Assert.Equal(labels.Sum(row => row.Cases), Entry("E5").Derived);
        Assert.Equal(Published("all", "vertebrae_cervical"), Entry("E2").Claimed);
        Assert.Equal(Published("all", "vertebrae_thoracic"), Entry("E3").Claimed);
        Assert.Equal(Published("all", "vertebrae_lumbar"), Entry("E4").Claimed);
        Assert.Equal(Published("all", "vertebrae"), Entry("E5").Claimed);
        Assert.Equal(Published("verse20", "vertebrae"), Entry("E6").Claimed);
        double columns = Verse.Figures.Where(figure => figure.Metric == "scans" && figure.Dataset != "all" && figure.Split != "all")
            .Sum(figure => figure.Value);
        Assert.Equal(columns, Entry("E7").Derived);
        Assert.Equal(Verse.Label(6)!.VolumeCm3Median, Entry("E8").Claimed);
        Assert.Equal((Verse.Label(5)!.VolumeCm3Median, Verse.Label(7)!.VolumeCm3Median), (Entry("E8").Cells[0].From, Entry("E8").Cells[0].To));
        // E9: the levels whose minimum falls below the level above by more than a tenth, C3 after the large C2 apart
        Assert.Equal(["T3", "T10", "L3"], labels.Where(row => row.Label is > 3 and <= 24 && row.VolumeCm3Min < 0.9 * Verse.Label(row.Label - 1)!.VolumeCm3Min)
            .Select(row => row.Vertebra));
    }

    [Theory]
    [InlineData("labels.json", """{"dataset":"all","split":"all","labels":[{"label":20,"vertebra":"L2","cases":1,"percentage":1}]}""", "label 20 is not L2")]
    [InlineData("labels.json", """{"dataset":"all","split":"all","labels":[{"label":20,"vertebra":"L1","percentage":1}]}""", "cases")]
    [InlineData("scans.json", "{\"folders\":[\n{\"folder\":\"f\",\"dataset\":\"d\",\"split\":\"test\",\"scans\":[\"sub-a\",\"sub-a\"]}]}",
        "stands there twice")]
    [InlineData("scans.json", "{\"folders\":[\n{\"folder\":\"f\",\"dataset\":\"d\",\"split\":\"test\",\"scan\":[]}]}", "scans.json, line 2")]
    [InlineData("clinical.json", """{"figures":[{"dataset":"all","split":"all","metric":"weight_mean","value":1}]}""", "weight_mean is no clinical metric")]
    [InlineData("contradictions.json", """{"contradictions":[]}""", "at least one of")]
    public void A_file_that_is_no_reference_is_refused_with_its_name_and_place(string name, string text, string part)
    {
        FormatException bad = Assert.Throws<FormatException>(() => Reference.Parse(new Dictionary<string, string> { [name] = text }));
        Assert.Contains(part, bad.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("labels.json", "label 20", """{"dataset":"all","split":"all","labels":[@,@]}""", """{"label":20,"vertebra":"L1","cases":1,"percentage":1}""")]
    [InlineData("figures.json", "all, test, scans", """{"figures":[@,@]}""", """{"dataset":"all","split":"test","metric":"scans","value":1}""")]
    [InlineData("contradictions.json", "E1", """{"contradictions":[@,@]}""", """{"id":"E1","claim":"","claimed":1,"check":"","derived":2,"cells":[]}""")]
    [InlineData("clinical.json", "all, test, contrast", """{"figures":[@,@]}""", """{"dataset":"all","split":"test","metric":"contrast","value":1}""")]
    public void No_figure_stands_there_twice(string name, string what, string file, string entry)
    {
        FormatException bad = Assert.Throws<FormatException>(() => Parse(file.Replace("@", entry, StringComparison.Ordinal)));
        Assert.Equal($"{name}: {what} stands there twice.", bad.Message);
        Parse(file.Replace("@,@", entry, StringComparison.Ordinal));

        void Parse(string text) => Reference.Parse(new Dictionary<string, string> { ["scans.json"] = """{"folders":[]}""", [name] = text });
    }

    [Fact]
    public void Figures_that_differ_in_one_name_are_two()
    {
        string[] differing = ["all test contrast", "all test sex_male", "all training contrast", "verse19 test contrast"];
        IEnumerable<string> figures = differing.Select(names => names.Split(' '))
            .Select(names => $$"""{"dataset":"{{names[0]}}","split":"{{names[1]}}","metric":"{{names[2]}}","value":1}""");
        Reference own = Reference.Parse(new Dictionary<string, string>
        {
            ["scans.json"] = """{"folders":[]}""",
            ["clinical.json"] = $$"""{"figures":[{{string.Join(',', figures)}}]}""",
        });
        Assert.Equal(differing, own.Clinical.Select(figure => $"{figure.Dataset} {figure.Split} {figure.Metric}"));
    }

    [Fact]
    public void A_reference_of_scan_names_alone_gives_an_inventory()
    {
        Reference own = Reference.Parse(new Dictionary<string, string>
        {
            ["scans.json"] = """{"folders":[{"folder":"ours","dataset":"clinic","split":"test","scans":["sub-a","sub-b"]}]}""",
        });
        AuditReport report = Transform.Cohort.Audit.Compare(own, CohortTables.Of([new(CohortRows.Scan("clinic", "test", "sub-a", [20]), [], [])]).Tables);
        Assert.Equal(["sub-b"], report.Inventory.Folders[0].Missing);
    }

    private static Contradiction Entry(string id) => Verse.Contradictions.Single(contradiction => contradiction.Id == id);

    private static double Published(string dataset, string metric) =>
        Verse.Figures.Single(figure => figure.Dataset == dataset && figure.Split == "all" && figure.Metric == metric).Value;
}
