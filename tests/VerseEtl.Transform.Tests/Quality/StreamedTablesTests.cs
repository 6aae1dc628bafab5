using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Quality;

public sealed class StreamedTablesTests
{
    [Fact]
    public void What_changed_since_the_previous_snapshot_is_found_while_the_results_go_by()
    {
        ScanResult[] before = [Result("sub-a", 40), Result("sub-b", 50), Result("sub-c", 60)];
        ScanResult[] now = [Result("sub-a", 40), Result("sub-b", 45), Result("sub-d", 60)];
        using StreamedTables earlier = new(before, new CohortInput());
        using StreamedTables streamed = new(now, new CohortInput { Previous = (before.Select(result => result.Scan), earlier.Small.LabelStatistics) });
        Assert.Equal(["verse19/training/sub-d"], streamed.Drift!.Added);
        Assert.Equal(["verse19/training/sub-c"], streamed.Drift.Removed);
        Assert.NotEmpty(streamed.Drift.Moved);
        Assert.Contains("gone: verse19/training/sub-c", Assert.Single(streamed.Gate.Objections(0, new PublishThresholds())), StringComparison.Ordinal);
        Finding[] findings = [.. streamed.Findings()];
        Assert.Equal(["verse19/training/sub-c removed", "verse19/training/sub-d added"],
            findings.Where(finding => finding.Code == Faults.DriftScans.Code).Select(finding => $"{finding.ScanKey} {finding.Field}"));
        Assert.Contains(findings, finding => finding.Code == Faults.DriftStatistic.Code);
        Assert.Null(earlier.Drift);
    }

    [Fact]
    public void Each_result_is_shown_and_counted_and_keeps_its_own_findings()
    {
        Finding own = Finding.Of(Faults.TreePartial, new(new ScanKey("verse19", "training", "sub-b"), "x"));
        Finding other = Finding.Of(Faults.TreePartial, new(Path: "y"));
        ScanResult[] results = [Result("sub-a", 40), Result("sub-b", 50) with { Findings = [own] }, Result("sub-c", 60, digest: "sub-a")];
        List<string> shown = [];
        using StreamedTables streamed = new(results, new CohortInput { Others = [other], Each = result => shown.Add(result.Scan.ScanId) });
        Assert.Equal(["sub-a", "sub-b", "sub-c"], shown);
        Assert.Equal((3, 3, 3), (streamed.Tally.Scans, streamed.Tally.Vertebrae, streamed.Tally.Spines));
        Finding[] findings = [.. streamed.Findings()];
        Assert.Equal(streamed.Tally.Findings, findings.Length);
        Assert.Contains(own, findings);
        Assert.Contains(other, findings);
        Assert.Equal([null, null, "verse19/training/sub-a"], streamed.Pieces().SelectMany(piece => piece.Scans).Select(scan => scan.DuplicateOf));
        Finding repeated = Assert.Single(findings, finding => finding.Code == Faults.TreeDupContent.Code);
        Assert.Equal(("verse19/training/sub-c", "verse19/training/sub-a"), (repeated.ScanKey, repeated.Observed));
        Assert.Equal(3, findings.Count(finding => finding is { Code: "SPN_LEVELS", Field: "curve_length_mm" }));
    }

    [Fact]
    public void A_reference_gives_an_audit_and_names_what_it_does_not_hold()
    {
        Reference reference = Reference.Parse(new Dictionary<string, string>
        {
            ["scans.json"] = """{"folders":[{"folder":"ours","dataset":"verse19","split":"training","scans":["sub-a"]}]}""",
            ["figures.json"] = """{"figures":[{"dataset":"verse19","split":"training","metric":"scans","value":2}]}""",
        });
        using StreamedTables streamed = new([Result("sub-a", 40), Result("sub-b", 50)], new CohortInput { Reference = reference });
        Assert.Contains(streamed.Small.Audit, row => row is { Item: "scans", Published: 2, Recomputed: 2 });
        Assert.Equal("verse19/training/sub-b", Assert.Single(streamed.Findings(), finding => finding.Code == Faults.AudScanUnexpected.Code).ScanKey);
    }

    private static ScanResult Result(string scanId, double volumeCm3, string? digest = null)
    {
        ScanRow scan = CohortRows.Scan("verse19", "training", scanId, [20], digest: digest ?? scanId);
        return new ScanResult(scan, [CohortRows.Vertebra(scan, 20, volumeCm3)], []);
    }
}
