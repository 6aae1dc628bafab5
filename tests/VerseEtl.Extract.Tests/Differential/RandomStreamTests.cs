using System.Globalization;
using System.IO.Compression;
using VerseEtl.Extract.Tests.Bytes;

namespace VerseEtl.Extract.Tests.Differential;

/// <summary>Random streams, sound and damaged, through our inflater and .NET's. VERSEETL_LONG=500 makes a million of them.</summary>
public sealed class RandomStreamTests(ITestOutputHelper output)
{
    private const int Usual = 2000, Seed = 20_261_125;
    private const int MostContent = 60_000;

    private static readonly ZLibCompressionStrategy[] Strategies = Enum.GetValues<ZLibCompressionStrategy>();

    [Fact]
    public void Random_streams_give_the_same_bytes_or_are_refused_by_both()
    {
        int count = Usual * LongRuns.Factor;
        int[] verdicts = new int[3];
        // each stream has a seed of its own, so that one that differs can be made again
        for (int number = 0; number < count; number++)
        {
            Random random = new(Seed + number);
            string what = string.Create(CultureInfo.InvariantCulture, $"stream {number} of seed {Seed}");
            byte[] deflated = Stream(random, number % 8, what);
            verdicts[(int)Sameness.OfDeflate(deflated, what)]++;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} streams: {verdicts[0]} whole, {verdicts[1]} truncated, {verdicts[2]} invalid"));
        Assert.All(verdicts, verdict => Assert.InRange(verdict, count / 50, count));
    }

    private static byte[] Stream(Random random, int kind, string what)
    {
        switch (kind)
        {
            case 0 or 1:
                (byte[] deflated, byte[] content) = RandomDeflate.Of(random, MostContent);
                DotNetInflater theirs = DotNetInflater.Of(deflated);
                Assert.True(theirs.Verdict == Verdict.Whole && theirs.Content.AsSpan().SequenceEqual(content), $"{what}: our own encoder is wrong");
                return deflated;
            case 2 or 3:
                return Damaged(RandomDeflate.Of(random, MostContent).Deflated, random);
            case 4:
                return RandomDeflate.Of(random, MostContent, spoilt: true).Deflated;
            case 5:
                return Packed(random);
            case 6:
                return Damaged(Packed(random), random);
            default:
                byte[] noise = new byte[random.Next(1, 400)];
                random.NextBytes(noise);
                // stored, fixed or dynamic, not often the last block
                if (random.Next(4) != 0) noise[0] = (byte)(noise[0] & ~7 | random.Next(3) << 1 | (random.Next(4) == 0 ? 1 : 0));
                return noise;
        }
    }

    private static byte[] Packed(Random random)
    {
        ZLibCompressionOptions options = new() { CompressionLevel = random.Next(10), CompressionStrategy = Strategies[random.Next(Strategies.Length)] };
        using MemoryStream packed = new();
        using (DeflateStream stream = new(packed, options))
            for (int piece = random.Next(1, 4); piece > 0; piece--)
            {
                stream.Write(Contents.Any(random, 3000));
                // ends a block and adds an empty one
                if (random.Next(3) == 0) stream.Flush();
            }
        return packed.ToArray();
    }

    private static byte[] Damaged(byte[] deflated, Random random)
    {
        List<byte> bytes = [.. deflated];
        for (int times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            int at = random.Next(2) == 0 ? random.Next(bytes.Count) : random.Next(Math.Min(bytes.Count, 60));
            switch (random.Next(6))
            {
                case 0: bytes.RemoveRange(at, bytes.Count - at); break;
                case 1: bytes.Insert(at, (byte)random.Next(256)); break;
                case 2: bytes.RemoveAt(at); break;
                case 3: bytes[at] = (byte)random.Next(256); break;
                default: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            }
        }
        return [.. bytes];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_cut_and_every_flipped_bit_of_a_small_stream_has_the_same_outcome(int seed)
    {
        Random random = new(seed);
        int streams = 2 * Math.Min(LongRuns.Factor, 50), outcomes = 0;
        for (int number = 0; number < streams; number++)
        {
            byte[] deflated;
            do deflated = number % 2 == 0 ? RandomDeflate.Of(random, 5000).Deflated : Packed(random);
            while (deflated.Length > 300);
            for (int length = 0; length < deflated.Length; length++, outcomes++)
                Assert.Equal(Verdict.Truncated, Sameness.OfDeflate(deflated[..length], $"the first {length} bytes"));
            for (int bit = 0; bit < 8 * deflated.Length; bit++, outcomes++)
            {
                byte[] flipped = [.. deflated];
                flipped[bit / 8] ^= (byte)(1 << bit % 8);
                Sameness.OfDeflate(flipped, $"bit {bit} flipped");
            }
        }
        output.WriteLine($"{streams} streams, {outcomes} outcomes");
    }
}
