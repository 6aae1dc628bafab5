using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class DatasetStatisticsTests
{
    [Fact]
    public void A_cell_without_scans_counts_zero_and_measures_nothing()
    {
        IReadOnlyList<DatasetStatisticRow> rows = DatasetStatistics.Compute(CohortFrame.Of([], []));
        Assert.Equal(3 * 4 * (6 + (12 * 3)), rows.Count);
        Assert.Equal(0, Value(rows, "verse20", "test", "scans"));
        Assert.Null(Value(rows, "verse20", "test", "shape_lr_median"));
    }

    [Fact]
    public void Sizes_follow_the_anatomical_axis_and_the_stored_axis()
    {
        ScanRow pir = CohortRows.Scan("verse19", "test", "sub-a", [20]);
        IReadOnlyList<DatasetStatisticRow> rows = DatasetStatistics.Compute(CohortFrame.Of([pir], []));
        Assert.Equal(50, Value(rows, "verse19", "test", "shape_lr_max"));
        Assert.Equal(100, Value(rows, "verse19", "test", "shape_ap_min"));
        Assert.Equal(300, Value(rows, "verse19", "test", "shape_si_median"));
        Assert.Equal(100, Value(rows, "verse19", "all", "shape_i_max"));
        Assert.Equal(0.5, Value(rows, "all", "all", "spacing_si_mm_min"));
    }

    [Fact]
    public void A_scan_without_a_readable_mask_is_a_scan_and_a_patient_but_has_no_geometry()
    {
        ScanRow failed = CohortRows.Scan("verse19", "test", "sub-a", [], status: ScanStatus.Failed);
        IReadOnlyList<DatasetStatisticRow> rows = DatasetStatistics.Compute(CohortFrame.Of([failed], []));
        Assert.Equal((1, 1), (Value(rows, "verse19", "test", "scans"), Value(rows, "verse19", "test", "patients")));
        Assert.Null(Value(rows, "verse19", "test", "spacing_lr_mm_min"));
    }

    [Fact]
    public void T13_is_thoracic_and_L6_is_lumbar()
    {
        ScanRow scan = CohortRows.Scan("verse19", "test", "sub-a", [7, 19, 28, 20, 25]);
        VertebraRow[] vertebrae = [.. scan.Labels!.Select(label => CohortRows.Vertebra(scan, label, 20))];
        IReadOnlyList<DatasetStatisticRow> rows = DatasetStatistics.Compute(CohortFrame.Of([scan], vertebrae));
        Assert.Equal(
            [5, 1, 2, 2],
            new[] { "vertebrae", "vertebrae_cervical", "vertebrae_thoracic", "vertebrae_lumbar" }.Select(metric =>
                Value(rows, "verse19", "test", metric)!.Value));
    }

    [Fact]
    public void DuckDB_agrees()
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = CohortRows.Random(7, 150);
        IReadOnlyList<DatasetStatisticRow> rows = DatasetStatistics.Compute(CohortFrame.Of(scans, vertebrae));
        using DuckDbCohort database = new(scans, vertebrae);
        var sql = database.DatasetStatistics();
        Assert.Equal(rows.Count / 42, sql.Count);
        foreach (((string dataset, string split), var other) in sql)
        {
            Assert.Equal(other.Patients, Value(rows, dataset, split, "patients"));
            Assert.Equal(other.Scans, Value(rows, dataset, split, "scans"));
            Assert.Equal(other.Vertebrae, Value(rows, dataset, split, "vertebrae"));
            Assert.Equal(other.Lumbar, Value(rows, dataset, split, "vertebrae_lumbar"));
            LabelStatisticsTests.Near(other.SpacingMedian, Value(rows, dataset, split, "spacing_lr_mm_median"));
        }
    }

    private static double? Value(IReadOnlyList<DatasetStatisticRow> rows, string dataset, string split, string metric) =>
        rows.Single(row => row.Dataset == dataset && row.Split == split && row.Metric == metric).Value;
}
