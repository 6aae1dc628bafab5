using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Cache;

/// <summary>
/// A file of records in the order of their scan keys, in blocks that each carry their checksum; of a damaged block, and of what lies behind a damaged
/// head, nothing is known. A block: length of its records (u32), their number (u16), length of the first key (u16), that key, SHA-256 of all that and
/// of the records, the records. Not safe for several threads.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class IndexSegment : IDisposable
{
    public const int RecordsABlock = 128;

    private const int HeadLength = 8, ChecksumLength = 32, LongestBlock = 1 << 20, BlocksHeld = 4;

    private readonly SafeFileHandle _file;
    private readonly List<Block> _blocks = [];
    private readonly List<(int At, IndexedScan[] Records)> _held = [];

    private IndexSegment(string path, SafeFileHandle file) => (Path, _file) = (path, file);

    public string Path { get; }

    /// <summary>Records, each of a scan of its own.</summary>
    public int Count { get; private set; }

    /// <returns>Null if the file is gone.</returns>
    public static IndexSegment? Open(string path)
    {
        try
        {
            IndexSegment segment = new(path, File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete));
            segment.ReadHeads();
            return segment;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Blocks of records, which are in order and each of a scan of its own.</summary>
    public static void Write(Stream file, IEnumerable<IndexedScan> records)
    {
        foreach (IndexedScan[] block in records.Chunk(RecordsABlock)) file.Write(BlockOf(block));
    }

    public static byte[] BlockOf(params ReadOnlySpan<IndexedScan> records)
    {
        List<byte> body = [];
        foreach (IndexedScan record in records) record.WriteTo(body);
        byte[] key = Encoding.UTF8.GetBytes(records[0].ScanKey), head = new byte[HeadLength];
        BinaryPrimitives.WriteUInt32LittleEndian(head, checked((uint)body.Count));
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(4), checked((ushort)records.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(6), checked((ushort)key.Length));
        byte[] bytes = [.. body];
        return [.. head, .. key, .. Checksum([.. head, .. key], bytes), .. bytes];
    }

    /// <summary>The record of a scan and its place among all of the segment; null if there is none.</summary>
    public (IndexedScan Scan, int Place)? Find(string scanKey)
    {
        int low = 0, high = _blocks.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (string.CompareOrdinal(_blocks[middle].FirstKey, scanKey) <= 0) low = middle + 1;
            else high = middle;
        }
        if (low == 0) return null;
        IndexedScan[] records = Records(low - 1);
        (int first, int last) = (0, records.Length - 1);
        while (first <= last)
        {
            int middle = (first + last) / 2, order = string.CompareOrdinal(records[middle].ScanKey, scanKey);
            if (order == 0) return (records[middle], _blocks[low - 1].FirstPlace + middle);
            if (order < 0) first = middle + 1;
            else last = middle - 1;
        }
        return null;
    }

    /// <summary>All sound records with their places, in order.</summary>
    public IEnumerable<(IndexedScan Scan, int Place)> All()
    {
        for (int block = 0; block < _blocks.Count; block++)
        {
            IndexedScan[] records = Records(block);
            for (int at = 0; at < records.Length; at++) yield return (records[at], _blocks[block].FirstPlace + at);
        }
    }

    public void Dispose() => _file.Dispose();

    private void ReadHeads()
    {
        byte[] buffer = new byte[HeadLength + ushort.MaxValue];
        long end = RandomAccess.GetLength(_file);
        for (long at = 0; at < end;)
        {
            // most keys are read together with the head
            int read = Guard(() => RandomAccess.Read(_file, buffer.AsSpan(0, HeadLength + 120), at));
            if (read < HeadLength) return;
            int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(buffer);
            int count = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(4)), keyLength = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(6));
            long next = at + HeadLength + keyLength + ChecksumLength + length;
            if (length is <= 0 or > LongestBlock || count is 0 or > RecordsABlock || next > end) return;
            if (read < HeadLength + keyLength) read = Guard(() => RandomAccess.Read(_file, buffer.AsSpan(0, HeadLength + keyLength), at));
            if (read < HeadLength + keyLength) return;
            string key = Encoding.UTF8.GetString(buffer, HeadLength, keyLength);
            if (_blocks.Count > 0 && string.CompareOrdinal(_blocks[^1].FirstKey, key) >= 0) return;
            _blocks.Add(new Block(key, at, (int)(next - at), Count));
            Count += count;
            at = next;
        }
    }

    private IndexedScan[] Records(int block)
    {
        int held = _held.FindIndex(each => each.At == block);
        if (held >= 0) return _held[held].Records;
        byte[] bytes = new byte[_blocks[block].Length];
        int read = Guard(() => RandomAccess.Read(_file, bytes, _blocks[block].Offset));
        IndexedScan[] records = read == bytes.Length ? Parse(bytes) ?? [] : [];
        if (_held.Count == BlocksHeld) _held.RemoveAt(0);
        _held.Add((block, records));
        return records;
    }

    /// <summary>Every sound block of bytes that are blocks one after the other, up to the first damaged one.</summary>
    public static IEnumerable<IndexedScan> Parsed(byte[] bytes)
    {
        for (int at = 0; bytes.Length - at >= HeadLength;)
        {
            long length = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) + HeadLength + ChecksumLength
                + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + 6));
            if (length > bytes.Length - at || Parse(bytes.AsSpan(at, (int)length)) is not IndexedScan[] records) yield break;
            foreach (IndexedScan record in records) yield return record;
            at += (int)length;
        }
    }

    /// <returns>Null if the block is damaged.</returns>
    private static IndexedScan[]? Parse(ReadOnlySpan<byte> block)
    {
        int head = HeadLength + BinaryPrimitives.ReadUInt16LittleEndian(block[6..]);
        if (head + ChecksumLength > block.Length) return null;
        ReadOnlySpan<byte> body = block[(head + ChecksumLength)..];
        if (!block.Slice(head, ChecksumLength).SequenceEqual(Checksum(block[..head], body))) return null;
        IndexedScan[] records = new IndexedScan[BinaryPrimitives.ReadUInt16LittleEndian(block[4..])];
        for (int at = 0; at < records.Length; at++) records[at] = IndexedScan.Read(ref body);
        return records;
    }

    private static byte[] Checksum(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    /// <param name="FirstPlace">Records in the blocks before it.</param>
    private readonly record struct Block(string FirstKey, long Offset, int Length, int FirstPlace);
}
