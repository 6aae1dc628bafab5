using System.IO.Compression;

namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>What .NET's own packer makes of any content is unpacked to that content. VERSEETL_LONG multiplies the contents.</summary>
public sealed class GzipRoundTripTests
{
    private static readonly CompressionLevel[] Levels =
        [CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize];

    [Fact]
    public void Small_contents_are_unpacked_as_they_were_packed()
    {
        Random random = new(20_261_124);
        int count = 20_000 * LongRuns.Factor;
        for (int number = 0; number < count; number++)
        {
            byte[] content = Contents.Any(random, 2000);
            byte[] packed = Gzip.Pack(content, Levels[number % Levels.Length]);
            Assert.True(content.AsSpan().SequenceEqual(Gzip.Unpack(packed)), $"content {number}");
        }
    }

    [Fact]
    public void Large_contents_are_unpacked_as_they_were_packed()
    {
        Random random = new(7);
        int count = 200 * LongRuns.Factor;
        for (int number = 0; number < count; number++)
        {
            byte[] content = Contents.Any(random, 1_000_000);
            byte[] packed = Gzip.Pack(content, Levels[number % Levels.Length]);
            Assert.True(content.AsSpan().SequenceEqual(Gzip.Unpack(packed)), $"content {number}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4095)]
    public void The_size_of_reads_changes_nothing(int readSize)
    {
        Random random = new(readSize);
        for (int number = 0; number < 40; number++)
        {
            byte[] content = Contents.Any(random, 200_000);
            byte[] packed = Gzip.Pack(content, Levels[number % Levels.Length]);
            Assert.True(content.AsSpan().SequenceEqual(Gzip.Unpack(packed, readSize)), $"content {number}");
        }
    }
}
