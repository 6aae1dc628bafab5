using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class AuditTests
{
    [Fact]
    public void A_whole_copy_differs_nowhere_and_shows_where_the_reference_contradicts_itself()
    {
        AuditReport report = Replica.Whole().Audit();
        Assert.Empty(Named(report, Verdict.Differs));
        Assert.Empty(Named(report, Verdict.IncompleteCopy));
        Assert.Equal(
            [
                "dataset_statistics all/all vertebrae value",
                "dataset_statistics all/all vertebrae_cervical value",
                "dataset_statistics all/all vertebrae_lumbar value",
                "dataset_statistics all/all vertebrae_thoracic value",
                "label_statistics all/all C7 percentage",
            ],
            Named(report, Verdict.ReferenceContradictsItself).Where(name => !name.StartsWith("reference", StringComparison.Ordinal)));
        Assert.Equal(10, Named(report, Verdict.NotComparable).Count);
        Assert.All(Named(report, Verdict.NotComparable), name => Assert.Contains(" verse20/", name, StringComparison.Ordinal));
        Assert.Equal((0, 0), (report.Inventory.MissingCount, report.Inventory.UnexpectedCount));
        Assert.Equal((2 * 28) + (3 * 26), report.Rows.Count(row => row.Table == "label_statistics"));
    }

    [Fact]
    public void A_lost_vertebra_is_named_in_every_cell_that_counts_it_and_nowhere_else()
    {
        Replica replica = Replica.Whole();
        VertebraRow lost = replica.Vertebrae.Find(vertebra => vertebra.Vertebra == "T9" && vertebra.Dataset == "verse19" && vertebra.VolumeCm3 == 34.85)!;
        replica.Vertebrae.Remove(lost);
        Assert.Equal(
            [
                "dataset_statistics all/all vertebrae value",
                "dataset_statistics verse19/all vertebrae value",
                "dataset_statistics verse19/all vertebrae_thoracic value",
                "label_statistics all/all T9 cases",
                "label_statistics all/all T9 percentage",
            ],
            Named(replica.Audit(), Verdict.Differs));
    }

    [Fact]
    public void Findings_are_the_cells_that_differ_and_the_contradictions_by_key()
    {
        Replica replica = Replica.Whole();
        replica.ChangeVolumes(row => row.Vertebra == "T9" && row.VolumeCm3 == 34.85, 36);
        replica.Vertebrae.RemoveAll(vertebra => vertebra.Vertebra == "L6");
        AuditReport report = replica.Audit();
        IReadOnlyList<Finding> findings = report.Findings();
        Assert.Equal(
            [.. report.Differences.Select(row => $"{row.Table} {row.Dataset}/{row.Split} {row.Item} {row.Field}").Order(StringComparer.Ordinal)],
            findings.Where(finding => finding.Code == Faults.AudDiffers.Code).Select(finding => finding.Field!).Order(StringComparer.Ordinal));
        Finding median = findings.Single(finding => finding.Field == "label_statistics all/all T9 volume_cm3_median");
        Assert.Equal(("36", "34.85", "all", "all"), (median.Observed, median.Expected, median.Dataset, median.Split));
        Assert.Equal("nothing", findings.Single(finding => finding.Field == "label_statistics all/all L6 volume_cm3_median").Observed);
        Assert.Equal(12, findings.Count(finding => finding.Code == Faults.AudReference.Code));
        Assert.Equal(findings.Order(Comparer<Finding>.Create(Finding.CompareByKey)), findings);
        Assert.Equal(report.Differences.Count(), report.Tally.Single(tally => tally.Verdict == Verdict.Differs).Count);
        Assert.All(report.Differences, row => Assert.Contains(row, report.Evidence.Keys));
        Assert.DoesNotContain(report.Evidence.Keys, row => row.Verdict is Verdict.Match or Verdict.NotComparable);
    }

    [Theory]
    [InlineData("T5", 13.71, 10.0, "volume_cm3_min")]
    [InlineData("L4", 108.07, 120.0, "volume_cm3_max")]
    [InlineData("T9", 34.85, 36.0, "volume_cm3_median")]
    [InlineData("C6", 17.5, 17.6, "volume_cm3_median")]
    [InlineData("T13", 57.06, 57.07, "volume_cm3_median")]
    public void A_broken_volume_is_named_alone(string vertebra, double published, double broken, string field)
    {
        Replica replica = Replica.Whole();
        replica.ChangeVolumes(row => row.Vertebra == vertebra && row.VolumeCm3 == published, broken);
        AuditReport report = replica.Audit();
        AuditRow row = report.Rows.Single(row => row.Item == vertebra && row.Field == field);
        Assert.Equal([$"label_statistics all/all {vertebra} {field}"], Named(report, Verdict.Differs));
        Assert.Equal(broken - published, row.Difference!.Value, 1e-9);
        if (field != "volume_cm3_median") Assert.Contains(report.Evidence[row].Extreme!, row.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_volume_within_half_a_unit_of_the_last_published_digit_matches()
    {
        Replica replica = Replica.Whole();
        replica.ChangeVolumes(row => row.Vertebra == "L4" && row.VolumeCm3 == 108.07, 108.075);
        Assert.Empty(Named(replica.Audit(), Verdict.Differs));
        replica.ChangeVolumes(row => row.Vertebra == "L4" && row.VolumeCm3 == 108.075, 108.0751);
        Assert.Single(Named(replica.Audit(), Verdict.Differs));
    }

    [Fact]
    public void C6_as_other_levels_suggest_is_a_contradiction_of_the_reference()
    {
        Replica replica = Replica.Whole();
        replica.ChangeVolumes(row => row.Vertebra == "C6" && row.VolumeCm3 == 17.5, 15.7);
        AuditRow row = replica.Audit().Rows.Single(row => row is { Item: "C6", Field: "volume_cm3_median" });
        Assert.Equal(Verdict.ReferenceContradictsItself, row.Verdict);
        Assert.Contains("E8", row.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void C7_with_129_cases_is_what_the_percentage_says()
    {
        Replica replica = Replica.Whole();
        ScanRow extra = replica.Scans.Find(scan => !scan.Labels!.Contains(7))!;
        replica.Vertebrae.Add(CohortRows.Vertebra(extra, 7, 17.34));
        AuditReport report = replica.Audit();
        Assert.Equal(Verdict.ReferenceContradictsItself, report.Rows.Single(row => row is { Item: "C7", Field: "cases" }).Verdict);
        Assert.Equal(Verdict.Match, report.Rows.Single(row => row is { Item: "C7", Field: "percentage" }).Verdict);
    }

    [Fact]
    public void A_wrong_spacing_is_named_whatever_the_order_of_the_axes()
    {
        Replica replica = Replica.Whole();
        replica.ChangeScan(replica.Scans[1].ScanKey, scan => scan with { SpacingKMm = 6 });
        AuditReport report = replica.Audit();
        Assert.Equal(["dataset_statistics all/all spacing_any_axis_mm_max value"], Named(report, Verdict.Differs));
        Assert.Contains("dataset_statistics all/all spacing_k_mm_max value", Named(report, Verdict.NotComparable));
    }

    [Fact]
    public void A_scan_in_the_wrong_folder_is_not_called_missing_but_told_from_where()
    {
        Replica replica = Replica.Whole();
        replica.ChangeScan("verse19/training/sub-verse004", scan => scan with { ScanKey = "verse19/test/sub-verse004", Split = "test" });
        AuditReport report = replica.Audit();
        Assert.Equal((0, 1, 1), (report.Inventory.MissingCount, report.Inventory.ElsewhereCount, report.Inventory.UnexpectedCount));
        Finding moved = Assert.Single(report.Findings(), finding => finding.Code is "AUD_SCAN_MISSING" or "AUD_SCAN_ELSEWHERE");
        Assert.Equal(("AUD_SCAN_ELSEWHERE", "verse19/training/sub-verse004", "verse19/test/sub-verse004"), (moved.Code, moved.ScanKey, moved.Observed));
        Assert.Contains("dataset_statistics verse19/test scans value", Named(report, Verdict.Differs));
        Assert.DoesNotContain("dataset_statistics verse19/training scans value", Named(report, Verdict.Differs));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(200)]
    [InlineData(370)]
    public void A_partial_copy_of_right_scans_never_differs(int missing)
    {
        Random random = new(missing);
        for (int turn = 0; turn < 3; turn++)
        {
            Replica replica = Replica.Whole();
            HashSet<string> gone = [.. replica.Scans.OrderBy(_ => random.Next()).Take(missing).Select(scan => scan.ScanKey)];
            replica.Remove(scan => gone.Contains(scan.ScanKey));
            AuditReport report = replica.Audit();
            Assert.Empty(Named(report, Verdict.Differs));
            Assert.Equal(gone.Order(StringComparer.Ordinal),
                report.Findings().Where(finding => finding.Code == "AUD_SCAN_MISSING").Select(finding => finding.ScanKey!));
        }
    }

    [Fact]
    public void Masks_that_cannot_be_read_excuse_as_much_as_missing_ones_but_are_in_the_inventory()
    {
        Replica replica = Replica.Whole();
        HashSet<string> broken = [.. replica.Scans.Take(20).Select(scan => scan.ScanKey)];
        replica.Vertebrae.RemoveAll(vertebra => broken.Contains(vertebra.ScanKey));
        foreach (string key in broken)
            replica.ChangeScan(key, scan => CohortRows.Scan(scan.Dataset, scan.Split, scan.ScanId, [], status: ScanStatus.Failed));
        AuditReport report = replica.Audit();
        Assert.Empty(Named(report, Verdict.Differs));
        Assert.Equal(0, report.Inventory.MissingCount);
        Assert.Equal(Verdict.Match, report.Rows.Single(row => row is { Table: "dataset_statistics", Dataset: "all", Split: "all", Item: "scans" }).Verdict);
    }

    [Fact]
    public void What_three_missing_scans_cannot_explain_still_differs()
    {
        Replica replica = Replica.Whole();
        string[] holders = [.. replica.Vertebrae.Where(vertebra => vertebra.Vertebra == "T1").Select(vertebra => vertebra.ScanKey)];
        replica.Remove(scan => holders.Take(3).Contains(scan.ScanKey));
        replica.Vertebrae.RemoveAll(vertebra => vertebra.Label == 8 && holders.Skip(3).Take(5).Contains(vertebra.ScanKey));
        replica.ChangeVolumes(row => row.Vertebra == "L5" && row.VolumeCm3 == 63.76, 70);
        replica.ChangeVolumes(row => row.ScanKey == holders[9] && row.Vertebra == "T1", 99);
        Assert.Equal(
            [
                "label_statistics all/all L5 volume_cm3_median",
                "label_statistics all/all T1 cases",
                "label_statistics all/all T1 percentage",
                "label_statistics all/all T1 volume_cm3_max",
            ],
            Named(replica.Audit(), Verdict.Differs));
    }

    [Fact]
    public void A_tree_without_any_published_name_gets_one_line()
    {
        CohortTables tables = CohortTables.Of([new(CohortRows.Scan("verse19", "test", "sub-clinic1", [20]), [], [])], reference: Replica.Reference);
        AuditReport report = Transform.Cohort.Audit.Compare(Replica.Reference, tables.Tables);
        Assert.Contains(tables.Tables.Findings, finding => finding.Code == Faults.AudNotVerse.Code);
        Assert.Equal("AUD_NOT_VERSE", Assert.Single(report.Findings()).Code);
        Assert.Empty(report.Rows);
    }

    [Fact]
    public void Scans_of_another_dataset_are_no_business_of_the_inventory()
    {
        Replica replica = Replica.Whole();
        replica.Scans.Add(CohortRows.Scan("model", "test", "sub-verse004", [20]));
        Assert.Equal(0, replica.Audit().Inventory.UnexpectedCount);
    }

    [Fact]
    public void Volumes_made_with_a_wrong_spacing_point_at_our_measurement()
    {
        Replica replica = Replica.Whole();
        for (int at = 0; at < replica.Vertebrae.Count; at++)
            replica.Vertebrae[at] = replica.Vertebrae[at] with { VolumeCm3 = replica.Vertebrae[at].VolumeCm3 * 1.1 };
        AuditReport report = replica.Audit();
        Assert.Contains("our measurement", report.Rows.Single(row => row is { Item: "L1", Field: "volume_cm3_max" }).Note, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scan_that_nobody_published_is_blamed_only_for_what_it_can_have_done()
    {
        Replica replica = Replica.Whole();
        ScanRow stranger = CohortRows.Scan("verse19", "test", "sub-stranger", [20]);
        replica.Scans.Add(stranger);
        replica.Vertebrae.Add(CohortRows.Vertebra(stranger, 20, 90));
        replica.ChangeVolumes(row => row.Vertebra == "L4" && row.VolumeCm3 == 108.07, 120);
        AuditReport report = replica.Audit();
        string Note(string item, string field) => report.Rows.Single(row => row.Item == item && row.Field == field).Note!;
        Assert.Contains("sub-stranger", Note("L1", "cases"), StringComparison.Ordinal);
        Assert.Contains("sub-stranger", Note("L1", "volume_cm3_max"), StringComparison.Ordinal);
        Assert.DoesNotContain("sub-stranger", Note("L4", "volume_cm3_max"), StringComparison.Ordinal);
        Assert.Contains("cm3 beyond the published range", Note("L4", "volume_cm3_max"), StringComparison.Ordinal);
    }

    private static List<string> Named(AuditReport report, string verdict) =>
        [.. report.Rows.Where(row => row.Verdict == verdict).Select(row => $"{row.Table} {row.Dataset}/{row.Split} {row.Item} {row.Field}")];
}
