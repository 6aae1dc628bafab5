using System.Collections;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using VerseEtl.Load.Storage;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Cache;

/// <summary>
/// Remembers of each scan how it looked and which stored result it had then, so that a nightly run need not open what did not change. Holds hints only:
/// a lost or damaged index costs time, never a wrong row. What is remembered goes into a journal of this process at once, so that a kill loses
/// nothing; from there into a sorted segment, a file that never changes. Segments are merged when what is newer has grown to half of what is older,
/// so that a night writes in proportion to what changed. The newest record of a scan holds. Several hosts may share an index: each adds segments,
/// one at a time merges. Safe to use from several threads.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ScanIndex : IDisposable
{
    private const string SegmentEnding = ".segment", JournalEnding = ".journal", OlderEnding = ".json", LockEnding = ".lock";

    // whoever holds the lock longer was stopped in the middle; without it nothing is merged
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    // its process may still write to it
    private static readonly TimeSpan JournalAbandonedAfter = TimeSpan.FromDays(1);

    private readonly string _directory, _name;
    private readonly int _recordsInMemory;
    private readonly Lock _using = new();
    private readonly SortedDictionary<string, IndexedScan> _fresh = new(StringComparer.Ordinal);
    private readonly HashSet<string> _freshSeen = new(StringComparer.Ordinal);
    private readonly List<(IndexSegment Segment, BitArray Seen)> _segments = [];
    private FileStream? _journal;
    private bool _unwritten;

    /// <param name="directory">The cache folder of a warehouse.</param>
    /// <param name="source">The source the scans are in: each has its own index.</param>
    /// <param name="recordsInMemory">So many new records are held before they become a segment.</param>
    public ScanIndex(string directory, string source, int recordsInMemory = 1 << 14)
    {
        (_directory, _name, _recordsInMemory) = (directory, NameOf(source), recordsInMemory);
        foreach (string path in Guard(() => Files(SegmentEnding)))
            if (Guard(() => IndexSegment.Open(path)) is IndexSegment segment) _segments.Add((segment, new BitArray(segment.Count)));
        // a journal below a segment's number was taken over into it, or would have been
        long newest = Newest(_segments.Select(each => each.Segment.Path));
        foreach (string path in Guard(() => Files(JournalEnding)).Where(path => NumberOf(path) > newest))
            foreach (IndexedScan scan in IndexSegment.Parsed(Guard(() => BytesOf(path))))
                (_fresh[scan.ScanKey], _unwritten) = (scan, true);
    }

    /// <summary>The newest record of a scan; null if there is none.</summary>
    public IndexedScan? Find(string scanKey)
    {
        lock (_using)
        {
            if (_fresh.TryGetValue(scanKey, out IndexedScan? fresh))
            {
                _freshSeen.Add(scanKey);
                return fresh;
            }
            for (int at = _segments.Count - 1; at >= 0; at--)
                if (_segments[at].Segment.Find(scanKey) is (IndexedScan found, int place))
                {
                    _segments[at].Seen[place] = true;
                    return found;
                }
            return null;
        }
    }

    /// <summary>Remembers a scan. Its looks must have been taken before it was read and found unchanged after.</summary>
    public void Remember(IndexedScan scan)
    {
        byte[] block = IndexSegment.BlockOf(scan);
        lock (_using)
        {
            _fresh[scan.ScanKey] = scan;
            _freshSeen.Add(scan.ScanKey);
            _unwritten = true;
            Guard(() =>
            {
                _journal ??= new FileStream(PathOf(NextNumber(), JournalEnding),
                    FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
                _journal.Write(block);
                return true;
            });
            if (_fresh.Count >= _recordsInMemory) Spill(whole: false);
        }
    }

    /// <summary>Puts what was remembered into the index, beside what other hosts put there meanwhile.</summary>
    /// <param name="whole">Every scan of the source was asked for: the others are gone, and go where they are most of the index.</param>
    public void Save(bool whole = false)
    {
        lock (_using)
        {
            if (!_unwritten) Guard(Touch);
            else Spill(whole);
            Merge(whole);
            foreach (string journal in Guard(() => Files(JournalEnding)))
                if (File.GetLastWriteTimeUtc(journal) < DateTime.UtcNow - JournalAbandonedAfter) Durable.Unlink(journal);
        }
    }

    /// <summary>Indexes of other sources, as of places where a share was mounted once, that no run has used since a time, with what belongs to them.</summary>
    /// <param name="source">The source whose index stays; null if none is known.</param>
    public static IReadOnlyList<string> UnusedSince(string directory, string? source, DateTimeOffset time) => Guard(() =>
    {
        int length = NameOf("").Length;
        string? own = source is null ? null : NameOf(source);
        return Directory.Exists(directory)
            ? Directory.GetFiles(directory, "files-*")
                .GroupBy(file => Path.GetFileName(file).PadRight(length)[..length], StringComparer.Ordinal)
                .Where(of => of.Key != own && of.All(file => File.GetLastWriteTimeUtc(file) < time.UtcDateTime)).SelectMany(of => of).ToArray()
            : [];
    });

    /// <summary>Where what belongs to an index of a source is kept: gone with it.</summary>
    public static string PathOf(string directory, string source, string ending) => Path.Combine(directory, NameOf(source) + ending);

    public void Dispose()
    {
        lock (_using)
        {
            _journal?.Dispose();
            _journal = null;
            foreach ((IndexSegment segment, _) in _segments) segment.Dispose();
            _segments.Clear();
        }
    }

    /// <summary>What is fresh becomes the newest segment; of records that a killed process left only its journal knew.</summary>
    private void Spill(bool whole)
    {
        List<IndexedScan> records = [.. _fresh.Values.Where(scan => !whole || _freshSeen.Contains(scan.ScanKey))];
        long number = Guard(NextNumber);
        if (records.Count > 0 && Added(number, records) is IndexSegment added) _segments.Add((added, Seen(added, scan => _freshSeen.Contains(scan))));
        if (_journal is FileStream mine)
        {
            mine.Dispose();
            Durable.Unlink(mine.Name);
            _journal = null;
        }
        // the index of builds up to 0.2.0
        Durable.Unlink(Path.Combine(_directory, _name + OlderEnding));
        Durable.Unlink(Path.Combine(_directory, _name + OlderEnding + LockEnding));
        _fresh.Clear();
        _freshSeen.Clear();
        _unwritten = false;
    }

    /// <summary>
    /// Merges the segments from the oldest on that is no longer twice what is newer. Where every scan was asked for, a merge of all leaves out those
    /// that nobody asked for, and takes place as soon as they are the larger part.
    /// </summary>
    private void Merge(bool whole)
    {
        int from = _segments.Count;
        long newer = 0;
        for (int at = _segments.Count - 1; at >= 0; newer += _segments[at--].Segment.Count)
            if (newer > 0 && _segments[at].Segment.Count <= 2 * newer) from = at;
        long seen = _segments.Sum(each => each.Seen.Cast<bool>().LongCount(bit => bit));
        if (whole && newer > 2 * seen) from = 0;
        if (from == _segments.Count || (_segments.Count - from == 1 && seen == newer)) return;
        using IDisposable? held = Lock();
        // another host that merges, or merged these
        if (held is null || _segments.Any(each => !File.Exists(each.Segment.Path))) return;
        (IndexSegment Segment, BitArray Seen)[] merged = [.. _segments.Skip(from)];
        bool forget = whole && from == 0;
        IEnumerable<IndexedScan> kept = Merged(merged).Where(each => !forget || each.Seen).Select(each => each.Scan);
        if (Added(NumberOf(merged[^1].Segment.Path), kept) is not IndexSegment added) return;
        _segments.RemoveRange(from, merged.Length);
        _segments.Add((added, new BitArray(added.Count)));
        foreach ((IndexSegment segment, _) in merged)
        {
            segment.Dispose();
            Durable.Unlink(segment.Path);
        }
    }

    /// <summary>In order, of each scan the newest record.</summary>
    private static IEnumerable<(IndexedScan Scan, bool Seen)> Merged((IndexSegment Segment, BitArray Seen)[] segments)
    {
        IEnumerator<(IndexedScan Scan, int Place)>[] all = [.. segments.Select(each => each.Segment.All().GetEnumerator())];
        bool[] more = [.. all.Select(each => each.MoveNext())];
        while (true)
        {
            int newest = -1;
            for (int at = 0; at < all.Length; at++)
                if (more[at] && (newest < 0 || string.CompareOrdinal(all[at].Current.Scan.ScanKey, all[newest].Current.Scan.ScanKey) <= 0)) newest = at;
            if (newest < 0) yield break;
            (IndexedScan scan, int place) = all[newest].Current;
            yield return (scan, segments[newest].Seen[place]);
            for (int at = 0; at < all.Length; at++)
                if (more[at] && all[at].Current.Scan.ScanKey == scan.ScanKey) more[at] = all[at].MoveNext();
        }
    }

    private IndexSegment? Added(long number, IEnumerable<IndexedScan> records)
    {
        string path = PathOf(number, SegmentEnding);
        string temporary = Path.Combine(_directory, Durable.TemporaryPrefix + Path.GetFileName(path));
        try
        {
            using (DurableFile file = Durable.CreateFile(temporary))
            {
                IndexSegment.Write(file, records);
                file.Complete();
            }
            Durable.Rename(temporary, path);
        }
        catch (StorageException)
        {
            File.Delete(temporary);
            throw;
        }
        Durable.SyncDirectory(_directory);
        return Guard(() => IndexSegment.Open(path));
    }

    private static BitArray Seen(IndexSegment segment, Predicate<string> seen)
    {
        BitArray bits = new(segment.Count);
        foreach ((IndexedScan scan, int place) in segment.All()) bits[place] = seen(scan.ScanKey);
        return bits;
    }

    /// <summary>Shows that the index is in use, where nothing in it changes.</summary>
    private bool Touch()
    {
        try
        {
            if (_segments.Count > 0 && File.Exists(_segments[^1].Segment.Path)) File.SetLastWriteTimeUtc(_segments[^1].Segment.Path, DateTime.UtcNow);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or FileNotFoundException)
        {
            // the file of another user, or merged by another host
        }
        return true;
    }

    private IDisposable? Lock()
    {
        string path = Path.Combine(_directory, _name + LockEnding);
        for (long start = Environment.TickCount64; ; Thread.Sleep(10))
            if (Durable.TryLock(path) is IDisposable held) return held;
            else if (Environment.TickCount64 - start > LongestWait.TotalMilliseconds) return null;
    }

    private static byte[] BytesOf(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return [];
        }
    }

    private string[] Files(string ending) =>
        Directory.Exists(_directory) ? [.. Directory.GetFiles(_directory, $"{_name}-*{ending}").Order(StringComparer.Ordinal)] : [];

    // names sort as segments and journals follow each other; those of two hosts at once in any order
    private string PathOf(long number, string ending) => Path.Combine(_directory, Invariant($"{_name}-{number:D12}-{Guid.NewGuid():N}{ending}"));

    private long NextNumber() => Newest(Files(SegmentEnding).Concat(Files(JournalEnding))) + 1;

    /// <summary>The highest number of a file; 0 without one.</summary>
    private long Newest(IEnumerable<string> paths)
    {
        long newest = 0;
        foreach (string path in paths) newest = Math.Max(newest, NumberOf(path));
        return newest;
    }

    private long NumberOf(string path) =>
        long.TryParse(Path.GetFileName(path)[(_name.Length + 1)..].Split('-')[0], CultureInfo.InvariantCulture, out long number) ? number : 0;

    private static string NameOf(string source) => $"files-{Sha256.Of(Encoding.UTF8.GetBytes(source))[..16]}";
}
