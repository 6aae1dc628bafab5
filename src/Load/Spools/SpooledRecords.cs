using System.Runtime.Versioning;
using VerseEtl.Transform.Cohort;

namespace VerseEtl.Load.Spools;

/// <summary>Records in sorted runs; a block of each run is held while they are merged. Few records never leave memory.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SpooledSorter(string folder, SpoolSizes sizes) : IRecordSorter
{
    private static readonly Comparer<(string Key, byte[] Record)> ByKey =
        Comparer<(string Key, byte[] Record)>.Create((one, other) => string.CompareOrdinal(one.Key, other.Key));

    private readonly Lazy<SpoolFile> _file = new(() => new SpoolFile(folder));
    private readonly List<long[]> _runs = [];
    private readonly List<(string Key, byte[] Record)> _latest = [];

    public void Add(string key, byte[] record)
    {
        _latest.Add((key, record));
        if (_latest.Count < sizes.RecordsPerRun) return;
        _latest.Sort(ByKey);
        _runs.Add([.. _latest.Chunk(sizes.PerBlock).Select(block => _file.Value.Append(Written(block)))]);
        _latest.Clear();
    }

    public IEnumerable<(string Key, byte[] Record)> InKeyOrder() => SortedRuns.Merged(_runs.Select(Read).Append(_latest.Order(ByKey)), ByKey);

    public void Dispose()
    {
        if (_file.IsValueCreated) _file.Value.Dispose();
    }

    private static byte[] Written((string Key, byte[] Record)[] block)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        foreach ((string key, byte[] record) in block)
        {
            writer.Write(key);
            writer.Write7BitEncodedInt(record.Length);
            writer.Write(record);
        }
        return bytes.ToArray();
    }

    private IEnumerable<(string Key, byte[] Record)> Read(long[] blocks)
    {
        foreach (long block in blocks)
        {
            byte[] bytes = _file.Value.Read(block);
            using BinaryReader reader = new(new MemoryStream(bytes));
            while (reader.BaseStream.Position < bytes.Length) yield return (reader.ReadString(), reader.ReadBytes(reader.Read7BitEncodedInt()));
        }
    }
}

/// <summary>Records by place; of each block of them eight bytes are held, and the block that was read last. Few records never leave memory.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SpooledRecords(string folder, SpoolSizes sizes) : IRecordList
{
    private readonly Lazy<SpoolFile> _file = new(() => new SpoolFile(folder));
    private readonly List<long> _blocks = [];
    private readonly List<byte[]> _latest = [];
    private Held? _held;

    public int Count => (_blocks.Count * sizes.PerBlock) + _latest.Count;

    public byte[] this[int place]
    {
        get
        {
            (int block, int at) = Math.DivRem(place, sizes.PerBlock);
            if (block >= _blocks.Count) return _latest[place - (_blocks.Count * sizes.PerBlock)];
            Held? held = Volatile.Read(ref _held);
            if (held?.Block != block) Volatile.Write(ref _held, held = new Held(block, Read(_blocks[block])));
            return held.Records[at];
        }
    }

    public void Add(byte[] record)
    {
        _latest.Add(record);
        if (_latest.Count < sizes.RecordsPerRun) return;
        foreach (byte[][] block in _latest.Chunk(sizes.PerBlock)) _blocks.Add(_file.Value.Append(Written(block)));
        _latest.Clear();
    }

    public void Dispose()
    {
        if (_file.IsValueCreated) _file.Value.Dispose();
    }

    private static byte[] Written(byte[][] block)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        foreach (byte[] record in block)
        {
            writer.Write7BitEncodedInt(record.Length);
            writer.Write(record);
        }
        return bytes.ToArray();
    }

    private byte[][] Read(long at)
    {
        byte[] bytes = _file.Value.Read(at);
        using BinaryReader reader = new(new MemoryStream(bytes));
        List<byte[]> records = new(sizes.PerBlock);
        while (reader.BaseStream.Position < bytes.Length) records.Add(reader.ReadBytes(reader.Read7BitEncodedInt()));
        return [.. records];
    }

    private sealed record Held(int Block, byte[][] Records);
}
