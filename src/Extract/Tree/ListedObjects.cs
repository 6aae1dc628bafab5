using System.Runtime.Versioning;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// The objects of one listing by folder and name, sorted in a workspace and found there; of every 64 names one is held. Safe to read from several
/// threads. What the workspace has on a disk is gone with the list.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ListedObjects
{
    // sorts before anything that a name may hold
    private const char Between = '\0';

    private const char Folder = '0', Object = '1';

    private const int PerHeld = 64;

    private readonly IRecordList _entries;
    private readonly List<string> _held = [];
    private readonly List<Finding> _clashes = [];

    private ListedObjects(IRecordList entries) => _entries = entries;

    /// <summary>Names that an object and a folder have.</summary>
    public IReadOnlyList<Finding> Clashes => _clashes;

    /// <param name="objects">With names between single '/', and one more behind what stands for a folder; of several of one name the last counts.</param>
    public static ListedObjects Of(IEnumerable<StoredObject> objects, IWorkspace workspace)
    {
        using IRecordSorter sorter = workspace.Sorter();
        using RecordWriter record = new();
        string lastFolder = "";
        long number = 0;
        foreach (StoredObject each in objects)
        {
            int end = each.Key.LastIndexOf('/');
            string folder = end < 0 ? "" : each.Key[..end];
            for (string above = folder; above.Length > 0 && !IsIn(lastFolder, above); above = FolderOf(above)) Add(above, Folder);
            lastFolder = folder;
            if (end == each.Key.Length - 1) continue;
            record.Write(each.Bytes);
            record.Write(each.ETag);
            record.Write(each.ModifiedUtc.UtcTicks);
            Add(each.Key, Object);
        }
        ListedObjects listed = new(workspace.Records());
        listed.Take(sorter.InKeyOrder());
        return listed;

        void Add(string path, char kind) => sorter.Add(Invariant($"{KeyOf(path)}{Between}{kind}{number++:D12}"), record.TakeBytes());
    }

    /// <summary>What has a path: a folder, an object, both, or null; the number is its own, and near those of its neighbours.</summary>
    public (int Number, bool IsFolder, StoredObject? Object)? Find(string path)
    {
        if (path.Length == 0) return _entries.Count > 0 ? (_entries.Count, true, null) : null;
        string key = KeyOf(path);
        int place = FirstFrom(key);
        if (place == _entries.Count) return null;
        RecordReader record = new(_entries[place]);
        if (record.ReadString() != key) return null;
        bool isFolder = record.ReadBoolean();
        return (place, isFolder, record.ReadBoolean() ? Read(record, path) : null);
    }

    /// <summary>The names in a folder, in ordinal order.</summary>
    public IEnumerable<string> NamesIn(string folder)
    {
        string prefix = folder + Between;
        for (int place = FirstFrom(prefix); place < _entries.Count; place++)
        {
            string key = NameAt(place);
            if (!key.StartsWith(prefix, StringComparison.Ordinal)) yield break;
            yield return key[prefix.Length..];
        }
    }

    private void Take(IEnumerable<(string Key, byte[] Record)> sorted)
    {
        string? last = null;
        bool isFolder = false;
        byte[]? latest = null;
        foreach ((string numbered, byte[] bytes) in sorted)
        {
            int end = numbered.LastIndexOf(Between);
            if (last is null || !numbered.AsSpan(0, end).SequenceEqual(last))
            {
                Put(last, isFolder, latest);
                (last, isFolder, latest) = (numbered[..end], false, null);
            }
            if (numbered[end + 1] == Folder) isFolder = true;
            else latest = bytes;
        }
        Put(last, isFolder, latest);
        _clashes.Sort(Finding.CompareByKey);
    }

    private void Put(string? key, bool isFolder, byte[]? latest)
    {
        if (key is null) return;
        if (_entries.Count % PerHeld == 0) _held.Add(key);
        using RecordWriter record = new();
        record.Write(key);
        record.Write(isFolder);
        record.Write(latest is not null);
        if (latest is not null) record.Write(latest);
        _entries.Add(record.TakeBytes());
        if (isFolder && latest is not null && new RecordReader(latest).ReadInt64() > 0)
            _clashes.Add(Finding.Of(Faults.TreeNotRegular, new(Path: key.Replace(Between, '/').TrimStart('/'), Field: "key"),
                "an object with others below its name", "a file or a folder"));
    }

    private static StoredObject Read(RecordReader record, string path) =>
        new(path, record.ReadInt64(), record.ReadString(), new DateTimeOffset(record.ReadInt64(), TimeSpan.Zero));

    private string NameAt(int place) => new RecordReader(_entries[place]).ReadString();

    /// <summary>The place of the first entry that does not come before a key.</summary>
    private int FirstFrom(string key)
    {
        int block = _held.BinarySearch(key, StringComparer.Ordinal);
        if (block >= 0) return block * PerHeld;
        int start = Math.Max(0, ~block - 1) * PerHeld, end = Math.Min(~block * PerHeld, _entries.Count);
        while (start < end)
        {
            int middle = (start + end) / 2;
            if (string.CompareOrdinal(NameAt(middle), key) < 0) start = middle + 1;
            else end = middle;
        }
        return start;
    }

    private static string KeyOf(string path) => $"{FolderOf(path)}{Between}{path.AsSpan(path.LastIndexOf('/') + 1)}";

    private static string FolderOf(string path) => path.LastIndexOf('/') is var end && end < 0 ? "" : path[..end];

    private static bool IsIn(string folder, string above) =>
        folder.StartsWith(above, StringComparison.Ordinal) && (folder.Length == above.Length || folder[above.Length] == '/');
}
