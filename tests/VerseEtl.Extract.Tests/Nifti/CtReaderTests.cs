using System.Buffers.Binary;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Tests.Nifti;

public sealed class CtReaderTests
{
    private static readonly VoxelShape Shape = new(13, 6, 5);

    public static TheoryData<NiftiDatatype, int, bool> Encodings => MaskReaderTests.Encodings();

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Codes_are_the_stored_values_however_they_are_stored_and_cut(NiftiDatatype datatype, int version, bool bigEndian)
    {
        long[] codes = RandomCodes(datatype);
        PhantomFile file = PhantomFile.Of(Spec(datatype, version, bigEndian), [.. codes.Select(code => (double)code)]);

        foreach (int pieceBytes in (int[])[1, 7, 64, 1000])
            foreach (int zerosFrom in (int[])[0, 1, 16])
            {
                (long[] read, CtReader reader) = Volumes.Ct(file.Pieces(pieceBytes, zerosFrom));
                Assert.Equal(InCodes(codes, datatype), read);
                Assert.Equal(new CtScaling(datatype.IsFloat() ? 1 / 64.0 : 1, 0), reader.Scaling);
            }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Any_forward_walk_reads_the_same_codes(NiftiDatatype datatype, int version, bool bigEndian)
    {
        long[] codes = RandomCodes(datatype);
        PhantomFile file = PhantomFile.Of(Spec(datatype, version, bigEndian), [.. codes.Select(code => (double)code)]);
        Random random = new(5);
        for (int walk = 0; walk < 30; walk++)
        {
            using ByteSource source = file.Pieces(random.Next(1, 200), random.Next(0, 20));
            CtReader reader = new(VolumeFile.Open(source, new ReadingLimits()));
            for (int at = random.Next(50); at < codes.Length;)
            {
                long[] read = new long[Math.Min(random.Next(0, 40), codes.Length - at)];
                reader.Read(at, read);
                Assert.Equal(InCodes(codes[at..(at + read.Length)], datatype), read);
                at += read.Length + random.Next(0, 60);
            }
            reader.Finish();
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Kept_voxels_have_their_codes_and_change_nothing_of_what_is_read_and_passed(NiftiDatatype datatype, int version, bool bigEndian)
    {
        VoxelShape shape = new(200, 40, 6);
        NiftiVolumeSpec spec = Spec(datatype, version, bigEndian) with { Shape = shape };
        Random random = new(7);
        double[] stored = [.. Enumerable.Range(0, (int)shape.VoxelCount).Select(at => (double)(at / 3000 % 3 == 1 ? 0 : random.Next(100)))];
        PhantomFile file = PhantomFile.Of(spec, stored);
        for (int walk = 0; walk < 10; walk++)
        {
            int seed = random.Next();
            long[] voxels = [.. Enumerable.Range(0, 400).Select(_ => (long)random.Next(stored.Length))
                .Concat([0, 0, stored.Length - 1]).Concat(Enumerable.Range(random.Next(40_000), 300).Select(at => (long)at)).Order()];
            int scale = datatype.IsFloat() ? 64 : 1;

            (ReadOnlyMemory<long> kept, HounsfieldSummary? passed) = Walk(seed, voxels);

            Assert.Equal([.. voxels.Select(voxel => (long)stored[voxel] * scale)], kept.ToArray());
            Assert.Equal(Walk(seed, []).Passed, passed);
        }

        (ReadOnlyMemory<long>, HounsfieldSummary? Passed) Walk(int seed, long[] voxels)
        {
            Random steps = new(seed);
            using ByteSource source = file.Pieces(1 + steps.Next(500), steps.Next(20));
            CtReader reader = new(VolumeFile.Open(source, new ReadingLimits()));
            long[] kept = new long[voxels.Length];
            reader.Keep(voxels, kept);
            for (int at = steps.Next(3000); at < stored.Length; at += steps.Next(3000))
            {
                long[] read = new long[Math.Min(steps.Next(300), stored.Length - at)];
                reader.Read(at, read);
                at += read.Length;
            }
            reader.Finish();
            return (kept, reader.Passed.Summarise(reader.Scaling));
        }
    }

    [Fact]
    public void An_integer_ct_keeps_its_slope_apart_even_a_negative_one()
    {
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Int16, 1, false) with { Slope = -0.5, Intercept = 10 }, [.. Enumerable.Repeat(-7.0, 390)]);

        (long[] codes, CtReader reader) = Volumes.Ct(file.Pieces());

        Assert.All(codes, code => Assert.Equal(-7, code));
        Assert.Equal(new CtScaling(-0.5, 10), reader.Scaling);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    public void Without_a_usable_slope_the_intercept_means_nothing(float slope)
    {
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Int16, 1, false), new double[390]).Put(112, slope).Put(116, -1024f);

        Assert.Equal(new CtScaling(1, 0), Volumes.Ct(file.Pieces()).Reader.Scaling);
    }

