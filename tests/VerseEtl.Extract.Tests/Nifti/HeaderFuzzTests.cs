using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Headers with random damage. VERSEETL_LONG multiplies the rounds; the seed is the first round's number.</summary>
public sealed class HeaderFuzzTests
{
    private const int Rounds = 50_000;
    private const int MostAllocatedBytes = 64 * 1024;

    private static readonly PhantomFile[] Bases =
    [
        Volumes.SmallMask,
        PhantomFile.Of(Volumes.Small with { Version = 2, Qform = PhantomFile.Diagonal(1, 1, 1) }, new double[84]),
        PhantomFile.Of(Volumes.Small with { BigEndian = true, Datatype = NiftiDatatype.Float64, Sform = null, Qform = PhantomFile.Diagonal(1, 1, 1) },
            new double[84]),
        PhantomFile.Of(Volumes.Small with { BigEndian = true, Version = 2, Datatype = NiftiDatatype.Int16 }, new double[84]),
        Volumes.SmallMask.Put(108, 400f).Put(348, (byte)1).Insert(352, [16, 0, 0, 0, 6, 0, 0, 0, .. new byte[8], 32, 0, 0, 0, .. new byte[28]]),
    ];

    private static readonly byte[] Telling = [0, 1, 2, 3, 4, 7, 8, 16, 64, 127, 128, 255];

    [Fact]
    public void A_damaged_header_is_read_or_refused_in_little_memory()
    {
        long rounds = (long)Rounds * LongRuns.Factor;
        int refused = 0;
        Read(Bases[0].Bytes);
        for (long round = 0; round < rounds; round++)
        {
            byte[] bytes = Damaged(new Random(unchecked((int)round)));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Read(bytes);
            }
            catch (BadFileException)
            {
                refused++;
            }
            catch (Exception bug)
            {
                Assert.Fail($"Round {round}: {bug}");
            }
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MostAllocatedBytes, $"Round {round} allocated {allocated} bytes.");
        }
        Assert.InRange(refused, rounds / 20, rounds - rounds / 20);
    }

    private static void Read(byte[] bytes)
    {
        using PieceSource source = new(bytes, 500, 16);
        VolumeFile file = VolumeFile.Open(source, new ReadingLimits());
        Assert.True(file.Grid.Affine.IsFinite && file.Grid.SpacingMm.IsFinite && file.Grid.Orientation.Codes.Length == 3);
        MaskReader reader = new(file);
        Span<LabelRun> runs = stackalloc LabelRun[16];
        while (reader.ReadRuns(runs) > 0) { }
        Assert.NotNull(file.Notes);
    }

    private static byte[] Damaged(Random random)
    {
        PhantomFile from = Bases[random.Next(Bases.Length)];
        byte[] bytes = [.. from.Bytes];
        int header = Math.Min(bytes.Length - 84, 560);
        for (int times = random.Next(1, 5); times > 0; times--)
        {
            int at = random.Next(header);
            switch (random.Next(4))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = Telling[random.Next(Telling.Length)]; break;
                default: random.NextBytes(bytes.AsSpan(at, Math.Min(random.Next(1, 9), header - at))); break;
            }
        }
        return random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }
}
