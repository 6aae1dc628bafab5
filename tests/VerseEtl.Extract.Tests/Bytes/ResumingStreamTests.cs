using VerseEtl.Extract.Bytes;

namespace VerseEtl.Extract.Tests.Bytes;

public sealed class ResumingStreamTests
{
    private static readonly byte[] Content = Contents();
    private static readonly byte[] Packed = Gzip.Pack(Content);

    [Fact]
    public void A_gzip_file_is_whole_over_connections_cut_anywhere_and_no_byte_is_asked_for_twice()
    {
        Random random = new(20261128);
        for (int round = 0; round < 40; round++)
        {
            List<(long From, long To)> sent = [];
            using ResumingStream stream = new(offset =>
            {
                long end = Math.Min(Packed.Length, offset + random.Next(1, Packed.Length / 3));
                sent.Add((offset, end));
                return new CutStream(Packed.AsSpan((int)offset, (int)(end - offset)).ToArray(), silently: random.Next(2) == 0);
            }, Packed.Length);
            Assert.Equal(Content, Gzip.Unpack(stream).Content);
            Assert.True(stream.Reopened > 0);
            Assert.Equal(sent.Select(part => part.To).SkipLast(1), sent.Select(part => part.From).Skip(1));
        }
    }

    [Fact]
    public void A_store_that_gives_nothing_three_times_in_a_row_has_failed()
    {
        int opened = 0;
        using ResumingStream stream = new(_ =>
        {
            // every byte that comes is progress
            opened++;
            return new CutStream(opened == 2 ? [7] : [], silently: false);
        }, 10);
        byte[] buffer = new byte[10];
        Assert.Equal(1, stream.Read(buffer));
        IOException failure = Assert.Throws<IOException>(() => stream.Read(buffer));
        Assert.Contains("ended before the object did", failure.Message, StringComparison.Ordinal);
        // the one that gave a byte goes on and gives none: it counts among the three
        Assert.Equal(4, opened);
    }

    [Fact]
    public void What_another_attempt_cannot_mend_is_not_tried_again()
    {
        int opened = 0;
        using ResumingStream stream = new(_ =>
        {
            opened++;
            throw new FileNotFoundException("gone");
        }, 10);
        Assert.Throws<FileNotFoundException>(() => stream.Read(new byte[1]));
        Assert.Equal(1, opened);
    }

    private static byte[] Contents()
    {
        byte[] content = new byte[600_000];
        new Random(1).NextBytes(content.AsSpan(0, 300_000));
        return content;
    }

    /// <summary>Ends in an exception, or as if that were all.</summary>
    private sealed class CutStream(byte[] content, bool silently) : MemoryStream(content, writable: false)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length && !silently ? throw new HttpIOException(HttpRequestError.ResponseEnded) : base.ReadAsync(buffer, cancellationToken);
    }
}
