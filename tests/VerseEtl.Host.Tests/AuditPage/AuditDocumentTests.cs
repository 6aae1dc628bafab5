using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using VerseEtl.Host.AuditPage;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.AuditPage;

public sealed class AuditDocumentTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    [Fact]
    public async Task A_whole_copy_is_called_whole_and_every_published_table_is_on_the_page()
    {
        string page = await AuditDocument.Render(View(Replica.Whole()));
        Assert.Contains("class=\"verdict fine\">Every comparable number", page, StringComparison.Ordinal);
        foreach (string id in new[] { "scans", "labels", "volumes", "datasets", "reference", "findings" })
            Assert.Contains($"id=\"{id}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"differences\"", page, StringComparison.Ordinal);
        Assert.Equal(4548, Regex.Count(page, "<circle "));
        Assert.Equal(26, Regex.Count(page, "class=\"publishedmedian\""));
        Assert.Contains("E12", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_difference_is_marked_in_its_table_and_listed_with_the_scan_behind_it()
    {
        Replica replica = Replica.Whole();
        VertebraRow largest = replica.Vertebrae.Find(row => row.Vertebra == "L4" && row.VolumeCm3 == 108.07)!;
        replica.ChangeVolumes(row => row.Vertebra == "L4" && row.VolumeCm3 == 108.07, 120);
        string page = await AuditDocument.Render(View(replica));
        Assert.Contains("1 published number differs", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#label_statistics-all-all-L4-volume_cm3_max\">120.00</a>", page, StringComparison.Ordinal);
        Assert.Contains("id=\"label_statistics-all-all-L4-volume_cm3_max\"", page, StringComparison.Ordinal);
        Assert.Contains($"extreme value in {largest.ScanKey}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_on_the_page_comes_from_a_network_or_runs()
    {
        string page = await AuditDocument.Render(View(Replica.Whole()));
        Assert.DoesNotMatch("https?:|<script|<link|@import|url\\(| on[a-z]+=", page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_from_files_never_become_markup()
    {
        ScanRow scan = CohortRows.Scan(Hostile, "test", "sub-" + Hostile, [20]);
        VertebraRow vertebra = CohortRows.Vertebra(scan, 20, 50);
        Finding finding = Finding.Of(Faults.TreeOrphan, new(Path: Hostile, Field: Hostile));
        AuditRow row =
            new() { Table = Audit.DatasetTable, Dataset = Hostile, Split = "test", Item = Hostile, Field = "value", Verdict = Verdict.Differs, Note = Hostile };
        Dictionary<AuditRow, ScansBehind> evidence = new() { [row] = new(Hostile, [Hostile], [Hostile]) };
        AuditReport report = Replica.Whole().Audit() with { Rows = [row], Evidence = evidence };
        PublishedTables tables = Tables([scan], [vertebra], [finding], [row]);
        AuditView view = new(tables) { Reference = Replica.Reference, Report = report, Drift = Drift.Between([], [], [scan], []) };
        string page = await AuditDocument.Render(view);
        XElement body = Body(page);
        Assert.Empty(body.Descendants("script"));
        string anchor = $"dataset_statistics-{Hostile}-test-{Hostile}-value";
        Assert.Contains(body.Descendants("tr"), element => element.Attribute("id")?.Value == anchor);
        Assert.Contains(body.Descendants("a"), element => element.Attribute("href")!.Value == "#" + anchor);
        Assert.Contains(body.Descendants("td"), element => element.Attribute("title")?.Value == "differs: " + Hostile);
        Assert.Equal([$"{scan.ScanKey} L1: 50 cm³"], body.Descendants("circle").Select(dot => dot.Value));
        Assert.Contains(body.Descendants("li"), element => element.Value == finding.Message);
        Assert.DoesNotMatch("<script|`", AuditText.Markdown(view));
    }

    [Fact]
    public async Task The_same_rows_in_another_order_give_the_same_bytes()
    {
        Replica replica = Replica.Whole();
        string page = await AuditDocument.Render(View(replica));
        Random random = new(3);
        Replica shuffled = new();
        shuffled.Scans.AddRange(replica.Scans.OrderBy(_ => random.Next()));
        shuffled.Vertebrae.AddRange(replica.Vertebrae.OrderBy(_ => random.Next()));
        Assert.Equal(page, await AuditDocument.Render(View(shuffled)));
    }

    [Fact]
    public async Task The_markup_is_well_formed()
    {
        Replica replica = Replica.Whole();
        replica.Remove(scan => scan.Dataset == "verse20");
        replica.ChangeVolumes(row => row.Vertebra == "L4", 120);
        string page = await AuditDocument.Render(View(replica));
        XElement parsed = Body(page);
        string[] ids = [.. parsed.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        string[] targets = [.. parsed.Descendants("a").Select(link => link.Attribute("href")!.Value[1..])];
        Assert.NotEmpty(targets);
        Assert.All(targets, target => Assert.Contains(target, ids));
    }

    [Fact]
    public void The_verdict_fits_a_screen_however_bad_the_copy_is()
    {
        Replica replica = Replica.Whole();
        replica.Remove(scan => scan.ScanKey.Sum(letter => letter) % 3 == 0 || scan.Split == "test");
        replica.ChangeVolumes(row => true, 500);
        replica.Scans.Add(CohortRows.Scan("verse19", "test", "sub-stranger", []));
        IReadOnlyList<string> lines = AuditText.Screen(View(replica));
        Assert.InRange(lines.Count, 5, 24);
        Assert.All(lines.Skip(1), line => Assert.InRange(line.Length, 1, 96));
        Assert.Contains(lines, line => line.Contains("missing in dataset-03test: all 73 scans", StringComparison.Ordinal));
    }

    [Fact]
    public void Three_missing_scans_are_named_in_the_terminal()
    {
        Replica replica = Replica.Whole();
        replica.Remove(scan => scan.ScanId is "sub-verse004" or "sub-gl003_dir-ax" or "sub-verse005");
        IReadOnlyList<string> lines = AuditText.Screen(View(replica));
        Assert.Contains("3 of 374 published scans are missing", lines[0], StringComparison.Ordinal);
        Assert.Contains("  missing in dataset-verse19training: sub-verse004, sub-verse005", lines);
        Assert.Contains("  missing in dataset-01training: sub-gl003_dir-ax", lines);
    }

    [Fact]
    public void Json_holds_every_row_of_the_audit()
    {
        AuditView view = View(Replica.Whole());
        using JsonDocument json = JsonDocument.Parse(AuditText.Json(view));
        Assert.Equal(view.Report!.Rows.Count, json.RootElement.GetProperty("audit").GetArrayLength());
        Assert.Equal(6, json.RootElement.GetProperty("inventory").GetArrayLength());
        Assert.Equal(0, json.RootElement.GetProperty("differences").GetInt32());
        Assert.True(json.RootElement.GetProperty("audit")[0].TryGetProperty("recomputed", out _));
    }

    [Fact]
    public async Task Without_a_reference_the_page_shows_the_statistics_alone()
    {
        Replica replica = Replica.Whole();
        string page = await AuditDocument.Render(new AuditView(Tables(replica.Scans, replica.Vertebrae, [], [])));
        Assert.Contains("The audit is off", page, StringComparison.Ordinal);
        Assert.Contains("id=\"labels\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"publishedmedian\"", page, StringComparison.Ordinal);
    }

    private static XElement Body(string page) =>
        XElement.Parse(page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)]);

    internal static AuditView View(Replica replica)
    {
        AuditReport report = replica.Audit();
        Finding[] findings = [.. CohortTables.Of([.. replica.Scans.Select(scan => new ScanResult(scan,
            [.. replica.Vertebrae.Where(row => row.ScanKey == scan.ScanKey)], []))]).Tables.Findings, .. report.Findings()];
        return new AuditView(Tables(replica.Scans, replica.Vertebrae, findings, report.Rows)) { Reference = Replica.Reference, Report = report };
    }

    private static PublishedTables Tables(IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae,
        IReadOnlyList<Finding> findings, IReadOnlyList<AuditRow> audit) => new()
        {
            Scans = scans,
            Vertebrae = vertebrae,
            Findings = findings,
            Audit = audit,
            LabelStatistics = LabelStatistics.Compute(CohortFrame.Of(scans, vertebrae)),
            Pairs = [],
            Spines = [],
            DatasetStatistics = DatasetStatistics.Compute(CohortFrame.Of(scans, vertebrae)),
        };
}
