using System.Runtime.Versioning;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// The files of datasets of one's own, in the workspace until all are there: sorted by folder, as a mask of one vertebra says what the files beside it
/// are, then by stem, as the images of a stem say which of them are masks and whether it takes the folders above to tell scans apart. Held are the images
/// of one scan, and what is known of each folder that the user named and each of nnU-Net's datasets; that stays after disposal.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class OwnScans(SourceRoot root, TreeOptions options, IWorkspace workspace) : IDisposable
{
    // sorts before anything that a name may hold
    private const char Between = '\0';

    private const char Vertebra = '0', Other = '1';

    private readonly IRecordSorter _byFolder = workspace.Sorter();
    private readonly IRecordSorter _byStem = workspace.Sorter();
    private readonly RecordWriter _record = new();
    private readonly FolderNumbers _folders = new();
    private readonly NnunetDatasets _nnunet = new(root, options);
    private readonly Dictionary<FolderSpec, SortedSet<string>> _rules = [];

    // folders named like a split, and nnU-Net's, say the split where the user named none
    private readonly bool _splitByName = options.Dataset is not null;

    private readonly record struct Image(FoundFile File, OwnName Name)
    {
        public bool HasStemOf(Image other) => Name.Split == other.Name.Split && Name.Stem == other.Name.Stem;

        public bool IsOfScan(Image other) => HasStemOf(other) && Name.Context == other.Name.Context;
    }

    /// <summary>All that was added, in the order of folders.</summary>
    public IEnumerable<FoundFile> Files => InFolders().Select(found => found.File);

    /// <summary>What is noticed of whole datasets; complete when the files are sorted.</summary>
    public IEnumerable<Finding> Findings => _nnunet.Findings;

    /// <summary>Adds a file of a folder that is none of VerSe's editions.</summary>
    public void Add(FoundFile file)
    {
        int name = file.Relative.LastIndexOf('/') + 1;
        char kind = OwnNames.IsVertebra(file.Name) ? Vertebra : Other;
        _record.Write(_folders.Of(file.Folder));
        _record.Write(file.Identity);
        _byFolder.Add($"{file.Relative.AsSpan(0, Math.Max(0, name - 1))}{Between}{kind}{file.Relative.AsSpan(name)}", _record.TakeBytes());
    }

    /// <summary>To be called when all files are there: puts each under its scan.</summary>
    public void SortInto(FilesByScan files, CancellationToken token)
    {
        foreach ((FoundFile file, bool besideVertebra) in InFolders())
        {
            token.ThrowIfCancellationRequested();
            if (OwnNames.Of(file, besideVertebra) is not { } name) files.Add(file);
            else if (name.Verse is { } verse) Add(files, new OwnFile(Placed(file, name.Split), name.Role!.Value, verse, name.Rule));
            else Add(new Image(file, name));
        }
        List<Image> scan = [];
        bool isShared = false;
        foreach (Image image in InStems())
        {
            token.ThrowIfCancellationRequested();
            if (scan.Count > 0 && !image.IsOfScan(scan[0]))
            {
                bool sharesStem = image.HasStemOf(scan[0]);
                Add(files, scan, isShared || sharesStem);
                isShared = sharesStem;
                scan.Clear();
            }
            scan.Add(image);
        }
        Add(files, scan, isShared);
    }

    /// <summary>A file that was told of already, in one finding with others.</summary>
    public bool Leaves(FoundFile file) => _nnunet.Leaves(file.Relative);

    /// <summary>What the labels of a file mean by its dataset's own description.</summary>
    public LabelMap? LabelsOf(OwnFile file) => file.Rule == OwnRule.Nnunet ? _nnunet.LabelsOf(file.File.Relative) : null;

    /// <summary>The rules by which files of a folder were paired; null for a folder that the user named and that has VerSe's names alone.</summary>
    public string? RuleOf(FolderSpec folder) =>
        !_rules.TryGetValue(folder, out SortedSet<string>? rules)
            || (options.Dataset is null && rules.Count == 1 && rules.Contains(OwnNames.TextOf(OwnRule.Verse)))
            ? null : string.Join(", ", rules);

    public void Dispose()
    {
        _byFolder.Dispose();
        _byStem.Dispose();
        _record.Dispose();
    }

    private void Add(Image image)
    {
        (FoundFile file, OwnName name) = image;
        if (name.Rule == OwnRule.Nnunet) _nnunet.Add(file.Relative, isMask: name.Role == ScanRole.Mask);
        _record.Write((int?)name.Role ?? -1);
        _record.Write((int)name.Rule);
        _record.Write(_folders.Of(file.Folder));
        _record.Write(file.Identity);
        _byStem.Add(string.Join(Between, name.Split, name.Stem, name.Context, file.Relative), _record.TakeBytes());
    }

    /// <summary>Adds the images of one scan.</summary>
    /// <param name="isShared">Whether another scan has the same stem: then the folders above tell them apart.</param>
    private void Add(FilesByScan files, List<Image> scan, bool isShared)
    {
        bool hasMask = scan.Exists(image => image.Name.Role is ScanRole.Mask or ScanRole.MaskPart);
        foreach ((FoundFile file, OwnName name) in scan)
        {
            if (name.Rule == OwnRule.Nnunet && _nnunet.LabelsOf(file.Relative) is null) continue;
            ScanRole role = name.Role ?? (hasMask ? ScanRole.Ct : ScanRole.Mask);
            string stem = isShared && name.Context.Length > 0 ? $"{name.Context}-{name.Stem}" : name.Stem;
            OwnRule rule = name.Role is null && scan.Count == 1 ? OwnRule.Alone : name.Rule;
            Add(files, new OwnFile(Placed(file, name.Split), role, BidsName.Own(OwnNames.Safe(stem), file.Name), rule));
        }
    }

    private void Add(FilesByScan files, OwnFile file)
    {
        if (!_rules.TryGetValue(file.File.Folder!, out SortedSet<string>? rules)) _rules[file.File.Folder!] = rules = new(StringComparer.Ordinal);
        rules.Add(OwnNames.TextOf(file.Rule));
        files.Add(file);
    }

    private FoundFile Placed(FoundFile file, string? split) =>
        !_splitByName || split is null || split == file.Folder!.Split ? file : file with { Folder = file.Folder with { Split = split } };

    private IEnumerable<(FoundFile File, bool BesideVertebra)> InFolders()
    {
        string? withVertebra = null;
        foreach ((string key, byte[] bytes) in _byFolder.InKeyOrder())
        {
            int end = key.IndexOf(Between, StringComparison.Ordinal);
            string folder = key[..end], name = key[(end + 2)..];
            if (key[end + 1] == Vertebra) withVertebra = folder;
            yield return (FileOf(end == 0 ? name : $"{folder}/{name}", new RecordReader(bytes)), folder == withVertebra);
        }
    }

    private IEnumerable<Image> InStems()
    {
        foreach ((string key, byte[] bytes) in _byStem.InKeyOrder())
        {
            string[] parts = key.Split(Between);
            RecordReader record = new(bytes);
            int role = record.ReadInt32();
            OwnName name = new(role < 0 ? null : (ScanRole)role, parts[2], parts[1], (OwnRule)record.ReadInt32(), parts[0].Length == 0 ? null : parts[0]);
            yield return new Image(FileOf(parts[3], record), name);
        }
    }

    private FoundFile FileOf(string relative, RecordReader record) => new(_folders[record.ReadInt32()], relative, record.ReadIdentity());
}
