using System.Buffers.Binary;
using System.IO.Compression;
using VerseEtl.Extract.Bytes;

namespace VerseEtl.Extract.Tests.Differential;

/// <summary>Holds our inflater against .NET's on one stream: the same bytes, or both refuse it.</summary>
internal static class Sameness
{
    // behind a stream, so that our loop for input that is nearly used up has no part in it
    private static readonly byte[] Padding = new byte[64];

    private static readonly byte[] Header = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3];

    /// <summary>
    /// A stream that .NET unpacks is put into a gzip member with the checksum of what .NET has unpacked; ours then has to accept it, and so
    /// has GZipStream, which is fed in large pieces; and zeros behind the member change nothing. A stream that .NET refuses must be refused
    /// as DEFLATE, not for a checksum; what was handed out before that must agree. Where .NET says nothing of a stream that is cut off, ours
    /// has to. One difference is allowed: a block whose code of code lengths is empty is invalid to zlib only after a bit for each length (it
    /// takes all of them as 0 and then misses the end of the block), to ours at once; so a file that ends in between is truncated to one and
    /// invalid to the other.
    /// </summary>
    /// <returns>.NET's verdict, for counting.</returns>
    public static Verdict OfDeflate(byte[] deflated, string what)
    {
        DotNetInflater theirs = DotNetInflater.Of(deflated);
        if (theirs.Verdict == Verdict.Whole)
        {
            byte[] packed = Member(deflated.AsSpan(0, theirs.Consumed), theirs.Content);
            (byte[] content, string? refusal) = Ours(packed);
            if (refusal is not null) Fail(what, $"ours refuses what .NET unpacks: {refusal}", deflated);
            if (!content.AsSpan().SequenceEqual(theirs.Content)) Fail(what, "other bytes", deflated);
            (content, refusal) = Ours([.. packed, .. Padding]);
            if (refusal is not null || !content.AsSpan().SequenceEqual(theirs.Content))
                Fail(what, $"zeros behind the member change the outcome ({refusal})", deflated);
            if (!GzipStream(packed).AsSpan().SequenceEqual(theirs.Content)) Fail(what, "GZipStream gives other bytes than DeflateStream", deflated);
            return theirs.Verdict;
        }
        (byte[] start, string? reason) = Ours([.. Header, .. deflated]);
        if (reason is null) Fail(what, "ours unpacks what .NET refuses", deflated);
        bool asDeflate = reason!.StartsWith("GZ_TRUNCATED", StringComparison.Ordinal) && !reason.Contains("of the trailer", StringComparison.Ordinal);
        asDeflate |= reason.StartsWith("GZ_DEFLATE", StringComparison.Ordinal) && (theirs.Verdict == Verdict.Invalid || HasEmptyCode(deflated, reason));
        if (!asDeflate) Fail(what, $".NET says {theirs.Verdict}, ours {reason}", deflated);
        if (theirs.Verdict == Verdict.Invalid)
        {
            (_, reason) = Ours([.. Header, .. deflated, .. Padding]);
            if (reason?.StartsWith("GZ_DEFLATE", StringComparison.Ordinal) != true)
                Fail(what, $".NET says Invalid, ours, with zeros behind it, {reason}", deflated);
        }
        int common = Math.Min(start.Length, theirs.Content.Length);
        if (!start.AsSpan(0, common).SequenceEqual(theirs.Content.AsSpan(0, common))) Fail(what, "other bytes before the refusal", deflated);
        return theirs.Verdict;
    }

    /// <summary>A gzip file made by an encoder: accepted by both, with the same bytes, which are returned.</summary>
    public static byte[] OfFile(byte[] packed, string what)
    {
        (byte[] ours, string? refusal) = Ours(packed);
        Assert.True(refusal is null, $"{what}: {refusal}");
        Assert.True(ours.AsSpan().SequenceEqual(GzipStream(packed)), $"{what}: other bytes");
        return ours;
    }

    // with enough bits for all lengths .NET must refuse the same stream
    private static bool HasEmptyCode(byte[] deflated, string reason) =>
        reason.Contains("code of code lengths", StringComparison.Ordinal)
            && DotNetInflater.Of([.. deflated, .. new byte[(286 + 30) / 8 + 1]]).Verdict == Verdict.Invalid;

    private static byte[] Member(ReadOnlySpan<byte> deflated, byte[] content)
    {
        byte[] packed = new byte[Header.Length + deflated.Length + 8];
        Header.CopyTo(packed, 0);
        deflated.CopyTo(packed.AsSpan(Header.Length));
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(packed.Length - 8), ChecksumByTable.Of(content));
        BinaryPrimitives.WriteUInt32LittleEndian(packed.AsSpan(packed.Length - 4), (uint)content.Length);
        return packed;
    }

    private static (byte[] Content, string? Refusal) Ours(byte[] packed)
    {
        using MemoryStream content = new();
        try
        {
            using GzipSource source = new(new MemoryStream(packed));
            while (source.Read(out ReadOnlyMemory<byte> bytes, out long zeros))
            {
                content.Write(bytes.Span);
                content.SetLength(content.Length + zeros);
                content.Position = content.Length;
            }
            return (content.ToArray(), null);
        }
        catch (BadFileException bad)
        {
            return (content.ToArray(), $"{bad.Fault.Code} ({bad.Observed})");
        }
    }

    private static byte[] GzipStream(byte[] packed)
    {
        using GZipStream stream = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static void Fail(string what, string how, byte[] deflated) =>
        Assert.Fail($"{what}: {how}; DEFLATE: {Convert.ToHexString(deflated.AsSpan(0, Math.Min(deflated.Length, 4000)))}");

    /// <summary>CRC-32 byte by byte, independent of the product's.</summary>
    private static class ChecksumByTable
    {
        private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value =>
        {
            uint entry = (uint)value;
            for (int bit = 0; bit < 8; bit++) entry = (entry & 1) != 0 ? entry >> 1 ^ 0xEDB88320 : entry >> 1;
            return entry;
        })];

        public static uint Of(byte[] content)
        {
            uint register = uint.MaxValue;
            foreach (byte b in content) register = Table[(byte)(register ^ b)] ^ register >> 8;
            return ~register;
        }
    }
}
