using System.IO.Compression;
using VerseEtl.Extract.Bytes;

namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>Zeros that are counted instead of written are the same zeros, and leave the history that later matches refer to.</summary>
public sealed class ZeroRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(20_000)]
    [InlineData(32_767)]
    [InlineData(32_768)]
    [InlineData(131_072)]
    [InlineData(10_000_000)]
    public void Zeros_between_repeated_noise_are_unpacked(int zeros)
    {
        byte[] noise = new byte[3000];
        new Random(zeros).NextBytes(noise);
        byte[] content = [.. noise, .. new byte[zeros], .. noise, .. noise, .. new byte[zeros], .. noise];
        foreach (CompressionLevel level in (CompressionLevel[])[CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize])
        {
            Gzip.Unpacked unpacked = Gzip.Unpack(new MemoryStream(Gzip.Pack(content, level)));
            Assert.True(content.AsSpan().SequenceEqual(unpacked.Content));
            if (zeros >= 20_000) Assert.InRange(unpacked.LongestZeros, Math.Min(zeros / 2, 32_768), zeros);
            else Assert.InRange(unpacked.LongestZeros, 0, zeros);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(5000)]
    public void Long_repeats_of_any_period_are_unpacked(int period)
    {
        Random random = new(period);
        for (int value = 0; value < 3; value++)
        {
            byte[] content = new byte[600_000];
            for (int at = 0; at < content.Length; at++) content[at] = at < period ? (byte)(value * random.Next(256)) : content[at - period];
            DeflateWriter deflated = new DeflateWriter().Stored(content[..period], last: false).Block(1);
            int left = content.Length - period;
            (int symbol, int extra) = Distance(period);
            for (; left >= 258; left -= 258) deflated.Fixed(285).FixedDistance(symbol).Number(extra, Math.Max(0, symbol / 2 - 1));
            byte[] unpacked = Gzip.Unpack(Gzip.Member(deflated.FixedEnd().ToArray(), content[..^left]));
            Assert.True(content.AsSpan(0, content.Length - left).SequenceEqual(unpacked), $"value {value}");
        }
    }

    [Fact]
    public void A_piece_costs_no_allocation_and_a_bomb_only_what_is_pulled()
    {
        byte[] packed = Gzip.Pack(new byte[300_000_000]);
        using ByteSource source = ByteSource.Open(new MemoryStream(packed), gzip: true);
        Assert.True(source.Read(out _, out _));
        long before = GC.GetAllocatedBytesForCurrentThread();
        long zeros = 0;
        while (source.Read(out _, out long more)) zeros += more;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(zeros, 290_000_000, 300_000_000);
    }

    [Fact]
    public void An_open_file_takes_less_than_half_a_mebibyte()
    {
        byte[] packed = Gzip.Pack(new byte[1000]);
        Gzip.Unpack(packed);
        MemoryStream file = new(packed);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using ByteSource source = ByteSource.Open(file, gzip: true);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 512 * 1024);
    }

    private static (int Symbol, int Extra) Distance(int distance)
    {
        int start = 1;
        for (int symbol = 0; ; symbol++)
        {
            int size = 1 << Math.Max(0, symbol / 2 - 1);
            if (distance < start + size) return (symbol, distance - start);
            start += size;
        }
    }
}
