using System.Buffers.Binary;
using System.Text;

namespace VerseEtl.Load.Cache;

/// <summary>
/// What is known of a scan without reading its files or its stored result. All of it was true when the scan looked as <see cref="Looks"/> says: a
/// record of a scan that looks otherwise says nothing.
/// </summary>
internal sealed record IndexedScan
{
    /// <summary>Bytes of <see cref="Looks"/>.</summary>
    public const int LooksLength = 16;

    private const int HashLength = 32;
    private const byte HasPicture = 1, PicturesWanted = 2;

    public required string ScanKey { get; init; }

    /// <summary>The beginning of a SHA-256 over what is claimed of the scan, its files' names, sizes, inodes and times, and how they are read.</summary>
    public required byte[] Looks { get; init; }

    /// <summary>Key of the stored result.</summary>
    public required string Entry { get; init; }

    /// <summary>What the result adds to the digest of a run's inputs: a SHA-256.</summary>
    public required byte[] Leaf { get; init; }

    /// <summary>Whether <see cref="Leaf"/> is of the result as it is with pictures.</summary>
    public bool WithPictures { get; init; }

    /// <summary>SHA-256 of the result's picture, lower-case hexadecimal; null without one.</summary>
    public string? Picture { get; init; }

    /// <summary>Its size; 0 without one.</summary>
    public long PictureBytes { get; init; }

    /// <summary>
    /// Length of the key (u16), key, looks, length of the entry's key (u8), that key in binary, leaf, flags (u8), and where there is a picture its
    /// SHA-256 and size (u32). Little-endian.
    /// </summary>
    public void WriteTo(List<byte> bytes)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        byte[] key = Encoding.UTF8.GetBytes(ScanKey), entry = Convert.FromHexString(Entry);
        BinaryPrimitives.WriteUInt16LittleEndian(number, checked((ushort)key.Length));
        bytes.AddRange(number[..sizeof(ushort)]);
        bytes.AddRange(key);
        bytes.AddRange(Looks);
        bytes.Add(checked((byte)entry.Length));
        bytes.AddRange(entry);
        bytes.AddRange(Leaf);
        bytes.Add((byte)((Picture is null ? 0 : HasPicture) | (WithPictures ? PicturesWanted : 0)));
        if (Picture is null) return;
        bytes.AddRange(Convert.FromHexString(Picture));
        BinaryPrimitives.WriteUInt32LittleEndian(number, checked((uint)PictureBytes));
        bytes.AddRange(number);
    }

    /// <param name="bytes">Of a block whose checksum is right; moved behind the record.</param>
    public static IndexedScan Read(ref ReadOnlySpan<byte> bytes)
    {
        string key = Encoding.UTF8.GetString(Take(ref bytes, BinaryPrimitives.ReadUInt16LittleEndian(Take(ref bytes, sizeof(ushort)))));
        byte[] looks = Take(ref bytes, LooksLength).ToArray();
        string entry = Convert.ToHexStringLower(Take(ref bytes, Take(ref bytes, 1)[0]));
        byte[] leaf = Take(ref bytes, HashLength).ToArray();
        byte flags = Take(ref bytes, 1)[0];
        bool pictured = (flags & HasPicture) != 0;
        return new IndexedScan
        {
            ScanKey = key,
            Looks = looks,
            Entry = entry,
            Leaf = leaf,
            WithPictures = (flags & PicturesWanted) != 0,
            Picture = pictured ? Convert.ToHexStringLower(Take(ref bytes, HashLength)) : null,
            PictureBytes = pictured ? BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, sizeof(uint))) : 0,
        };
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        ReadOnlySpan<byte> taken = bytes[..count];
        bytes = bytes[count..];
        return taken;
    }
}
