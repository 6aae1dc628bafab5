using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Sample;

public sealed class SampleContentTests(WholeSample sample)
{
    /// <summary>Smallest and largest volume (cm3) of VerSe's published label table, by label.</summary>
    private static readonly Dictionary<int, (double Min, double Max)> Published = new()
    {
        [1] = (7.82, 25), [2] = (11.73, 28.23), [3] = (8.26, 20.66), [4] = (7.57, 19.69), [5] = (8.01, 19.61), [6] = (8.59, 22.2),
        [7] = (10.19, 26.97), [8] = (12.15, 35.99), [9] = (13.23, 36.18), [10] = (7.37, 35.57), [11] = (12.75, 39.59), [12] = (13.71, 39.86),
        [13] = (15.04, 43.19), [14] = (17.03, 46.05), [15] = (17.72, 49.81), [16] = (19.04, 59.08), [17] = (13.79, 61.32), [18] = (22.54, 66.97),
        [19] = (23.19, 74.24), [20] = (28.54, 82.81), [21] = (30.93, 87.59), [22] = (27.32, 99.59), [23] = (37.8, 108.07), [24] = (38, 106.12),
        [25] = (47.52, 101.18), [28] = (31.41, 66.24),
    };

    [Fact]
    public void The_dataset_stays_below_its_size_limit()
    {
        long bytes = new DirectoryInfo(sample.Report.Directory)
            .GetFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Sum(file => file.Length);
        Assert.Equal(bytes, sample.Report.Bytes);
        Assert.InRange(bytes, 40_000_000, 150_000_000);
    }

    [Fact]
    public void Voxels_read_back_are_those_counted_while_drawing()
    {
        foreach (SampleTruth truth in sample.Report.Scans)
        {
            MaskFacts mask = sample.MaskFacts[truth.Scan.Name];
            Assert.Equal([truth.Grid.Shape.I, truth.Grid.Shape.J, truth.Grid.Shape.K], mask.Shape);
            Assert.Equal(truth.VoxelCounts.OrderBy(c => c.Key), mask.Counts.OrderBy(c => c.Key));
        }
    }

