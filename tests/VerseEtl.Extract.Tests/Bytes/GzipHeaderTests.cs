namespace VerseEtl.Extract.Tests.Bytes;

public sealed class GzipHeaderTests
{
    private const byte HeaderCrc = 2, Extra = 4, Name = 8, Comment = 16;
    private static readonly byte[] Content = "voxels"u8.ToArray();
    private static readonly byte[] Deflated = new DeflateWriter().Stored(Content).ToArray();

    private static byte[] WithHeaderCrc(byte flags, byte[] optionalFields, int flip = 0)
    {
        byte[] member = Gzip.Member(Deflated, Content, (byte)(flags | HeaderCrc), optionalFields);
        int crc = (int)(Gzip.Crc(member.AsSpan(0, 10 + optionalFields.Length)) & 0xFFFF) ^ flip;
        return Gzip.Member(Deflated, Content, (byte)(flags | HeaderCrc), [.. optionalFields, (byte)crc, (byte)(crc >> 8)]);
    }

    [Fact]
    public void Optional_fields_are_passed_over()
    {
        Assert.Equal(Content, Gzip.Unpack(Gzip.Member(Deflated, Content, 1)));
        Assert.Equal(Content, Gzip.Unpack(Gzip.Member(Deflated, Content, Extra, [3, 0, 1, 2, 3])));
        Assert.Equal(Content, Gzip.Unpack(Gzip.Member(Deflated, Content, Name, "mask.nii\0"u8.ToArray())));
        Assert.Equal(Content, Gzip.Unpack(Gzip.Member(Deflated, Content, Name | Comment | Extra, [0, 0, .. "mask.nii\0by hand\0"u8])));
        Assert.Equal(Content, Gzip.Unpack(WithHeaderCrc(Name, "mask.nii\0"u8.ToArray())));
    }

    [Fact]
    public void Damaged_headers_are_rejected()
    {
        byte[] method = Gzip.Member(Deflated, Content);
        method[2] = 7;
        Assert.Equal("GZ_HEADER", Gzip.Rejection(method));
        foreach (byte reserved in (byte[])[0x20, 0x40, 0x80]) Assert.Equal("GZ_HEADER", Gzip.Rejection(Gzip.Member(Deflated, Content, reserved)));
        Assert.Equal("GZ_HEADER", Gzip.Rejection(WithHeaderCrc(Name, "mask.nii\0"u8.ToArray(), flip: 1)));
        Assert.Equal("GZ_HEADER", Gzip.Rejection(WithHeaderCrc(0, [], flip: 0x8000)));
    }

    [Fact]
    public void A_name_or_comment_has_at_most_64_KiB()
    {
        foreach (byte flag in (byte[])[Name, Comment])
        {
            byte[] longest = Enumerable.Repeat((byte)'x', 65536).Append((byte)0).ToArray();
            Assert.Equal(Content, Gzip.Unpack(Gzip.Member(Deflated, Content, flag, longest)));
            Assert.Equal("GZ_HEADER", Gzip.Rejection(Gzip.Member(Deflated, Content, flag, [(byte)'x', .. longest])));
        }
    }

    [Fact]
    public void A_file_that_ends_in_its_header_is_truncated_and_in_an_optional_field_damaged()
    {
        byte[] member = Gzip.Member(Deflated, Content, Extra | Name | Comment | HeaderCrc, [2, 0, 7, 7, .. "name\0text\0"u8, 0, 0]);
        for (int length = 1; length < 10; length++) Assert.Equal("GZ_TRUNCATED", Gzip.Rejection(member[..length]));
        for (int length = 10; length < 26; length++) Assert.Equal((length, "GZ_HEADER"), (length, Gzip.Rejection(member[..length])));
    }

    [Fact]
    public void Text_from_the_header_is_in_no_message()
    {
        byte[] member = Gzip.Member(Deflated, Content, Name, "MUSTERMANN_ERIKA.nii\0"u8.ToArray());
        for (int length = 1; length < member.Length; length++)
        {
            BadFileException bad = Assert.Throws<BadFileException>(() => Gzip.Unpack(member[..length]));
            Assert.DoesNotContain("MUST", bad.Message + bad.Observed + bad.Expected + bad.Field, StringComparison.OrdinalIgnoreCase);
        }
    }
}
