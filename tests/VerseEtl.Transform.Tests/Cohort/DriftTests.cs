using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class DriftTests
{
    [Fact]
    public void The_same_snapshot_twice_has_no_drift()
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = CohortRows.Random(1, 50);
        IReadOnlyList<LabelStatisticRow> statistics = LabelStatistics.Compute(CohortFrame.Of(scans, vertebrae));
        Drift drift = Drift.Between(scans, statistics, scans, LabelStatistics.Compute(CohortFrame.Of(scans, vertebrae)));
        Assert.True(drift.IsNone);
        Assert.Empty(drift.Findings());
    }

    [Fact]
    public void Scans_added_removed_and_changed_are_named_and_moved_statistics_with_both_values()
    {
        ScanRow kept = CohortRows.Scan("verse19", "test", "sub-kept", [20]);
        ScanRow removed = CohortRows.Scan("verse19", "test", "sub-removed", [20]);
        ScanRow added = CohortRows.Scan("verse19", "test", "sub-added", [20]);
        ScanRow changed = kept with { MaskContentSha256 = "new", CtSha256 = "new" };
        VertebraRow[] before = [CohortRows.Vertebra(kept, 20, 40), CohortRows.Vertebra(removed, 20, 50)];
        VertebraRow[] after = [CohortRows.Vertebra(kept, 20, 44), CohortRows.Vertebra(added, 20, 50)];
        Drift drift = Drift.Between(
            [kept, removed], LabelStatistics.Compute(CohortFrame.Of([kept, removed], before)),
            [changed, added], LabelStatistics.Compute(CohortFrame.Of([changed, added], after)));
        Assert.Equal([added.ScanKey], drift.Added);
        Assert.Equal([removed.ScanKey], drift.Removed);
        ChangedScan told = Assert.Single(drift.Changed);
        Assert.Equal((kept.ScanKey, "mask_content_sha256, ct_sha256"), (told.ScanKey, string.Join(", ", told.Columns)));
        Assert.Equal(4, drift.Moved.Count);
        Finding[] moved = [.. drift.Findings().Where(finding => finding.Code == "DRIFT_STATISTIC")];
        Assert.Equal(["all/all L1", "verse19/all L1"], moved.Select(finding => finding.Field));
        Assert.Equal(("2 cases, median 47.00 cm3", "2 cases, median 45.00 cm3"), (moved[0].Observed, moved[0].Expected));
        Assert.All(drift.Findings(), finding => Assert.Equal(Severity.Info, finding.Severity));
    }

    [Fact]
    public void Scans_are_told_by_key_and_changes_with_all_their_columns()
    {
        ScanRow[] scans = [.. new[] { "sub-d", "sub-c", "sub-b", "sub-a" }.Select(name => CohortRows.Scan("verse19", "test", name, [20]))];
        ScanRow changed = CohortRows.Scan("verse19", "test", "sub-e", [20]);
        ScanRow other = changed with { MaskContentSha256 = "1", MaskSha256 = "2", CtSha256 = "3", CentroidSha256 = "4", Status = ScanStatus.Warning };
        Drift drift = Drift.Between([scans[0], scans[1], changed], [], [other, scans[2], scans[3]], []);
        Assert.Equal([scans[1].ScanKey, scans[0].ScanKey], drift.Removed);
        Assert.Equal([scans[3].ScanKey, scans[2].ScanKey], drift.Added);
        Assert.Equal(
            [("sub-a", "added", null), ("sub-b", "added", null), ("sub-c", "removed", null), ("sub-d", "removed", null),
                ("sub-e", "changed", "mask_content_sha256, mask_sha256, ct_sha256, centroid_sha256, status")],
            drift.Findings().Select(finding => (finding.ScanId, finding.Field, finding.Observed)));
    }
}
