using System.Buffers.Binary;
using System.Security.Cryptography;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests;

public class SpineMeasurementTests
{
    private static readonly ScanIdentity Identity = new(new ScanKey("verse19", "training", "sub-verse900"), "verse900", "verse900");

    /// <summary>PIR, oblique, unequal spacing.</summary>
    private static readonly Affine Oblique = new(new(0.05, -0.9, 0.1), new(0.1, 0.1, -1.2), new(2.0, 0.1, 0.2), new(-30, 40, 50));

    [Fact]
    public void Random_volumes_measure_as_the_naive_oracle_says()
    {
        Random random = new(20260401);
        for (int round = 0; round < 400 * LongRuns.Factor; round++)
        {
            LabelVolume volume = LabelVolume.Random(random, [1, 7, 19, 20, 28]);
            Dictionary<int, Vector3d> annotated = Annotations(random, volume);
            long[] ct = [.. volume.Voxels.Select(_ => (long)random.Next(-1500, 3000))];
            CtScaling scaling = new(random.Next(2) == 0 ? 1 : -0.5, random.Next(-1024, 10));
            (IReadOnlyList<VertebraRow> rows, string? digest) = Measure(volume, annotated, ct, scaling, batch: random.Next(1, 40));
            Assert.Equal(NaiveDigest(volume), digest);
            Assert.Equal(volume.Voxels.Where(v => v != 0).Distinct().OrderBy(VertebraLabel.AnatomicalOrder), rows.Select(row => row.Label));
            foreach (VertebraRow row in rows) AssertMatchesOracle(volume, annotated, ct, scaling, row);
        }
    }

    [Fact]
    public void Rows_do_not_depend_on_how_the_runs_were_cut()
    {
        Random random = new(7);
        LabelVolume volume = LabelVolume.Random(random, [3, 4, 5]);
        Dictionary<int, Vector3d> annotated = Annotations(random, volume);
        long[] ct = [.. volume.Voxels.Select(_ => (long)random.Next(-70000, 70000))];
        var whole = Measure(volume, annotated, ct, new CtScaling(1, 0), batch: int.MaxValue);
        foreach (int batch in new[] { 1, 2, 3, 17 })
        {
            var cut = Measure(volume, annotated, ct, new CtScaling(1, 0), batch, codesAtOnce: 1 + batch % 3);
            Assert.Equal(whole.Digest, cut.Digest);
            Assert.Equal(whole.Rows, cut.Rows);
        }
    }

    [Fact]
    public void Flipping_an_axis_leaves_volume_world_centroid_and_axes_unchanged()
    {
        Random random = new(11);
        LabelVolume volume = LabelVolume.Random(random, [20]);
        LabelVolume flipped = new(volume.I, volume.J, volume.K);
        for (int z = 0; z < volume.K; z++)
            for (int y = 0; y < volume.J; y++)
                for (int x = 0; x < volume.I; x++) flipped[volume.I - 1 - x, y, z] = volume[x, y, z];
        Affine other = Oblique with { I = -1 * Oblique.I, Origin = Oblique.Apply(new Vector3d(volume.I - 1, 0, 0)) };
        VertebraRow a = Assert.Single(Measure(volume, [], null, null).Rows);
        VertebraRow b = Assert.Single(Measure(flipped, [], null, null, affine: other).Rows);
        Assert.Equal(a.VolumeMm3, b.VolumeMm3);
        Assert.Equal(a.ComponentCount, b.ComponentCount);
        Assert.Equal(a.BorderFaces, b.BorderFaces);
        Close(a.CentroidXMm, b.CentroidXMm);
        Close(a.CentroidYMm, b.CentroidYMm);
        Close(a.CentroidZMm, b.CentroidZMm);
        Close(a.AxisMajorMm, b.AxisMajorMm);
        Close(a.AxisMinorMm, b.AxisMinorMm);
    }

