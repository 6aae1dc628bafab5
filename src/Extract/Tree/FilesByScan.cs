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
    private readonly FolderNumbers _folders = new();
    private bool _anyUndecided;

    /// <summary>All that was added, in any order.</summary>
    public IEnumerable<FoundFile> All => _files.InKeyOrder().Concat(_undecided.InKeyOrder()).Select(file => Read(file.Key, file.Record).File);

    /// <summary>Adds a file by what its name says.</summary>
    public void Add(FoundFile file)
    {
        if (RoleOf(file, out BidsName? name) is not { } role) Put("", file, isCt: false, own: null);
        else Add(file, name!, role, own: null);
    }

    /// <summary>Adds a file whose scan is told by other rules.</summary>
    public void Add(OwnFile file) => Add(file.File, file.Name, file.Role, file);

    /// <summary>To be called when all files are there: parts masks from CTs by entities that only derivatives have.</summary>
    /// <param name="others">Files whose CTs count beside those that were added by their names.</param>
    public void Decide(IEnumerable<FoundFile> others)
    {
        if (!_anyUndecided) return;
        HashSet<TextKey> withCt =
        [
            .. _files.InKeyOrder().Where(file => Read(file.Key, file.Record).IsCt).Select(file => TextKey.Of(ScanOf(file.Key).ToString())),
            .. ScanCandidates.KeysOfCts(others).Select(key => TextKey.Of(key.Text)),
        ];
        foreach ((string key, byte[] record) in _undecided.InKeyOrder())
        {
            (FoundFile file, OwnFile? own, _) = Read(key, record);
            BidsName? name = own?.Name;
            if (name is null) _ = RoleOf(file, out name);
            Put(ScanCandidates.KeyOf(file.Folder!, name!, scan => withCt.Contains(TextKey.Of(scan.Text))).Text, file, isCt: false, own);
        }
    }

    /// <summary>Every file with its scan, null for one that belongs to none, and with what it is by other rules than those of names.</summary>
    public IEnumerable<(ScanKey? Scan, FoundFile File, OwnFile? Own)> InOrder()
    {
        ScanKey? scan = null;
        foreach ((string key, byte[] record) in _files.InKeyOrder())
        {
            (FoundFile file, OwnFile? own, _) = Read(key, record);
            ReadOnlySpan<char> text = ScanOf(key);
            if (text.IsEmpty)
            {
                yield return (null, file, own);
                continue;
            }
            if (scan is null || !text.SequenceEqual(scan.Text))
            {
                (_, string dataset, string split) = file.Folder!;
                scan = new ScanKey(dataset, split, text[(dataset.Length + split.Length + 2)..].ToString());
            }
            yield return (scan, file, own);
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

    private void Add(FoundFile file, BidsName name, ScanRole role, OwnFile? own)
    {
        bool isCt = own is null && role == ScanRole.Ct;
        if (role == ScanRole.Ct || !name.HasDerivativeEntities)
            Put(new ScanKey(file.Folder!.Dataset, file.Folder.Split, name.ScanId).Text, file, isCt, own);
        else
        {
            _undecided.Add(Between + file.Relative, RecordOf(file, isCt, own));
            _anyUndecided = true;
        }
    }

    private static ReadOnlySpan<char> ScanOf(string key) => key.AsSpan(0, key.IndexOf(Between, StringComparison.Ordinal));

    private void Put(string scan, FoundFile file, bool isCt, OwnFile? own) => _files.Add(scan + Between + file.Relative, RecordOf(file, isCt, own));

    private byte[] RecordOf(FoundFile file, bool isCt, OwnFile? own)
    {
        _record.Write(isCt);
        _record.Write(_folders.Of(file.Folder));
        _record.Write(file.Identity);
        _record.Write(own is not null);
        if (own is not null)
        {
            _record.Write((int)own.Role);
            _record.Write((int)own.Rule);
            _record.WriteText(own.Name.Stem);
        }
        return _record.TakeBytes();
    }

    private (FoundFile File, OwnFile? Own, bool IsCt) Read(string key, byte[] bytes)
    {
        RecordReader record = new(bytes);
        bool isCt = record.ReadBoolean();
        FolderSpec? folder = _folders[record.ReadInt32()];
        FoundFile file = new(folder, key[(key.IndexOf(Between, StringComparison.Ordinal) + 1)..], record.ReadIdentity());
        if (!record.ReadBoolean()) return (file, null, isCt);
        (ScanRole role, OwnRule rule) = ((ScanRole)record.ReadInt32(), (OwnRule)record.ReadInt32());
        BidsName? name = record.ReadText() is string stem ? BidsName.Own(stem, file.Name) : BidsName.TryParse(file.Name, out BidsName? known) ? known : null;
        return (file, new OwnFile(file, role, name!, rule), isCt);
    }
}
