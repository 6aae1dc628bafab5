using System.Buffers.Binary;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests.Nifti;

public sealed class MaskReaderTests
{
    private static readonly VoxelShape Shape = new(19, 7, 5);

    public static TheoryData<NiftiDatatype, int, bool> Encodings()
    {
        TheoryData<NiftiDatatype, int, bool> all = [];
        foreach (NiftiDatatype datatype in Enum.GetValues<NiftiDatatype>())
            foreach (int version in (int[])[1, 2])
                foreach (bool bigEndian in (bool[])[false, true])
                    all.Add(datatype, version, bigEndian);
        return all;
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Runs_are_those_of_a_naive_loop_however_the_labels_are_stored_and_cut(NiftiDatatype datatype, int version, bool bigEndian)
    {
        int[] labels = RandomLabels(seed: 1);
        PhantomFile file = PhantomFile.Of(Spec(datatype, version, bigEndian), [.. labels.Select(label => (double)label)]);
        List<LabelRun> expected = Volumes.NaiveRuns(Shape, labels);

        foreach (int pieceBytes in (int[])[1, 7, 64, 1_000_000])
            foreach (int zerosFrom in (int[])[0, 1, 16])
                foreach (int room in (int[])[1, 5, 4096])
                    Assert.Equal(expected, Volumes.Mask(file.Pieces(pieceBytes, zerosFrom), room).Runs);
    }

    [Theory]
    [InlineData(NiftiDatatype.Int16, false)]
    [InlineData(NiftiDatatype.Int16, true)]
    [InlineData(NiftiDatatype.Float64, false)]
    [InlineData(NiftiDatatype.Float64, true)]
    public void Scaled_labels_are_those_of_a_naive_loop_even_where_a_stored_zero_is_a_label(NiftiDatatype datatype, bool bigEndian)
    {
        int[] labels = RandomLabels(seed: 2);
        PhantomFile file = PhantomFile.Of(Spec(datatype, 1, bigEndian) with { Slope = -0.5, Intercept = 4 }, [.. labels.Select(label => (4.0 - label) * 2)]);

        foreach (int pieceBytes in (int[])[1, 7, 1000])
            foreach (int zerosFrom in (int[])[0, 1, 16])
                foreach (int room in (int[])[1, 3, 4096])
                    Assert.Equal(Volumes.NaiveRuns(Shape, labels), Volumes.Mask(file.Pieces(pieceBytes, zerosFrom), room).Runs);
    }

    [Fact]
    public void Unknown_labels_are_handed_on()
    {
        int[] labels = RandomLabels(seed: 3);
        (labels[3], labels[4], labels[5]) = (-2, 5, -1);
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Int32, 1, false), [.. labels.Select(label => label == 5 ? 70_000.0 : label)]);

        (List<LabelRun> runs, _) = Volumes.Mask(file.Pieces());