    [Fact]
    public void A_box_has_the_axes_and_the_extents_that_geometry_gives()
    {
        LabelVolume volume = new(20, 12, 8);
        for (int z = 2; z < 6; z++)
            for (int y = 1; y < 11; y++)
                for (int x = 3; x < 19; x++) volume[x, y, z] = 22;
        Affine affine = new(new(-0.5, 0, 0), new(0, 0, 2), new(0, 3, 0), new(0, 0, 0));
        // 4 mm and 3 mm away from the centroid (10.5, 5.5, 3.5)
        Dictionary<int, Vector3d> point = new() { [22] = new(18.5, 5.5, 4.5) };
        VertebraRow row = Assert.Single(Measure(volume, point, null, null, affine: affine, spacing: new(0.5, 2, 3)).Rows);
        Assert.Equal((16 * 0.5, 4 * 3.0, 10 * 2.0), (row.ExtentLrMm, row.ExtentApMm, row.ExtentSiMm));
        // a row of n voxel centres has variance (n^2 - 1) / 12 in steps
        Close(2 * Math.Sqrt(5 * (10 * 10 - 1) / 12.0) * 2, row.AxisMajorMm);
        Close(2 * Math.Sqrt(5 * (4 * 4 - 1) / 12.0) * 3, row.AxisMiddleMm);
        Close(2 * Math.Sqrt(5 * (16 * 16 - 1) / 12.0) * 0.5, row.AxisMinorMm);
        Assert.Equal(16 * 10 * 4, row.VoxelCount);
        Assert.Equal((16 * 10 * 4 * 3.0, 16 * 10 * 4 * 3.0 / 1000), (row.VolumeMm3, row.VolumeCm3));
        Assert.Equal((1, 5), (row.BoxFill, row.AnnotationDistanceMm));
        Close(Math.Sqrt(Math.Pow(15 * 0.5, 2) + Math.Pow(9 * 2, 2) + Math.Pow(3 * 3, 2)), row.MaxCentreDistanceMm ?? 0);
        Assert.False(row.TouchesBorder);
        Assert.Equal("", row.BorderFaces);
        Assert.Null(row.MaskHuMean);
        Assert.Null(row.BodyHuVoxels);
    }

    [Fact]
    public void The_largest_component_and_the_label_in_its_box_are_shares()
    {
        LabelVolume volume = new(6, 1, 1);
        foreach (int x in new[] { 1, 2, 3, 5 }) volume[x, 0, 0] = 20;
        VertebraRow row = Assert.Single(Measure(volume, [], null, null).Rows);
        Assert.Equal((2, 0.75, 0.8), (row.ComponentCount, row.LargestComponentFraction, row.BoxFill));
    }

    [Fact]
    public void Faces_are_named_in_world_letters_whatever_the_stored_axes()
    {
        LabelVolume volume = new(4, 4, 4);
        for (int x = 0; x < 4; x++) volume[x, 2, 3] = 20;
        Affine affine = new(new(0, -1, 0), new(0, 0, -1), new(1, 0, 0), new(0, 0, 0));
        VertebraRow row = Assert.Single(Measure(volume, [], null, null, affine: affine, spacing: new(1, 1, 1)).Rows);
        Assert.Equal("RPA", row.BorderFaces);
        Assert.True(row.TouchesBorder);
    }

    [Fact]
    public void Labels_outside_1_to_28_get_no_row_but_are_told()
    {
        LabelVolume volume = new(5, 1, 1);
        volume[0, 0, 0] = 20;
        volume[1, 0, 0] = 29;
        volume[2, 0, 0] = -3;
        volume[3, 0, 0] = 29;
        SpineMeasurement measurement = new(Grid(volume, Oblique, new(1, 1, 2)), new Dictionary<int, Vector3d>());
        Assert.True(measurement.Add([.. volume.Runs()]));
        measurement.Finish();
        Assert.Equal([20], new SpineRows(Identity, measurement).Vertebrae().Select(row => row.Label));
        Assert.Equal([(-3, 1L), (29, 2L)], measurement.UnknownLabels.Select(pair => (pair.Key, pair.Value)));
    }

    [Fact]
    public void A_mask_without_labels_has_no_digest_and_no_rows()
    {
        (IReadOnlyList<VertebraRow> rows, string? digest) = Measure(new LabelVolume(3, 3, 3), [], null, null);
        Assert.Empty(rows);
        Assert.Null(digest);
    }