    [Fact]
    public void A_floating_point_ct_is_scaled_and_then_rounded_to_64ths_half_to_even()
    {
        double[] stored = new double[390];
        (stored[0], stored[1], stored[2], stored[3], stored[4]) = (1 / 64.0, 3 / 64.0, -1 / 64.0, 0.9, 1e300);
        (stored[5], stored[6], stored[7], stored[8]) = (double.NaN, double.PositiveInfinity, double.NegativeInfinity, 2.0 * (1L << 38));
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Float64, 1, false) with { Slope = 0.5 }, stored);

        (long[] codes, CtReader reader) = Volumes.Ct(file.Pieces());

        Assert.Equal([0, 2, 0, 29, HounsfieldHistogram.NotMeasurable, HounsfieldHistogram.NotMeasurable,
            HounsfieldHistogram.NotMeasurable, HounsfieldHistogram.NotMeasurable, 1L << 44, 0], codes[..10]);
        Assert.Equal(new CtScaling(1 / 64.0, 0), reader.Scaling);
    }

    [Fact]
    public void A_stretch_of_zeros_in_a_floating_point_ct_takes_the_intercept()
    {
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Float32, 1, false) with { Intercept = -1024 }, new double[390]);

        Assert.All(Volumes.Ct(file.Pieces()).Codes, code => Assert.Equal(-1024 * 64, code));
    }

    [Fact]
    public void Integers_beyond_44_bits_are_not_finite()
    {
        byte[] huge = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(huge, ulong.MaxValue - 5);
        PhantomFile unsigned = PhantomFile.Of(Spec(NiftiDatatype.UInt64, 1, false), new double[390]).Put(352, huge);
        PhantomFile signed = PhantomFile.Of(Spec(NiftiDatatype.Int64, 1, false), new double[390])
            .Put(352, long.MinValue).Put(360, -(1L << 44)).Put(368, -(1L << 44) - 1);

        Assert.Equal([HounsfieldHistogram.NotMeasurable, 0], Volumes.Ct(unsigned.Pieces()).Codes[..2]);
        Assert.Equal([HounsfieldHistogram.NotMeasurable, -(1L << 44), HounsfieldHistogram.NotMeasurable], Volumes.Ct(signed.Pieces()).Codes[..3]);
    }

    [Fact]
    public void The_cursor_runs_forward_only_and_stays_inside()
    {
        using ByteSource source = PhantomFile.Of(Spec(NiftiDatatype.Int16, 1, false), new double[390]).Pieces();
        CtReader reader = new(VolumeFile.Open(source, new ReadingLimits()));
        reader.Read(10, new long[5]);

        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(14, new long[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.Read(389, new long[2]));
    }

    [Fact]
    public void Finishing_finds_what_is_missing_behind_the_last_voxel_asked_for()
    {
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Int16, 1, false), [.. Enumerable.Repeat(1.0, 390)]);
        using ByteSource cut = file.Cut(file.Bytes.Length - 1).Pieces(100), longer = file.Append(1).Pieces(100);
        CtReader shortReader = new(VolumeFile.Open(cut, new ReadingLimits())), longReader = new(VolumeFile.Open(longer, new ReadingLimits()));
        shortReader.Read(5, new long[5]);
        longReader.Read(5, new long[5]);

        Assert.Equal(Faults.NiiDataShort, Assert.Throws<BadFileException>(shortReader.Finish).Fault);
        Assert.Equal(Faults.GzLong, Assert.Throws<BadFileException>(longReader.Finish).Fault);
    }

    [Fact]
    public void An_unusable_slope_or_intercept_is_refused()
    {
        PhantomFile file = PhantomFile.Of(Spec(NiftiDatatype.Int16, 1, false), new double[390]);

        foreach (PhantomFile bad in (PhantomFile[])[file.Put(112, float.NegativeInfinity), file.Put(116, float.NaN), file.Put(116, float.PositiveInfinity)])
            Assert.Equal(Faults.NiiScl, Assert.Throws<BadFileException>(() => Volumes.Ct(bad.Pieces())).Fault);
    }

    [Fact]
    public void Of_what_is_passed_over_a_voxel_here_and_there_is_counted_however_the_file_is_cut()
    {
        VoxelShape shape = new(40, 50, 2);
        NiftiVolumeSpec spec = Spec(NiftiDatatype.Int16, 1, false) with { Shape = shape };
        PhantomFile file = PhantomFile.Of(spec, [.. Enumerable.Range(0, 4000).Select(at => at % 512 < 40 ? 0.0 : at - 2000)]);
        foreach ((int bytes, int zeros) in new[] { (1, 0), (97, 16), (100_000, 16) })
        {
            using ByteSource source = file.Pieces(bytes, zeros);
            CtReader reader = new(VolumeFile.Open(source, new ReadingLimits()));
            long[] asked = new long[10];
            reader.Read(700, asked);
            Assert.Equal(-1300, asked[0]);
            reader.Read(750, asked);
            reader.Finish();
            // 0 and 256 of the first 700, none of the 40 between, then from 760 every 256th of which 255 follow
            HounsfieldSummary passed = reader.Passed.Summarise(new CtScaling(1, 0))!.Value;
            Assert.Equal((2 + 12, 760 - 2000 + 11 * 256, 256 - 2000), (passed.VoxelCount, passed.Max, passed.Min));
        }
    }

    private static long[] InCodes(long[] values, NiftiDatatype datatype) => [.. values.Select(value => datatype.IsFloat() ? 64 * value : value)];

    private static NiftiVolumeSpec Spec(NiftiDatatype datatype, int version, bool bigEndian) =>
        new() { Shape = Shape, Datatype = datatype, Version = version, BigEndian = bigEndian, Sform = PhantomFile.Diagonal(1, 1, 1) };

    private static long[] RandomCodes(NiftiDatatype datatype)
    {
        (long low, long high) = datatype switch
        {
            NiftiDatatype.UInt8 => (0, 255),
            NiftiDatatype.Int8 => (-128L, 127),
            NiftiDatatype.Int16 => (short.MinValue, short.MaxValue),
            NiftiDatatype.UInt16 => (0, ushort.MaxValue),
            NiftiDatatype.Int32 => (int.MinValue, int.MaxValue),
            NiftiDatatype.UInt32 => (0, uint.MaxValue),
            NiftiDatatype.UInt64 => (0, 1L << 44),
            NiftiDatatype.Float32 => (-(1L << 24), 1L << 24),
            NiftiDatatype.Float64 => (-(1L << 38), 1L << 38),
            _ => (-(1L << 44), 1L << 44),
        };
        Random random = new(9);
        long[] codes = new long[Shape.VoxelCount];
        for (int at = 0; at < codes.Length; at++) codes[at] = random.Next(3) == 0 ? 0 : random.NextInt64(low, high + 1);
        (codes[0], codes[1]) = (low, high);
        codes.AsSpan(100, 60).Clear();
        return codes;
    }
}