        Assert.Equal(Volumes.NaiveRuns(Shape, [.. labels.Select(label => label == 5 ? 70_000 : label)]), runs);
    }

    [Fact]
    public void Labels_a_hair_from_whole_and_negative_zeros_are_what_they_mean()
    {
        double[] stored = new double[Shape.VoxelCount];
        stored[0] = -0.0;
        stored.AsSpan(1, 6).Fill(20);
        (stored[2], stored[3], stored[7], stored[8], stored[9]) = (20.0004, 19.9999, 0.0005, -0.0, -0.0009);
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Float64, 1, false), stored);

        Assert.Equal([new LabelRun(20, 1, 0, 0, 6)], Volumes.Mask(file.Pieces()).Runs);

        stored[2] = 20.002;
        PhantomFile further = PhantomFile.Of(Spec(NiftiDatatype.Float64, 1, false), stored);
        Assert.Equal("MSK_NONINTEGRAL", Assert.Throws<BadFileException>(() => Volumes.Mask(further.Pieces())).Fault.Code);
    }

    [Fact]
    public void A_run_ends_with_its_row()
    {
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.UInt8, 1, false), [.. Enumerable.Repeat(7.0, (int)Shape.VoxelCount)]);

        List<LabelRun> runs = Volumes.Mask(file.Pieces()).Runs;

        Assert.Equal(Shape.J * Shape.K, runs.Count);
        Assert.All(runs, run => Assert.Equal((7, 0, Shape.I), (run.Label, run.I, run.Length)));
    }

    [Fact]
    public void The_end_is_reported_only_after_the_source_has_ended()
    {
        using PieceSource source = new(Volumes.SmallMask.Bytes, 1000, 16);
        MaskReader reader = new(VolumeFile.Open(source, new ReadingLimits()));
        LabelRun[] runs = new LabelRun[100];

        while (reader.ReadRuns(runs) > 0) { }

        Assert.True(source.Drained);
        Assert.Equal(0, reader.ReadRuns(runs));
    }

    [Fact]
    public void Labels_that_only_64_bits_hold_are_not_cut_down_and_cost_only_themselves()
    {
        byte[] voxel = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(voxel, (1UL << 32) + 20);
        double[] stored = new double[Shape.VoxelCount];
        stored[10] = stored[11] = 20;
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.UInt64, 1, false), stored).Put(352 + 80, voxel);

        (List<LabelRun> runs, VolumeFile read) = Volumes.Mask(file.Pieces());

        Assert.Equal([new LabelRun(int.MaxValue, 10, 0, 0, 1), new LabelRun(20, 11, 0, 0, 1)], runs);
        FileNote note = Assert.Single(read.Notes);
        Assert.Equal(("MSK_LABEL_UNKNOWN", "4294967316 at voxel (10, 0, 0)"), (note.Fault.Code, note.Observed));
    }

    [Theory]
    [InlineData(double.PositiveInfinity, int.MaxValue)]
    [InlineData(double.NegativeInfinity, int.MinValue)]
    [InlineData(1e20, int.MaxValue)]
    [InlineData(2147483647, int.MaxValue)]
    [InlineData(-2147483649, int.MinValue)]
    [InlineData(-2147483648, int.MinValue)]
    [InlineData(double.NaN, 0)]
    public void A_voxel_that_is_no_label_costs_only_itself(double value, int label)
    {
        foreach (bool bigEndian in (bool[])[false, true])
        {
            int[] labels = RandomLabels(seed: 6);
            double[] stored = [.. labels.Select(known => (double)known)];
            foreach (int at in (int[])[0, 1, 50, 300]) (labels[at], stored[at]) = (label, value);
            PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Float64, 1, bigEndian), stored);
            foreach (int room in (int[])[1, 100])
                Assert.Equal(Volumes.NaiveRuns(Shape, labels), Volumes.Mask(file.Pieces(7, 16), room).Runs);
        }
    }

    [Fact]
    public void Not_a_number_is_background_and_the_first_one_is_told()
    {
        double[] stored = [.. Enumerable.Repeat(double.NaN, (int)Shape.VoxelCount)];
        stored.AsSpan(30, 4).Fill(21);
        (List<LabelRun> runs, VolumeFile read) = Volumes.Mask(PhantomFile.Of(Spec(NiftiDatatype.Float32, 1, false), stored).Pieces());
        Assert.Equal([new LabelRun(21, 11, 1, 0, 4)], runs);
        FileNote note = Assert.Single(read.Notes);
        Assert.Equal(("MSK_NAN", "the first at voxel (0, 0, 0)"), (note.Fault.Code, note.Observed));
    }

    // as nibabel saves edited labels under an integer header: slope (max - min) / steps, intercept min
    [Theory]
    [InlineData(NiftiDatatype.UInt8, 28, 255, 0)]
    [InlineData(NiftiDatatype.UInt8, 22, 255, 0)]
    [InlineData(NiftiDatatype.UInt8, 3, 255, 0)]
    [InlineData(NiftiDatatype.UInt8, 126, 255, 0)]
    [InlineData(NiftiDatatype.Int8, 28, 255, -128)]
    [InlineData(NiftiDatatype.Int16, 28, 65535, -32768)]
    [InlineData(NiftiDatatype.UInt16, 228, 65535, 0)]
    public void Labels_stored_with_a_slope_are_the_nearest_whole_numbers(NiftiDatatype type, int highest, int steps, int first)
    {
        int[] labels = [.. RandomLabels(seed: 8).Select(label => label * highest / 28)];
        double slope = (float)(highest / (double)steps), intercept = (float)(-first * slope);
        PhantomFile file = PhantomFile.Of(Spec(type, 1, false) with { Slope = slope, Intercept = intercept },
            [.. labels.Select(label => Math.Round((label - intercept) / slope))]);
        (List<LabelRun> runs, VolumeFile read) = Volumes.Mask(file.Pieces());
        Assert.Equal(Volumes.NaiveRuns(Shape, labels), runs);
        Assert.Contains(read.Notes, note => note.Fault.Code == "MSK_SCALED");
    }

    [Theory]
    [InlineData(0.5, 21)]
    [InlineData(0.7, 29)]
    [InlineData(1 / 255.0, 100)]
    [InlineData(0.086, 64)]
    public void A_value_beyond_half_a_slope_or_a_slope_too_coarse_names_the_slope(double slope, int stored)
    {
        double[] values = new double[Shape.VoxelCount];
        values[3] = stored;
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.UInt8, 1, false) with { Slope = slope }, values);
        BadFileException bad = Assert.Throws<BadFileException>(() => Volumes.Mask(file.Pieces()));
        Assert.Equal(("MSK_NONINTEGRAL", "scl_slope"), (bad.Fault.Code, bad.Field));
        Assert.Contains("scl_slope", bad.Observed, StringComparison.Ordinal);
    }

    [Fact]
    public void Reading_runs_allocates_nothing()
    {
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Float32, 1, true), [.. RandomLabels(seed: 4).Select(label => (double)label)]);
        using ByteSource source = file.Pieces(50, 4);
        MaskReader reader = new(VolumeFile.Open(source, new ReadingLimits()));
        LabelRun[] runs = new LabelRun[2];
        reader.ReadRuns(runs);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int calls = 0;
        while (reader.ReadRuns(runs) > 0) calls++;

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(calls > 10);
    }

    private static NiftiVolumeSpec Spec(NiftiDatatype datatype, int version, bool bigEndian) =>
        new() { Shape = Shape, Datatype = datatype, Version = version, BigEndian = bigEndian, Sform = PhantomFile.Diagonal(1, 1, 1) };

    /// <summary>Stretches of background and of labels, some across rows and planes.</summary>
    private static int[] RandomLabels(int seed)
    {
        Random random = new(seed);
        int[] labels = new int[Shape.VoxelCount];
        for (int at = 0; at < labels.Length;)
        {
            int length = Math.Min(random.Next(1, random.Next(2) == 0 ? 4 : 60), labels.Length - at);
            labels.AsSpan(at, length).Fill(random.Next(2) == 0 ? 0 : random.Next(1, 29));
            at += length;
        }
        return labels;
    }
}
