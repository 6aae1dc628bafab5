using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Tables;

public sealed class CohortTallyTests
{
    [Fact]
    public void Scans_are_counted_by_status_and_failed_ones_named_with_their_first_error()
    {
        ScanRow[] scans = [Scan("verse20", "sub-a", ScanStatus.Failed), Scan("verse19", "sub-b", ScanStatus.Ok), Scan("verse19", "sub-c", ScanStatus.Ok),
            Scan("verse20", "sub-d", ScanStatus.Failed), Scan("verse20", "sub-e", ScanStatus.Warning)];
        CohortTally tally = CohortTally.Of(Tables(scans, [Of(scans[0], Faults.MskTiny, Severity.Warning), Of(scans[0], Faults.MskGap, Severity.Error),
            Of(scans[0], Faults.MskTiny, Severity.Error), Of(scans[4], Faults.MskGap, Severity.Error)]));
        Assert.Equal((5, 2, 1, 2, 0), (tally.Scans, tally.Count(ScanStatus.Ok), tally.Count(ScanStatus.Warning), tally.Count(ScanStatus.Failed),
            tally.Count(ScanStatus.Excluded)));
        Assert.Equal(["verse19", "verse20"], tally.Datasets);
        Assert.Equal([(scans[0].ScanKey, Faults.MskGap.Code), (scans[3].ScanKey, "")], tally.Failed);
    }

    [Fact]
    public void Findings_are_counted_by_code_and_severity_and_pieces_add_up()
    {
        ScanRow scan = Scan("verse19", "sub-a", ScanStatus.Ok);
        CohortTally tally = new();
        tally.Add(Tables([scan], [Of(scan, Faults.MskTiny, Severity.Warning), Of(scan, Faults.MskGap, Severity.Warning)]));
        tally.Add(Tables([], [Of(scan, Faults.MskTiny, Severity.Warning), Of(scan, Faults.MskTiny, Severity.Info)]));
        Assert.Equal((1, 4, 3, 1, 0),
            (tally.Scans, tally.Findings, tally.Count(Severity.Warning), tally.Count(Severity.Info), tally.Count(Severity.Error)));
        Assert.Equal([(Faults.MskTiny.Code, Severity.Warning, 2), (Faults.MskGap.Code, Severity.Warning, 1), (Faults.MskTiny.Code, Severity.Info, 1)],
            tally.Groups.Select(group => (group.Code, group.Severity, group.Count)));
    }

    [Fact]
    public void A_thousand_failed_scans_and_fifty_findings_of_a_kind_are_kept()
    {
        ScanRow[] scans = [.. Enumerable.Range(0, 1001).Select(at => Scan("verse19", $"sub-{at:0000}", ScanStatus.Failed))];
        CohortTally tally = CohortTally.Of(Tables(scans, [.. scans.Select(scan => Of(scan, Faults.MskTiny, Severity.Error))]));
        Assert.Equal(scans.Take(1000).Select(scan => (scan.ScanKey, Faults.MskTiny.Code)), tally.Failed);
        FindingGroup group = Assert.Single(tally.Groups);
        Assert.Equal((1001, 1001), (group.Count, tally.Count(ScanStatus.Failed)));
        Assert.Equal(scans.Take(50).Select(scan => scan.ScanKey), group.First.Select(finding => finding.ScanKey));
    }

    [Theory]
    [InlineData(ScanStatus.Ok)]
    [InlineData(ScanStatus.Ok, Severity.Info)]
    [InlineData(ScanStatus.Warning, Severity.Info, Severity.Warning)]
    [InlineData(ScanStatus.Warning, Severity.Error)]
    public void A_scan_is_as_good_as_the_severest_finding_lets_it_be(string status, params Severity[] severities) =>
        Assert.Equal(status, ScanStatus.Of(severities.Select(severity => Of(Scan("verse19", "sub-a", ScanStatus.Ok), Faults.MskTiny, severity))));

    private static ScanRow Scan(string dataset, string scanId, string status) => CohortRows.Scan(dataset, "test", scanId, [], status: status);

    private static Finding Of(ScanRow scan, Fault fault, Severity severity) =>
        Finding.Of(fault, new(new ScanKey(scan.Dataset, scan.Split, scan.ScanId)), severity: severity);

    private static PublishedTables Tables(ScanRow[] scans, Finding[] findings) => CohortTables.Of([]).Tables with { Scans = scans, Findings = findings };
}
