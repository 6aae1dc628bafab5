using System.IO.Compression;

namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>Blocks made by hand: what RFC 1951 allows is unpacked, what zlib rejects is rejected.</summary>
public sealed class DeflateBlockTests
{
    private static byte[] Unpack(DeflateWriter deflated, byte[] content) => Gzip.Unpack(Gzip.Member(deflated.ToArray(), content));

    // padded, so that the end of the file is not what makes it invalid
    private static void AssertInvalid(DeflateWriter deflated, string what)
    {
        byte[] packed = Gzip.Member([.. deflated.ToArray(), .. new byte[100]], []);
        BadFileException bad = Assert.Throws<BadFileException>(() => Gzip.Unpack(packed));
        Assert.Equal("GZ_DEFLATE", bad.Fault.Code);
        Assert.Contains(what, bad.Observed, StringComparison.Ordinal);
        using GZipStream reference = new(new MemoryStream(packed), CompressionMode.Decompress);
        Assert.Throws<InvalidDataException>(() => reference.CopyTo(Stream.Null));
    }

    // 'a', a match of three at distance one where the code allows it, end of block
    private static int[] Lengths(params (int Symbol, int Length)[] codes)
    {
        int[] lengths = new int[Math.Max(257, codes.Max(code => code.Symbol) + 1)];
        foreach ((int symbol, int length) in codes) lengths[symbol] = length;
        return lengths;
    }

    [Fact]
    public void Stored_fixed_and_empty_blocks_follow_each_other()
    {
        DeflateWriter deflated = new DeflateWriter().Stored([1, 2, 3], last: false).Stored([], last: false)
            .Block(1, last: false).Fixed(200).Fixed(257).FixedDistance(3).FixedEnd().Block(1).FixedEnd();
        byte[] content = [1, 2, 3, 200, 1, 2, 3];
        Assert.Equal(content, Unpack(deflated, content));
    }

    [Fact]
    public void Length_258_has_two_codes()
    {
        byte[] content = new byte[1 + 258 + 258];
        Array.Fill(content, (byte)9);
        DeflateWriter deflated = new DeflateWriter().Block(1).Fixed(9).Fixed(285).FixedDistance(0).Fixed(284).Number(31, 5).FixedDistance(0).FixedEnd();
        Assert.Equal(content, Unpack(deflated, content));
    }

    [Fact]
    public void A_block_may_have_a_single_distance_code_or_none()
    {
        int[] literals = Lengths((97, 2), (256, 2), (257, 1));
        Assert.Equal("aaaa"u8.ToArray(), Unpack(new DeflateWriter().Dynamic(literals, [1]).Code(2, 2).Code(0, 1).Code(0, 1).Code(3, 2), "aaaa"u8.ToArray()));
        Assert.Equal("a"u8.ToArray(), Unpack(new DeflateWriter().Dynamic(literals, [0]).Code(2, 2).Code(3, 2), "a"u8.ToArray()));
        AssertInvalid(new DeflateWriter().Dynamic(literals, [1]).Code(2, 2).Code(0, 1).Code(1, 1), "distance that has no code");
        AssertInvalid(new DeflateWriter().Dynamic(literals, [0]).Code(2, 2).Code(0, 1).Code(0, 1), "distance that has no code");
    }

    [Fact]
    public void A_block_may_have_its_end_as_the_only_code()
    {
        Assert.Equal([], Unpack(new DeflateWriter().Dynamic(Lengths((256, 1)), [0]).Code(0, 1), []));
        AssertInvalid(new DeflateWriter().Dynamic(Lengths((256, 1)), [0]).Code(1, 1), "literal or length that has no code");
    }

    [Fact]
    public void Codes_that_are_over_subscribed_or_incomplete_are_rejected()
    {
        AssertInvalid(new DeflateWriter().Dynamic(Lengths((1, 1), (2, 1), (256, 1)), [1]), "code of literals and lengths");
        AssertInvalid(new DeflateWriter().Dynamic(Lengths((1, 2), (256, 2)), [1]), "code of literals and lengths");
        AssertInvalid(new DeflateWriter().Dynamic(Lengths((256, 2)), [1]), "code of literals and lengths");
        AssertInvalid(new DeflateWriter().Dynamic(Lengths((1, 1), (256, 1)), [1, 1, 1]), "code of distances");
        AssertInvalid(new DeflateWriter().Dynamic(Lengths((1, 1), (256, 1)), [2, 2, 2]), "code of distances");
        AssertInvalid(new DeflateWriter().Dynamic(Lengths((1, 1), (256, 1)), [2]), "code of distances");
        AssertInvalid(new DeflateWriter().Block(2).Number(0, 14).Number(1, 3).Number(1, 3).Number(1, 3), "code of code lengths");
        AssertInvalid(new DeflateWriter().Block(2).Number(0, 14).Number(1, 3), "code of code lengths");
        AssertInvalid(new DeflateWriter().Dynamic(Lengths((1, 1), (2, 1)), [1]), "cannot end");
    }

    [Fact]
    public void Headers_of_dynamic_blocks_are_checked()
    {
        AssertInvalid(new DeflateWriter().DynamicHeader(287, 1), "too many");
        AssertInvalid(new DeflateWriter().DynamicHeader(257, 31), "too many");
        AssertInvalid(new DeflateWriter().DynamicHeader(257, 1).CodeLength(16).Number(0, 2), "repeats nothing");
        AssertInvalid(new DeflateWriter().DynamicHeader(257, 1).CodeLength(18).Number(127, 7).CodeLength(18).Number(127, 7), "beyond the last symbol");
    }

    [Fact]
    public void Symbols_that_only_fill_up_the_fixed_codes_are_rejected()
    {
        foreach (int symbol in (int[])[286, 287]) AssertInvalid(new DeflateWriter().Block(1).Fixed(symbol), "literal or length");
        foreach (int symbol in (int[])[30, 31]) AssertInvalid(new DeflateWriter().Block(1).Fixed(1).Fixed(257).FixedDistance(symbol), "distance");
    }

    [Fact]
    public void Distances_beyond_the_start_are_rejected_with_the_place()
    {
        AssertInvalid(new DeflateWriter().Block(1).Fixed(257).FixedDistance(0), "at unpacked byte 0");
        AssertInvalid(new DeflateWriter().Block(1).Fixed(1).Fixed(2).Fixed(257).FixedDistance(2), "at unpacked byte 2");
    }

    [Fact]
    public void A_member_cannot_refer_to_the_one_before_it()
    {
        byte[] first = Gzip.Member(new DeflateWriter().Stored([1, 2, 3, 4]).ToArray(), [1, 2, 3, 4]);
        byte[] second = Gzip.Member([.. new DeflateWriter().Block(1).Fixed(257).FixedDistance(2).FixedEnd().ToArray(), .. new byte[40]], [2, 3, 4]);
        Assert.Equal("GZ_DEFLATE", Gzip.Rejection([.. first, .. second]));
    }

    [Fact]
    public void Stored_blocks_and_block_types_are_checked()
    {
        AssertInvalid(new DeflateWriter().Stored([1, 2, 3], complement: 0), "complement");
        AssertInvalid(new DeflateWriter().Block(3), "block type 3");
    }
}
