using System.Security.Cryptography;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>Trailers, several members, and what follows the last one.</summary>
public sealed class GzipMemberTests
{
    private static readonly byte[] Content = "voxels"u8.ToArray();
    private static readonly byte[] One = Gzip.Pack(Content);
    private static readonly byte[] Empty = Gzip.Member([3, 0], []);

    private static Gzip.Unpacked Unpack(params byte[][] parts) => Gzip.Unpack(new MemoryStream(parts.SelectMany(part => part).ToArray()));

    private static byte[] Flip(int fromEnd)
    {
        byte[] flipped = [.. One];
        flipped[^fromEnd] ^= 1;
        return flipped;
    }

    [Fact]
    public void Checksum_and_length_are_compared_and_both_are_shown_in_hexadecimal()
    {
        BadFileException crc = Assert.Throws<BadFileException>(() => Gzip.Unpack(Flip(8)));
        uint right = Gzip.Crc(Content);
        Assert.Equal(("GZ_CRC", $"{right:X8}", $"{right ^ 1:X8}"), (crc.Fault.Code, crc.Observed, crc.Expected));
        BadFileException length = Assert.Throws<BadFileException>(() => Gzip.Unpack(Flip(4)));
        Assert.Equal(("GZ_ISIZE", "00000006", "00000007"), (length.Fault.Code, length.Observed, length.Expected));
    }

    [Fact]
    public void A_plain_gzip_file_leaves_no_note() => Assert.Empty(Unpack(One).Notes);

    [Fact]
    public void Members_are_joined_with_a_note()
    {
        Gzip.Unpacked unpacked = Unpack(One, Empty, One);
        Assert.Equal("voxelsvoxels"u8.ToArray(), unpacked.Content);
        FileNote note = Assert.Single(unpacked.Notes);
        Assert.Equal(("GZ_MULTI_MEMBER", "3 members"), (note.Fault.Code, note.Observed));
    }

    [Fact]
    public void Any_number_of_members_is_read_but_a_flood_of_empty_ones_is_rejected()
    {
        Assert.Equal(5000 * Content.Length, Unpack(Enumerable.Repeat(One, 5000).ToArray()).Content.Length);
        Assert.Equal(Content, Unpack([.. Enumerable.Repeat(Empty, 64), One]).Content);
        Assert.Equal("GZ_MEMBER_FLOOD", Gzip.Rejection([.. Enumerable.Repeat(Empty, 65).SelectMany(part => part), .. One]));
    }

    [Fact]
    public void Blocked_gzip_leaves_no_note_at_any_size()
    {
        byte[] end = Block([3, 0], []);
        byte[][] blocks = [.. Enumerable.Repeat(Block([1, 6, 0, 0xF9, 0xFF, .. Content], Content), 3000)];
        Gzip.Unpacked unpacked = Unpack([.. blocks, end]);
        Assert.Equal(3000 * Content.Length, unpacked.Content.Length);
        Assert.Empty(unpacked.Notes);
    }

    [Fact]
    public void Another_member_among_blocks_and_text_in_the_extra_field_are_told()
    {
        byte[] block = Block([1, 6, 0, 0xF9, 0xFF, .. Content], Content);
        Assert.Equal(["GZ_MULTI_MEMBER"], Unpack(block, One).Notes.Select(note => note.Fault.Code));
        byte[] deflated = [1, 6, 0, 0xF9, 0xFF, .. Content];
        foreach (byte[] extra in new byte[][] { [.. "BC\x04\0John"u8], [.. "BC\x02\0ab"u8, .. "PN\x02\0JD"u8], [.. "XX\x02\0ab"u8], [.. "BC\x02"u8] })
            Assert.Equal(["GZ_HEADER_NAME"],
                Unpack(Gzip.Member(deflated, Content, 4, [(byte)extra.Length, 0, .. extra])).Notes.Select(note => note.Fault.Code));
    }

    /// <summary>A block of blocked gzip: a member whose extra field gives its size.</summary>
    private static byte[] Block(byte[] deflated, byte[] content)
    {
        int size = deflated.Length + 26;
        return Gzip.Member(deflated, content, 4, [6, 0, (byte)'B', (byte)'C', 2, 0, (byte)(size - 1), (byte)(size - 1 >> 8)]);
    }

    [Theory]
    [InlineData(1, 0, Severity.Info)]
    [InlineData(1 << 20, 0, Severity.Info)]
    [InlineData(1, 7, Severity.Warning)]
    [InlineData(1 << 20, 7, Severity.Warning)]
    public void Trailing_bytes_are_noted(int count, byte value, Severity severity)
    {
        Gzip.Unpacked unpacked = Unpack(One, [.. new byte[count - 1], value]);
        Assert.Equal(Content, unpacked.Content);
        FileNote note = Assert.Single(unpacked.Notes);
        Assert.Equal(("GZ_TRAILING", severity), (note.Fault.Code, note.Severity));
    }

    [Fact]
    public void More_than_a_mebibyte_of_trailing_bytes_is_an_error()
    {
        BadFileException bad = Assert.Throws<BadFileException>(() => Unpack(One, new byte[(1 << 20) + 1]));
        Assert.Equal(("GZ_TRAILING", Severity.Error), (bad.Fault.Code, bad.Fault.Severity));
    }

    [Fact]
    public void The_first_byte_of_another_member_is_a_truncated_file() => Assert.Equal("GZ_TRUNCATED", Gzip.Rejection([.. One, 0x1F]));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 0)]
    [InlineData(100_000, 0)]
    [InlineData(0, 7)]
    [InlineData(100_000, 700)]
    public void The_stored_bytes_are_hashed_to_the_very_end(int trailing, int aside)
    {
        byte[] stored = [.. One, .. new byte[trailing]];
        OddReads file = new(stored, 1000);
        HashingStream hashing = new(file);
        if (aside > 0) hashing.HashAside(aside);
        using (ByteSource source = ByteSource.Open(hashing, gzip: true))
        {
            Gzip.Drain(source);
            Assert.True(file.EndWasSeen);
            Assert.Equal(stored.Length, hashing.BytesRead);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stored)), hashing.FinishSha256(TestContext.Current.CancellationToken));
        }
        Assert.True(file.IsDisposed);
    }
}