    [Fact]
    public void Rows_measured_from_the_files_agree_with_the_phantoms_and_no_finding_is_an_error()
    {
        TreeListing tree = VerseTree.Walk(sample.Report.Directory, null, new TreeOptions(), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(tree.Findings, finding => finding.Severity == Severity.Error);
        Assert.Equal(sample.Report.Scans.Select(t => t.Scan.ScanKey).Order(StringComparer.Ordinal), tree.Scans.Select(scan => scan.Key.Text));
        ConcurrentBag<ScanResult> measured = [];
        Parallel.ForEach(tree.Scans, files =>
        {
            ScanResult result = new ScanMeasuring().Measure(files, new ReadingLimits(), TestContext.Current.CancellationToken);
            SampleTruth truth = sample.Report.Scans.Single(t => t.Scan.ScanKey == files.Key.Text);
            Assert.DoesNotContain(result.Findings, finding => finding.Severity == Severity.Error);
            measured.Add(result);
            Assert.Equal(
                truth.VoxelCounts.OrderBy(c => VertebraLabel.AnatomicalOrder(c.Key)),
                result.Vertebrae.Select(row => KeyValuePair.Create(row.Label, row.VoxelCount)));
            foreach (VertebraRow row in result.Vertebrae)
            {
                AnnotatedPoint[] point = [.. truth.Annotated.Where(p => p.Label == row.Label)];
                Assert.Equal(point.Length > 0, row.AnnotatedI is not null);
                if (point.Length > 0)
                {
                    Vector3d read = new(row.AnnotatedI!.Value, row.AnnotatedJ!.Value, row.AnnotatedK!.Value);
                    Assert.InRange((read - point[0].Index).Length, 0, 1e-9);
                }
                Assert.Equal(truth.Scan.NoCt, row.MaskHuMean is null);
            }
        });
        TheBrokenBodyIsFound([.. measured]);
        TheAuditDiffersWhereLabelsWereExchanged([.. measured]);
    }

    private static void TheBrokenBodyIsFound(ScanResult[] measured)
    {
        VertebraRow[] rows = [.. measured.SelectMany(result => result.Vertebrae).Where(row => row.HeightLossPercent > 20)];
        VertebraRow crushed = Assert.Single(rows);
        Assert.Equal(("verse20/training/sub-gl902", "L1"), (crushed.ScanKey, crushed.Vertebra));
        Assert.InRange(crushed.TrabecularHuMean!.Value, 155, 165);
    }

    private static void TheAuditDiffersWhereLabelsWereExchanged(ScanResult[] measured)
    {
        PublishedTables tables = CohortTables.Of(measured, reference: Reference.Sample()).Tables;
        AuditRow[] unequal = [.. tables.Audit.Where(row => row.Verdict != "match")];
        AuditRow differs = Assert.Single(unequal);
        Assert.Equal(("L1", "volume_cm3_max"), (differs.Item, differs.Field));
        Assert.Contains("verse19/training/sub-verse901", differs.Note, StringComparison.Ordinal);
        Assert.Contains("the label itself is doubtful (LBL_", differs.Note, StringComparison.Ordinal);
        Finding order = Assert.Single(tables.Findings, finding => finding.Code == "LBL_ORDER");
        Assert.Equal("verse19/training/sub-verse901", order.ScanKey);
    }

    [Fact]
    public void Every_vertebra_is_as_large_as_published_ones_of_its_level()
    {
        foreach (SampleTruth truth in sample.Report.Scans)
            foreach ((int label, long voxels) in truth.VoxelCounts)
            {
                if (truth.Scan.Margin.Below < 0 && label == truth.Scan.To) continue;
                Assert.InRange(voxels * truth.Grid.VoxelVolumeMm3 / 1000, Published[label].Min, Published[label].Max);
            }
    }

    [Fact]
    public void A_phantom_of_mean_size_has_the_volume_its_level_aims_at()
    {
        foreach (VertebraLevel level in VertebraLevel.Table)
        {
            Vertebra vertebra = Vertebra.Of(level, 1, default, new(1, 0, 0), new(0, 0, 1));
            VoxelGrid grid = FieldOfView.Around([vertebra], "RAS", new(1, 1, 1), Margin.Tight, oblique: false);
            PhantomVolume volume = PhantomVolume.Draw(grid, new Spine(new(1, 100), [vertebra]), new HashSet<int> { level.Label });
            Assert.InRange(volume.Count(level.Label) / 1000.0, 0.97 * level.AimCm3, 1.03 * level.AimCm3);
        }
    }

    [Fact]
    public void Only_the_scan_that_is_cut_touches_the_border()
    {
        foreach (SampleTruth truth in sample.Report.Scans)
            Assert.Equal(truth.Scan.Margin.Below < 0, sample.MaskFacts[truth.Scan.Name].TouchesBorder);
    }

    [Fact]
    public void Annotated_points_lie_inside_their_own_vertebra()
    {
        foreach (SampleTruth truth in sample.Report.Scans)
            Assert.All(
                truth.Annotated.Zip(sample.MaskFacts[truth.Scan.Name].AtPoints).Where(pair => pair.First.Label != VertebraLabel.C1),
                pair => Assert.Equal(pair.First.Label, pair.Second));
    }

    [Fact]
    public void Centroid_files_hold_the_points_in_the_axes_they_name()
    {
        foreach (SampleTruth truth in sample.Report.Scans.Where(t => t.Annotated.Count > 0))
        {
            string text = File.ReadAllText(sample.File(truth.Scan, "derivatives", "_seg-subreg_ctd.json", "_seg-vb_ctd.json")!);
            string direction = string.Concat(Regex.Matches(text, "\"([LRPAIS])\"").Select(match => match.Groups[1].Value));
            string axes = truth.Grid.Orientation.Codes;
            Assert.Equal(truth.Scan.Centroids == CentroidForm.OtherDirection, direction != axes);
            var entries = Regex.Matches(text, "\"label\": (\\d+), \"X\": ([-0-9.]+), \"Y\": ([-0-9.]+), \"Z\": ([-0-9.]+)");
            Assert.Equal(truth.Annotated.Select(p => p.Label), entries.Select(e => int.Parse(e.Groups[1].ValueSpan, CultureInfo.InvariantCulture)));
            foreach ((AnnotatedPoint point, Match entry) in truth.Annotated.Zip(entries))
                for (int axis = 0; axis < 3; axis++)
                {
                    double written = double.Parse(entry.Groups[2 + axis].ValueSpan, CultureInfo.InvariantCulture);
                    int same = axes.IndexOf(direction[axis], StringComparison.Ordinal);
                    int stored = same >= 0 ? same : axes.IndexOf(Opposite(direction[axis]), StringComparison.Ordinal);
                    double expected = same >= 0 ? point.Index[stored] : truth.Grid.Shape[stored] - 1 - point.Index[stored];
                    Assert.Equal(expected, written, 1e-9);
                }
        }
    }

    [Theory]
    [InlineData("sub-verse903")]
    [InlineData("sub-verse910")]
    [InlineData("sub-verse952_dir-iso")]
    [InlineData("sub-verse960_dir-ax")]
    [InlineData("sub-verse902")]
    public void The_core_of_a_body_is_as_dense_as_the_person_is(string name)
    {
        SampleTruth truth = sample.Of(name);
        if (truth.Scan.NoCt)
        {
            Assert.Null(sample.File(truth.Scan, "rawdata", "_ct.nii.gz", "_ct.nii"));
            return;
        }
        NaiveVolume ct = sample.Ct(truth.Scan);
        foreach (AnnotatedPoint point in truth.Annotated)
        {
            double sum = 0;
            int n = 0;
            for (int k = -1; k <= 1; k++)
                for (int j = -3; j <= 3; j++)
                    for (int i = -1; i <= 1; i++, n++)
                        sum += ct.At(NaiveVolume.Nearest(point.Index.X) + i, NaiveVolume.Nearest(point.Index.Y) + j, NaiveVolume.Nearest(point.Index.Z) + k);
            Assert.InRange(sum / n, truth.Scan.Physique.TrabecularHu - 6, truth.Scan.Physique.TrabecularHu + 6);
        }
    }

    [Fact]
    public void The_screw_reaches_beyond_twelve_bits_on_both_sides()
    {
        SampleScan scan = SampleScans.Sound.Single(s => s.Screw);
        NaiveVolume ct = sample.Ct(scan), mask = sample.Mask(scan);
        double[] inside = [.. ct.Values.Where((_, at) => mask.Values[at] == scan.To)];
        Assert.Equal(-1290, inside.Min());
        Assert.InRange(inside.Max(), 3000, 3200);
    }

    [Fact]
    public void The_oddities_of_the_dataset_are_there()
    {
        IReadOnlyList<SampleTruth> scans = sample.Report.Scans;
        Assert.Contains(scans, t => t.VoxelCounts.ContainsKey(VertebraLabel.T13));
        Assert.Contains(scans, t => t.VoxelCounts.ContainsKey(VertebraLabel.L6));
        Assert.Contains(scans, t => t.VoxelCounts.ContainsKey(18) && t.VoxelCounts.ContainsKey(20) && !t.VoxelCounts.ContainsKey(VertebraLabel.T12));
        Assert.Contains(scans, t => t.Scan.NoCt);
        Assert.Contains(scans, t => t.Annotated.Count == 0);
        Assert.Contains(scans, t => t.VoxelCounts.Count == t.Annotated.Count + 1);
        Assert.Contains(scans, t => t.Scan.Plain);
        Assert.Superset(new HashSet<string> { "PIR", "LPS", "LAS", "PSR", "RAS" }, scans.Select(t => t.Grid.Orientation.Codes).ToHashSet());
        SampleTruth copy = scans.Single(t => t.Scan.CopyOf is not null), original = sample.Of(copy.Scan.CopyOf!);
        Assert.Equal(
            File.ReadAllBytes(sample.File(original.Scan, "derivatives", "_seg-vert_msk.nii.gz")!),
            File.ReadAllBytes(sample.File(copy.Scan, "derivatives", "_seg-vert_msk.nii.gz")!));
    }

    private static char Opposite(char code) => "LRPAIS"["LRPAIS".IndexOf(code, StringComparison.Ordinal) ^ 1];
}
