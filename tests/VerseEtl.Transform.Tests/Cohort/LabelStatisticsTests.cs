using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class LabelStatisticsTests
{
    [Fact]
    public void The_cells_of_both_editions_and_of_all_exist_without_any_scan()
    {
        IReadOnlyList<LabelStatisticRow> rows = LabelStatistics.Compute(CohortFrame.Of([], []));
        Assert.Equal(3 * 4 * 28, rows.Count);
        Assert.All(rows, row => Assert.Equal((0, 0), (row.Cases, row.ScanCount)));
        Assert.All(rows, row => Assert.Null(row.Percentage));
        Assert.All(rows, row => Assert.Null(row.VolumeCm3Mean));
        Assert.Equal(["all", "verse19", "verse20"], rows.Select(row => row.Dataset).Distinct());
        Assert.Equal(["all", "test", "training", "validation"], rows.Select(row => row.Split).Distinct());
        Assert.Equal(["T12", "T13", "L1"], rows.Take(28).Select(row => row.Vertebra).Skip(18).Take(3));
    }

    [Fact]
    public void A_label_in_two_of_three_readable_scans_has_two_cases_and_two_thirds()
    {
        ScanRow[] scans =
        [
            CohortRows.Scan("verse19", "training", "sub-a", [20]),
            CohortRows.Scan("verse19", "training", "sub-b", [20, 21]),
            CohortRows.Scan("verse19", "training", "sub-c", []),
            CohortRows.Scan("verse19", "training", "sub-d", [], status: ScanStatus.Failed),
        ];
        VertebraRow[] vertebrae = [CohortRows.Vertebra(scans[0], 20, 40), CohortRows.Vertebra(scans[1], 20, 50), CohortRows.Vertebra(scans[1], 21, 60)];
        IReadOnlyList<LabelStatisticRow> rows = LabelStatistics.Compute(CohortFrame.Of(scans, vertebrae));
        LabelStatisticRow l1 = Cell(rows, "verse19", "training", 20);
        Assert.Equal((2, 3), (l1.Cases, l1.ScanCount));
        Assert.Equal(200.0 / 3, l1.Percentage);
        Assert.Equal((40, 45, 50, 45), (l1.VolumeCm3Min, l1.VolumeCm3Median, l1.VolumeCm3Max, l1.VolumeCm3Mean));
        Assert.Equal(Math.Sqrt(50), l1.VolumeCm3Std);
        LabelStatisticRow l2 = Cell(rows, "verse19", "training", 21);
        Assert.Equal((1, (double?)null), (l2.Cases, l2.VolumeCm3Std));
    }

    [Fact]
    public void A_mask_that_lies_in_two_editions_counts_once_in_each_and_once_in_all()
    {
        ScanRow[] scans =
        [
            CohortRows.Scan("verse20", "test", "sub-a", [20], "same"),
            CohortRows.Scan("verse19", "training", "sub-a", [20], "same"),
            CohortRows.Scan("model", "test", "sub-a", [20], "same"),
        ];
        VertebraRow[] vertebrae = [.. scans.Select(scan => CohortRows.Vertebra(scan, 20, 50))];
        IReadOnlyList<LabelStatisticRow> rows = LabelStatistics.Compute(CohortFrame.Of(scans, vertebrae));
        Assert.Equal(1, Cell(rows, "verse19", "all", 20).Cases);
        Assert.Equal(1, Cell(rows, "verse20", "test", 20).Cases);
        Assert.Equal(1, Cell(rows, "all", "training", 20).Cases);
        Assert.Equal(1, Cell(rows, "all", "test", 20).Cases);
        Assert.Equal((1, 1), (Cell(rows, "all", "all", 20).Cases, Cell(rows, "all", "all", 20).ScanCount));
        Assert.Equal(1, Cell(rows, "model", "all", 20).Cases);
    }

    [Fact]
    public void Masks_without_any_label_are_never_the_same_scan()
    {
        ScanRow[] scans = [CohortRows.Scan("verse19", "test", "sub-a", []), CohortRows.Scan("verse19", "test", "sub-b", [])];
        Assert.Equal(2, Cell(LabelStatistics.Compute(CohortFrame.Of(scans, [])), "verse19", "all", 1).ScanCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_frame_plain_loops_and_DuckDB_agree(int seed)
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = CohortRows.Random(seed, 120);
        IReadOnlyList<LabelStatisticRow> rows = LabelStatistics.Compute(CohortFrame.Of(scans, vertebrae));
        Assert.Equal(PlainLabelStatistics.Compute(scans, vertebrae), rows);

        using DuckDbCohort database = new(scans, vertebrae);
        Dictionary<(string, string, int), LabelStatisticRow> sql = database.LabelStatistics();
        Assert.Equal(rows.Count, sql.Count);
        foreach (LabelStatisticRow row in rows)
        {
            LabelStatisticRow other = sql[(row.Dataset, row.Split, row.Label)];
            Assert.Equal((other.Cases, other.ScanCount), (row.Cases, row.ScanCount));
            Near(other.Percentage, row.Percentage);
            Near(other.VolumeCm3Min, row.VolumeCm3Min);
            Near(other.VolumeCm3Median, row.VolumeCm3Median);
            Near(other.VolumeCm3Max, row.VolumeCm3Max);
            Near(other.VolumeCm3Mean, row.VolumeCm3Mean);
            Near(other.VolumeCm3Std, row.VolumeCm3Std);
        }
    }

    [Fact]
    public void The_order_in_which_rows_arrive_changes_no_bit()
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = CohortRows.Random(4, 200);
        IReadOnlyList<LabelStatisticRow> expected = LabelStatistics.Compute(CohortFrame.Of(scans, vertebrae));
        Random random = new(5);
        CohortFrame shuffled = CohortFrame.Of([.. scans.OrderBy(_ => random.Next())], [.. vertebrae.OrderBy(_ => random.Next())]);
        Assert.Equal(expected, LabelStatistics.Compute(shuffled));
    }

    internal static void Near(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is double value) Assert.Equal(value, actual!.Value, 1e-9 * Math.Max(1, Math.Abs(value)));
    }

    private static LabelStatisticRow Cell(IReadOnlyList<LabelStatisticRow> rows, string dataset, string split, int label) =>
        rows.Single(row => row.Dataset == dataset && row.Split == split && row.Label == label);
}

