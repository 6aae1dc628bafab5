using System.Runtime.Versioning;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// What a walk found, put into the workspace under the scan it belongs to, and read back scan by scan in key order: first the files of no scan,
/// then those of each scan, in path order.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FilesByScan(IWorkspace workspace) : IDisposable
{
    // sorts before anything that a name may hold
    private const char Between = '\0';

    private readonly IRecordSorter _files = workspace.Sorter();
    private readonly IRecordSorter _undecided = workspace.Sorter();
    private readonly RecordWriter _record = new();
    private readonly List<FolderSpec> _folders = [];
    private readonly Dictionary<FolderSpec, int> _numbers = [];
    private bool _anyUndecided;

    /// <summary>All that was added, in any order.</summary>
    public IEnumerable<FoundFile> All => _files.InKeyOrder().Concat(_undecided.InKeyOrder()).Select(file => Read(file.Key, file.Record).File);

    /// <summary>Adds a file by what its name says.</summary>
    public void Add(FoundFile file)
    {
        if (RoleOf(file, out BidsName? name) is not { } role) Put("", file, isCt: false);
        else Add(file, name!, role, isCt: role == ScanRole.Ct);
    }

    /// <summary>Adds a file whose scan is told by other rules.</summary>
    public void Add(OwnFile file) => Add(file.File, file.Name, file.Role, isCt: false);

    /// <summary>To be called when all files are there: parts masks from CTs by entities that only derivatives have.</summary>
    /// <param name="others">Files whose CTs count beside those that were added by their names.</param>
    /// <param name="own">What a file is by other rules; null for one that is none of theirs.</param>
    public void Decide(IEnumerable<FoundFile> others, Func<FoundFile, OwnFile?> own)
    {
        if (!_anyUndecided) return;
        HashSet<TextKey> withCt =
        [
            .. _files.InKeyOrder().Where(file => Read(file.Key, file.Record).IsCt).Select(file => TextKey.Of(ScanOf(file.Key).ToString())),
            .. ScanCandidates.KeysOfCts(others).Select(key => TextKey.Of(key.Text)),
        ];
        foreach ((string key, byte[] record) in _undecided.InKeyOrder())
        {
            FoundFile file = Read(key, record).File;
            BidsName? name = own(file)?.Name;
            if (name is null) _ = RoleOf(file, out name);
            Put(ScanCandidates.KeyOf(file.Folder!, name!, scan => withCt.Contains(TextKey.Of(scan.Text))).Text, file, isCt: false);
        }
    }

    /// <summary>Every file with its scan; null for one that belongs to none.</summary>
    public IEnumerable<(ScanKey? Scan, FoundFile File)> InOrder()
    {
        ScanKey? scan = null;
        foreach ((string key, byte[] record) in _files.InKeyOrder())
        {
            FoundFile file = Read(key, record).File;
            ReadOnlySpan<char> text = ScanOf(key);
            if (text.IsEmpty)
            {
                yield return (null, file);
                continue;
            }
            if (scan is null || !text.SequenceEqual(scan.Text))
            {
                (_, string dataset, string split) = file.Folder!;
                scan = new ScanKey(dataset, split, text[(dataset.Length + split.Length + 2)..].ToString());
            }
            yield return (scan, file);
        }
    }

    public void Dispose()
    {
        _files.Dispose();
        _undecided.Dispose();
        _record.Dispose();
    }

    /// <summary>What a file in a folder that is read is to its scan by its name; null where it is none of one.</summary>
    public static ScanRole? RoleOf(FoundFile file, out BidsName? name)
    {
        name = null;
        if (file.Folder is null) return null;
        string fileName = file.Name;
        return !ScanRoles.IsFlat(fileName) && BidsName.TryParse(fileName, out name) ? ScanRoles.Of(name) : null;
    }

    private void Add(FoundFile file, BidsName name, ScanRole role, bool isCt)
    {
        if (role == ScanRole.Ct || !name.HasDerivativeEntities) Put(new ScanKey(file.Folder!.Dataset, file.Folder.Split, name.ScanId).Text, file, isCt);
        else
        {
            _undecided.Add(Between + file.Relative, RecordOf(file, isCt));
            _anyUndecided = true;
        }
    }

    private static ReadOnlySpan<char> ScanOf(string key) => key.AsSpan(0, key.IndexOf(Between, StringComparison.Ordinal));

    private void Put(string scan, FoundFile file, bool isCt) => _files.Add(scan + Between + file.Relative, RecordOf(file, isCt));

    private byte[] RecordOf(FoundFile file, bool isCt)
    {
        int number = -1;
        if (file.Folder is { } folder && !_numbers.TryGetValue(folder, out number))
        {
            _numbers.Add(folder, number = _folders.Count);
            _folders.Add(folder);
        }
        _record.Write(isCt);
        _record.Write(number);
        _record.Write(file.Identity);
        return _record.TakeBytes();
    }

    private (FoundFile File, bool IsCt) Read(string key, byte[] bytes)
    {
        RecordReader record = new(bytes);
        bool isCt = record.ReadBoolean();
        int number = record.ReadInt32();
        return (new FoundFile(number < 0 ? null : _folders[number], key[(key.IndexOf(Between, StringComparison.Ordinal) + 1)..], record.ReadIdentity()), isCt);
    }
}
