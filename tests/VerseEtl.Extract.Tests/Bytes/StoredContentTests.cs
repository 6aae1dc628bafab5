using System.Buffers.Binary;
using VerseEtl.Extract.Bytes;

namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>Files that are not what their name says.</summary>
public sealed class StoredContentTests
{
    private static string? Observed(byte[] stored)
    {
        OddReads file = new(stored, 50);
        BadFileException bad = Assert.Throws<BadFileException>(() => Gzip.Unpack(file));
        Assert.Equal("GZ_NOT_GZIP", bad.Fault.Code);
        Assert.True(file.IsDisposed);
        return bad.Observed;
    }

    private static byte[] Nifti(int headerSize, bool bigEndian)
    {
        byte[] stored = new byte[1000];
        if (bigEndian) BinaryPrimitives.WriteInt32BigEndian(stored, headerSize);
        else BinaryPrimitives.WriteInt32LittleEndian(stored, headerSize);
        stored[999] = 5;
        return stored;
    }

    [Fact]
    public void An_empty_file_is_empty() => Assert.Equal("GZ_EMPTY", Gzip.Rejection([]));

    [Fact]
    public void Other_formats_are_called_by_name()
    {
        Assert.Equal("ZIP archive", Observed("PK\u0003\u0004rest"u8.ToArray()));
        Assert.Equal("HTML page", Observed("\n  <!DOCTYPE html><html>"u8.ToArray()));
        Assert.Equal("HTML page", Observed("<HTML><body>404"u8.ToArray()));
        Assert.Equal("Git LFS pointer", Observed("version https://git-lfs.github.com/spec/v1\noid sha256:00"u8.ToArray()));
        Assert.Equal("zstd", Observed([0x28, 0xB5, 0x2F, 0xFD, 0, 0]));
        Assert.Equal("git-annex pointer", Observed("/annex/objects/MD5E-s1--0.nii.gz"u8.ToArray()));
        Assert.Equal("bzip2", Observed("BZh91AY&SY"u8.ToArray()));
        Assert.Equal("xz", Observed([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0]));
        Assert.Equal("4D 55", Observed("MUSTERMANN"u8.ToArray()));
        Assert.Equal("1F 8C", Observed([0x1F, 0x8C]));
    }

    [Theory]
    [InlineData(348, false)]
    [InlineData(348, true)]
    [InlineData(540, false)]
    [InlineData(540, true)]
    public void A_plain_nifti_under_a_gz_name_is_read_only_if_that_is_accepted(int headerSize, bool bigEndian)
    {
        byte[] stored = Nifti(headerSize, bigEndian);
        Assert.Equal("plain NIfTI", Observed(stored));
        Gzip.Unpacked unpacked = Gzip.Unpack(new OddReads(stored, 7), acceptPlain: true);
        Assert.Equal(stored, unpacked.Content);
        Assert.Equal("GZ_PLAIN_NIFTI", Assert.Single(unpacked.Notes).Fault.Code);
    }

    [Fact]
    public void A_nifti_is_also_known_by_its_magic()
    {
        byte[] stored = new byte[400];
        "n+1\0"u8.CopyTo(stored.AsSpan(344));
        Assert.Equal("plain NIfTI", Observed(stored));
        Assert.Equal("00 00", Observed(stored[..346]));
    }

    [Fact]
    public void Accepting_plain_files_accepts_nothing_but_nifti() =>
        Assert.Throws<BadFileException>(() => Gzip.Unpack(new MemoryStream("<html>"u8.ToArray()), acceptPlain: true));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public void A_plain_file_is_handed_out_as_it_is(int length)
    {
        byte[] stored = new byte[length];
        new Random(length).NextBytes(stored);
        using ByteSource source = ByteSource.Open(new OddReads(stored, 999), gzip: false);
        Gzip.Unpacked unpacked = Gzip.Drain(source);
        Assert.Equal(stored, unpacked.Content);
        Assert.Empty(unpacked.Notes);
    }

    [Fact]
    public void A_storage_failure_passes_as_what_it_is()
    {
        Assert.Throws<IOException>(() =>
        {
            using ByteSource source = ByteSource.Open(new FailingStream(new byte[20]), gzip: false);
            Gzip.Drain(source);
        });
    }

    private sealed class FailingStream(byte[] start) : MemoryStream(start)
    {
        public override int Read(Span<byte> buffer) => Position < Length ? base.Read(buffer) : throw new IOException("device error");
    }
}