/// <summary>The same definition with loops and nothing clever, as an oracle.</summary>
internal static class PlainLabelStatistics
{
    public static List<LabelStatisticRow> Compute(List<ScanRow> scans, List<VertebraRow> vertebrae)
    {
        List<LabelStatisticRow> rows = [];
        SortedSet<string> datasets = new(StringComparer.Ordinal) { "verse19", "verse20", "all" };
        foreach (ScanRow scan in scans) datasets.Add(scan.Dataset);
        foreach (string dataset in datasets)
        {
            foreach (string split in new[] { "all", "test", "training", "validation" })
            {
                for (int order = 1; order <= 28; order++)
                {
                    int label = VertebraLabel.Anatomical[order - 1];
                    HashSet<string> seen = [];
                    List<double> volumes = [];
                    int readable = 0;
                    foreach (ScanRow scan in scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal))
                    {
                        bool inDataset = dataset == "all" ? scan.Dataset is "verse19" or "verse20" : scan.Dataset == dataset;
                        bool inSplit = split == "all" || scan.Split == split;
                        if (!inDataset || !inSplit || scan.Status == "failed") continue;
                        bool labelled = scan.Labels!.Count > 0;
                        if (labelled && !seen.Add(scan.MaskContentSha256!)) continue;
                        readable++;
                        foreach (VertebraRow vertebra in vertebrae)
                        {
                            if (vertebra.ScanKey == scan.ScanKey && vertebra.Label == label) volumes.Add(vertebra.VolumeCm3);
                        }
                    }
                    volumes.Sort();
                    int n = volumes.Count;
                    double sum = 0;
                    foreach (double volume in volumes) sum += volume;
                    double mean = sum / n;
                    double squares = 0;
                    foreach (double volume in volumes) squares += (volume - mean) * (volume - mean);
                    rows.Add(new LabelStatisticRow
                    {
                        Dataset = dataset,
                        Split = split,
                        Label = label,
                        Vertebra = VertebraLabel.Name(label),
                        Region = VertebraLabel.Region(label),
                        AnatomicalOrder = order,
                        Cases = n,
                        ScanCount = readable,
                        Percentage = readable == 0 ? null : 100.0 * n / readable,
                        VolumeCm3Min = n == 0 ? null : volumes[0],
                        VolumeCm3Median = n == 0 ? null : (volumes[(n - 1) / 2] + volumes[n / 2]) / 2,
                        VolumeCm3Max = n == 0 ? null : volumes[n - 1],
                        VolumeCm3Mean = n == 0 ? null : mean,
                        VolumeCm3Std = n < 2 ? null : Math.Sqrt(squares / (n - 1)),
                    });
                }
            }
        }
        return rows;
    }
}
