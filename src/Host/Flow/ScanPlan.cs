using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Cohort;

namespace VerseEtl.Host.Flow;

/// <summary>A list of scans to measure, in the order of keys; in a workspace, so that a plan of a million scans is not held.</summary>
internal sealed class ScanPlan(IWorkspace workspace) : IDisposable
{
    // sorts before anything that a key may hold
    private const char Between = '\0';

    private readonly IRecordSorter _scans = workspace.Sorter();
    private readonly RecordWriter _record = new();
    private readonly HashSet<string> _warehouses = new(StringComparer.Ordinal);
    private int _lines;

    /// <summary>The warehouses that it was made for.</summary>
    public IReadOnlyCollection<string> Warehouses => _warehouses;

    /// <summary>A plan that is held, for some hundred scans.</summary>
    public static ScanPlan Of(IEnumerable<PlannedScan> scans)
    {
        ScanPlan plan = new(new MemoryWorkspace());
        foreach (PlannedScan scan in scans) plan.Add(scan);
        return plan;
    }

    /// <summary>Adds a line; of several about one scan the first counts.</summary>
    public void Add(PlannedScan scan)
    {
        if (scan.Warehouse is not null) _warehouses.Add(scan.Warehouse);
        _record.Write(scan.Bytes);
        _record.Write(scan.Files.Count);
        // a line may hold null for a file
        foreach (PlannedFile? file in scan.Files)
        {
            _record.WriteText(file?.Path);
            _record.Write(file?.Bytes is not null);
            _record.Write(file?.Bytes ?? 0);
        }
        _scans.Add(Invariant($"{scan.Key}{Between}{_lines++:D10}"), _record.TakeBytes());
    }

    /// <summary>Every scan once, without its work and warehouse, with its line from 0.</summary>
    public IEnumerable<(PlannedScan Scan, int Line)> InKeyOrder()
    {
        string? last = null;
        foreach ((string key, byte[] record) in _scans.InKeyOrder())
        {
            int end = key.LastIndexOf(Between);
            if (last is not null && key.AsSpan(0, end).SequenceEqual(last)) continue;
            last = key[..end];
            yield return (Read(last, record), int.Parse(key.AsSpan(end + 1), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    public void Dispose()
    {
        _scans.Dispose();
        _record.Dispose();
    }

    private static PlannedScan Read(string key, byte[] bytes)
    {
        RecordReader record = new(bytes);
        long size = record.ReadInt64();
        PlannedFile[] files = new PlannedFile[record.ReadInt32()];
        for (int at = 0; at < files.Length; at++)
        {
            string? path = record.ReadText();
            bool isSized = record.ReadBoolean();
            long stored = record.ReadInt64();
            files[at] = new PlannedFile(path!, isSized ? stored : null);
        }
        return new PlannedScan(key, files, size, null, null);
    }
}
