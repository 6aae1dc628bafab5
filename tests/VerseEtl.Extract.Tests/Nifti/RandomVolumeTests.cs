using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Random shapes, encodings and cuts against loops over single voxels. VERSEETL_LONG multiplies the rounds; the seed is the round's number.</summary>
public sealed class RandomVolumeTests
{
    private const int Rounds = 2_000;

    private static readonly NiftiDatatype[] Datatypes = Enum.GetValues<NiftiDatatype>();

    [Fact]
    public void A_random_volume_reads_as_a_naive_loop_reads_it()
    {
        long rounds = (long)Rounds * LongRuns.Factor;
        for (long round = 0; round < rounds; round++)
        {
            Random random = new(unchecked((int)round));
            VoxelShape shape = new(random.Next(2, 14), random.Next(2, 9), random.Next(2, 7));
            int[] values = Values(random, shape);
            NiftiVolumeSpec spec = new()
            {
                Shape = shape,
                Datatype = Datatypes[random.Next(Datatypes.Length)],
                Version = random.Next(1, 3),
                BigEndian = random.Next(2) == 0,
                Sform = PhantomFile.Diagonal(1, 1, 1),
            };
            PhantomFile file = PhantomFile.Of(spec, [.. values.Select(value => (double)value)]);

            Assert.Equal(Volumes.NaiveRuns(shape, values), Volumes.Mask(Cut(file, random), random.Next(1, 40)).Runs);
            AssertForwardWalk(values, Cut(file, random), random);
        }
    }

    private static void AssertForwardWalk(int[] values, ByteSource source, Random random)
    {
        CtReader ct = new(VolumeFile.Open(source, new ReadingLimits()));
        for (int at = random.Next(20); at < values.Length;)
        {
            long[] codes = new long[Math.Min(random.Next(30), values.Length - at)];
            ct.Read(at, codes);
            Assert.Equal(values[at..(at + codes.Length)], codes.Select(code => (int)(code * ct.Scaling.Slope + ct.Scaling.Intercept)));
            at += codes.Length + random.Next(30);
        }
        ct.Finish();
    }

    private static ByteSource Cut(PhantomFile file, Random random) => file.Pieces(random.Next(1, 300), random.Next(0, 40));

    private static int[] Values(Random random, VoxelShape shape)
    {
        int[] values = new int[shape.VoxelCount];
        int background = random.Next(1, 10), longest = random.Next(2, 80);
        for (int at = 0; at < values.Length;)
        {
            int length = Math.Min(random.Next(1, longest), values.Length - at);
            values.AsSpan(at, length).Fill(random.Next(10) < background ? 0 : random.Next(1, 29));
            at += length;
        }
        return values;
    }
}
