using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Quality;

public sealed class CohortTablesTests
{
    [Fact]
    public void Each_scan_and_vertebra_has_its_row_in_key_order()
    {
        PublishedTables tables = CohortTables.Of([Result("sub-b", 20, 21), Result("sub-a", 28, 19)]).Tables;
        Assert.Equal(["verse19/training/sub-a", "verse19/training/sub-b"], tables.Scans.Select(scan => scan.ScanKey));
        // T13 stands between T12 and L1
        Assert.Equal([19, 28, 20, 21], tables.Vertebrae.Select(row => row.Label));
        Assert.Empty(tables.Audit);
    }

    [Fact]
    public void Findings_that_belong_to_no_scan_are_among_the_others()
    {
        Finding other = Finding.Of(Faults.TreePartial, new(Path: "x"));
        Assert.Contains(other, CohortTables.Of([Result("sub-a", 20)], [other]).Tables.Findings);
    }

    [Fact]
    public void What_changed_since_an_earlier_snapshot_is_among_the_findings_and_changes_nothing_else()
    {
        PublishedTables before = CohortTables.Of([Result("sub-a", 20)]).Tables;
        CohortTables now = CohortTables.Of([Result("sub-a", 20), Result("sub-b", 20)]);
        PublishedTables tables = now.Since(before.Scans, before.LabelStatistics).Tables;
        Assert.Contains(tables.Findings, finding => finding.Code == Faults.DriftScans.Code && finding.ScanKey == "verse19/training/sub-b");
        Assert.Equal(now.Tables.Findings, tables.Findings.Where(finding => !finding.Code.StartsWith("DRIFT", StringComparison.Ordinal)));
        Assert.Equal(now.Tables with { Findings = [] }, tables with { Findings = [] });
    }

    [Fact]
    public void No_finding_swallows_another_and_none_stands_twice()
    {
        Finding note = Finding.Of(Faults.TreePartial, new(Path: "x")), worse = note with { Severity = Severity.Error };
        Finding other = Finding.Of(Faults.TreePartial, new(Path: "x"), observed: "2");
        Assert.Equal([worse, note, other], CohortTables.EachOnce([note, other, worse, note with { }]));
    }

    private static ScanResult Result(string scanId, params int[] labels)
    {
        ScanRow scan = CohortRows.Scan("verse19", "training", scanId, labels, digest: scanId);
        return new ScanResult(scan, [.. labels.Select(label => CohortRows.Vertebra(scan, label, 10 + label))], []);
    }
}
