using VerseEtl.Extract.Bytes;
using VerseEtl.Phantoms;

namespace VerseEtl.Extract.Tests.Bytes;

public class AheadSourceTests
{
    [Fact]
    public void Content_read_ahead_is_the_content()
    {
        Random random = new(20261125);
        for (int round = 0; round < 60; round++)
        {
            byte[] content = Contents.Any(random, 6_000_000);
            using AheadSource source = new(new PieceSource(content, random.Next(1, 700_000), random.Next(0, 5000)));
            Assert.Equal(content, Gzip.Drain(source).Content);
        }
    }

    [Fact]
    public void Notes_of_the_packing_are_passed_on()
    {
        byte[] content = [1, 2, 3];
        using AheadSource source = new(ByteSource.Open(new MemoryStream([.. Gzip.Pack(content), .. Gzip.Pack(content)]), gzip: true));
        Assert.Empty(source.Notes);
        Assert.Single(Gzip.Drain(source).Notes);
    }

    [Fact]
    public void Damage_is_met_behind_the_bytes_before_it()
    {
        byte[] content = new byte[3_000_000];
        new Random(5).NextBytes(content);
        byte[] packed = Gzip.Pack(content);
        using AheadSource source = new(ByteSource.Open(new MemoryStream(packed[..^100_000]), gzip: true));
        BadFileException bad = Assert.Throws<BadFileException>(() => Gzip.Drain(source));
        Assert.Equal("GZ_TRUNCATED", bad.Fault.Code);
        Assert.InRange(source.Position, 2_500_000, 3_000_000 - 1);
        Assert.Throws<BadFileException>(() => source.Read(out _, out _));
    }

    [Fact]
    public void Stopping_leaves_the_source_below_alone()
    {
        Endless below = new();
        using (AheadSource source = new(below))
        {
            Assert.True(source.Read(out ReadOnlyMemory<byte> bytes, out _));
            Assert.False(bytes.IsEmpty);
            source.Stop();
            long reads = below.Reads;
            Thread.Sleep(50);
            Assert.Equal(reads, below.Reads);
            Assert.InRange(reads, 1, 1000);
            Assert.Throws<ObjectDisposedException>(() => source.Read(out _, out _));
            Assert.False(below.Disposed);
        }
        Assert.True(below.Disposed);
    }

    [Fact]
    public void A_user_who_waits_is_run_ahead_of_by_8_MiB_at_most()
    {
        Endless below = new();
        using AheadSource source = new(below);
        SpinWait.SpinUntil(() => below.Position >= 8 << 20, TimeSpan.FromSeconds(60));
        Thread.Sleep(50);
        Assert.InRange(below.Position, 8 << 20, (8 << 20) + 10_000);
    }

    private sealed class Endless : ByteSource
    {
        private readonly byte[] _bytes = new byte[10_000];

        public long Reads { get; private set; }
        public bool Disposed { get; private set; }
        public override long Position => Reads * _bytes.Length;
        public override IReadOnlyList<FileNote> Notes => [];

        public override bool Read(out ReadOnlyMemory<byte> bytes, out long zeros)
        {
            (bytes, zeros) = (_bytes, 0);
            Reads++;
            return true;
        }

        protected override void Dispose(bool disposing) => Disposed = true;
    }
}