    [Fact]
    public void Second_moments_of_the_longest_axis_do_not_overflow()
    {
        SpineMeasurement measurement =
            new(new VoxelGrid(new VoxelShape(1_000_000, 60_000, 1), Oblique, AffineSource.Sform, new(1, 1, 1)), new Dictionary<int, Vector3d>());
        for (int j = 0; j < 60_000; j++) measurement.Add([new LabelRun(20, 0, j, 0, 1_000_000)]);
        measurement.Finish();
        VertebraRow row = Assert.Single(new SpineRows(Identity, measurement).Vertebrae());
        Assert.Equal(60_000_000_000, row.VoxelCount);
        double expected = 2 * Math.Sqrt(5 * (1e12 - 1) / 12) * Oblique.I.Length;
        Assert.InRange(row.AxisMajorMm, expected * 0.99, expected * 1.02);
    }

    private static (IReadOnlyList<VertebraRow> Rows, string? Digest) Measure(LabelVolume volume, Dictionary<int, Vector3d> annotated, long[]? ct,
        CtScaling? scaling, int batch = 16, int codesAtOnce = int.MaxValue, Affine? affine = null, Vector3d? spacing = null)
    {
        SpineMeasurement spine = new(Grid(volume, affine ?? Oblique, spacing ?? new(0.9, 1.2, 2.0)), annotated);
        using ContentDigest content = new(new VoxelShape(volume.I, volume.J, volume.K));
        LabelRun[][] batches = [.. volume.Runs().Chunk(batch)];
        foreach (LabelRun[] runs in batches)
        {
            Assert.True(spine.Add(runs));
            content.Add(runs);
        }
        spine.Finish();
        LocalMeasurement local = new(spine);
        foreach (LabelRun[] runs in batches) local.Add(runs);
        local.Finish();
        HounsfieldMeasurement hounsfield = new(local);
        foreach (LabelRun run in ct is null ? [] : batches.SelectMany(runs => runs))
            for (int done = 0; done < run.Length;)
            {
                int length = Math.Min(codesAtOnce, run.Length - done);
                LabelRun part = run with { I = run.I + done, Length = length };
                Assert.True(hounsfield.Add(part, ct.AsSpan((run.K * volume.J + run.J) * volume.I + part.I, length)));
                done += length;
            }
        SpineRows rows = new(Identity, spine) { Local = local, Hounsfield = hounsfield, Scaling = scaling };
        return (rows.Vertebrae(), content.Finish());
    }

    private static VoxelGrid Grid(LabelVolume volume, Affine affine, Vector3d spacing) =>
        new(new VoxelShape(volume.I, volume.J, volume.K), affine, AffineSource.Sform, spacing);

    private static Dictionary<int, Vector3d> Annotations(Random random, LabelVolume volume) => volume.Voxels.Where(v => v != 0).Distinct()
        .Where(_ => random.Next(4) > 0)
        .ToDictionary(label => label, _ =>
            new Vector3d(random.NextDouble() * (volume.I + 1) - 1, random.NextDouble() * (volume.J + 1) - 1, random.NextDouble() * (volume.K + 1) - 1));

