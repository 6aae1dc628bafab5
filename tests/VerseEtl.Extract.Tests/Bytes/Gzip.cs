using System.Buffers.Binary;
using System.IO.Compression;
using VerseEtl.Extract.Bytes;

namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>Packs and unpacks whole files in memory, and builds gzip members by hand.</summary>
internal static class Gzip
{
    public static byte[] Pack(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, level, leaveOpen: true)) gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>A member around a DEFLATE stream that is said to hold <paramref name="content"/>.</summary>
    public static byte[] Member(byte[] deflated, byte[] content, byte flags = 0, byte[]? optionalFields = null)
    {
        byte[] trailer = new byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc(content));
        BinaryPrimitives.WriteUInt32LittleEndian(trailer.AsSpan(4), (uint)content.Length);
        return [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3, .. optionalFields ?? [], .. deflated, .. trailer];
    }

    /// <summary>CRC-32 bit by bit, as RFC 1952 defines it.</summary>
    public static uint Crc(ReadOnlySpan<byte> content)
    {
        uint register = uint.MaxValue;
        foreach (byte b in content)
        {
            register ^= b;
            for (int bit = 0; bit < 8; bit++) register = (register & 1) != 0 ? (register >> 1) ^ 0xEDB88320 : register >> 1;
        }
        return ~register;
    }

    public static byte[] Unpack(byte[] stored, int readSize = int.MaxValue) => Unpack(new OddReads(stored, readSize)).Content;

    public static Unpacked Unpack(Stream stored, bool acceptPlain = false)
    {
        using ByteSource source = ByteSource.Open(stored, gzip: true, acceptPlain);
        return Drain(source);
    }

    /// <summary>Reads a source to its end, writing out the zeros it only counts.</summary>
    public static Unpacked Drain(ByteSource source)
    {
        using MemoryStream content = new();
        long longestZeros = 0;
        while (source.Read(out ReadOnlyMemory<byte> bytes, out long zeros))
        {
            Assert.NotEqual(bytes.Length > 0, zeros > 0);
            content.Write(bytes.Span);
            if (zeros > 0) content.Write(new byte[zeros]);
            Assert.Equal(content.Length, source.Position);
            longestZeros = Math.Max(longestZeros, zeros);
        }
        Assert.False(source.Read(out _, out _));
        return new Unpacked(content.ToArray(), longestZeros, source.Notes);
    }

    /// <summary>The code with which a file is rejected, or null if it is unpacked.</summary>
    public static string? Rejection(byte[] stored)
    {
        try
        {
            Unpack(stored);
            return null;
        }
        catch (BadFileException bad)
        {
            return bad.Fault.Code;
        }
    }

    public sealed record Unpacked(byte[] Content, long LongestZeros, IReadOnlyList<FileNote> Notes);
}