    private static void AssertMatchesOracle(LabelVolume volume, Dictionary<int, Vector3d> annotated, long[] ct, CtScaling scaling, VertebraRow row)
    {
        (int X, int Y, int Z)[] voxels = [.. volume.VoxelsOf(row.Label)];
        Assert.Equal(voxels.Length, row.VoxelCount);
        Close(voxels.Length * 0.9 * 1.2 * 2.0, row.VolumeMm3);
        Assert.Equal((voxels.Min(v => v.X), voxels.Min(v => v.Y), voxels.Min(v => v.Z)), (row.BboxMinI, row.BboxMinJ, row.BboxMinK));
        Assert.Equal((voxels.Max(v => v.X) + 1, voxels.Max(v => v.Y) + 1, voxels.Max(v => v.Z) + 1), (row.BboxMaxI, row.BboxMaxJ, row.BboxMaxK));
        Close(voxels.Average(v => v.X), row.CentroidI);
        Close(voxels.Average(v => v.Y), row.CentroidJ);
        Close(voxels.Average(v => v.Z), row.CentroidK);
        List<long> sizes = volume.ComponentSizes(row.Label);
        Assert.Equal(sizes.Count, row.ComponentCount);
        Close((double)sizes.Max() / voxels.Length, row.LargestComponentFraction);
        Vector3d[] world = [.. voxels.Select(v => Oblique.Apply(new Vector3d(v.X, v.Y, v.Z)))];
        double trace = Enumerable.Range(0, 3).Sum(axis => Variance([.. world.Select(p => p[axis])]));
        Close(20 * trace, row.AxisMajorMm * row.AxisMajorMm + row.AxisMiddleMm * row.AxisMiddleMm + row.AxisMinorMm * row.AxisMinorMm, 1e-9);

        double[] hu = [.. voxels.Select(v => ct[(v.Z * volume.J + v.Y) * volume.I + v.X] * scaling.Slope + scaling.Intercept).Order()];
        Close(hu.Average(), row.MaskHuMean);
        Close(Math.Sqrt(Variance(hu)), row.MaskHuStd, 1e-7);
        Assert.Equal(hu[0], row.MaskHuMin);
        Assert.Equal(hu[^1], row.MaskHuMax);
        Close(Percentile(hu, 0.05), row.MaskHuP05);
        Close(Percentile(hu, 0.25), row.MaskHuP25);
        Close(Percentile(hu, 0.5), row.MaskHuMedian);
        Close(Percentile(hu, 0.75), row.MaskHuP75);
        Close(Percentile(hu, 0.95), row.MaskHuP95);

        if (!annotated.TryGetValue(row.Label, out Vector3d index))
        {
            Assert.Null(row.AnnotatedI);
            Assert.Null(row.AnnotationLabel);
            Assert.Null(row.BodyHuVoxels);
            return;
        }
        Vector3d centre = Oblique.Apply(index);
        (int x, int y, int z) = ((int)Math.Floor(index.X + 0.5), (int)Math.Floor(index.Y + 0.5), (int)Math.Floor(index.Z + 0.5));
        bool inside = x >= 0 && y >= 0 && z >= 0 && x < volume.I && y < volume.J && z < volume.K;
        Assert.Equal(inside ? volume[x, y, z] : null, row.AnnotationLabel);
        Close(centre.Y, row.AnnotatedYMm);
        if (row.Label == VertebraLabel.C1)
        {
            Assert.Null(row.BodyHuVoxels);
            return;
        }
        double[] core = [.. voxels.Zip(world).Where(pair => (pair.Second - centre).Length <= 5.0)
            .Select(pair => ct[(pair.First.Z * volume.J + pair.First.Y) * volume.I + pair.First.X] * scaling.Slope + scaling.Intercept).Order()];
        Assert.Equal(core.Length, row.BodyHuVoxels);
        Close(core.Length == 0 ? null : core.Average(), row.BodyHuMean);
        Close(core.Length == 0 ? null : Percentile(core, 0.5), row.BodyHuMedian);
        Close(core.Length == 0 ? null : Math.Sqrt(Variance(core)), row.BodyHuStd, 1e-7);
    }

    private static string? NaiveDigest(LabelVolume volume)
    {
        List<byte> bytes = [];
        foreach (long n in new long[] { volume.I, volume.J, volume.K }) bytes.AddRange(BitConverter.GetBytes(n));
        for (int at = 0; at < volume.Voxels.Length;)
        {
            int start = at;
            while (at < volume.Voxels.Length && volume.Voxels[at] == volume.Voxels[start]) at++;
            if (volume.Voxels[start] == 0) continue;
            byte[] run = new byte[20];
            BinaryPrimitives.WriteInt64LittleEndian(run, start);
            BinaryPrimitives.WriteInt64LittleEndian(run.AsSpan(8), at - start);
            BinaryPrimitives.WriteInt32LittleEndian(run.AsSpan(16), volume.Voxels[start]);
            bytes.AddRange(run);
        }
        return bytes.Count == 24 ? null : Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()));
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(v => (v - mean) * (v - mean)) / values.Length;
    }

    private static double Percentile(double[] sorted, double part)
    {
        double rank = part * (sorted.Length - 1);
        int below = (int)rank;
        return below + 1 < sorted.Length ? sorted[below] + (sorted[below + 1] - sorted[below]) * (rank - below) : sorted[below];
    }

    private static void Close(double? expected, double? actual, double relative = 1e-11)
    {
        if (expected is null || actual is null)
        {
            Assert.Equal(expected, actual);
            return;
        }
        double tolerance = relative * Math.Max(1, Math.Abs(expected.Value));
        Assert.InRange(actual.Value, expected.Value - tolerance, expected.Value + tolerance);
    }
}
