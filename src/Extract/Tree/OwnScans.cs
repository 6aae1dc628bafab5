using System.Runtime.Versioning;
using System.Text.Json;
using VerseEtl.Extract.Centroids;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// The scans of datasets of one's own. nnU-Net's masks have labels of their own: they are read with the names in their `dataset.json`, or with what the
/// user says, and otherwise not at all.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class OwnScans
{
    private const int LongestDescription = 1 << 20, DeepestDescription = 32;

    private readonly Dictionary<string, OwnFile> _files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, LabelMap?> _nnunet = new(StringComparer.Ordinal);
    private readonly Dictionary<FolderSpec, SortedSet<string>> _rules = [];

    private readonly bool _isNamed;

    private OwnScans(bool isNamed) => _isNamed = isNamed;

    /// <param name="files">Of the whole walk; those in VerSe's editions are left to others.</param>
    public static OwnScans Of(IReadOnlyList<FoundFile> files, SourceRoot root, TreeOptions options, List<Finding> findings)
    {
        OwnScans own = new(isNamed: options.Dataset is null);
        FoundFile[] mine = [.. files.Where(file => file.Folder is { } folder && (options.Dataset is not null || !Editions.All.Contains(folder.Dataset)))];
        IReadOnlyList<OwnFile> paired = OwnNames.Of(mine, splitByName: options.Dataset is not null);
        foreach (IGrouping<string, OwnFile> dataset in paired.Where(file => file.Rule == OwnNames.ByNnunet).GroupBy(file => NnunetRoot(file.File.Relative)))
        {
            LabelMap? labels = options.Labels is { HasNames: false } said
                ? said
                : Meant(Described(root.At(Joined(dataset.Key, "dataset.json")), options.FollowLinks), options.Labels);
            own._nnunet.Add(dataset.Key, labels);
            if (labels is null)
                findings.Add(Finding.Of(Faults.TreeLabelsUnknown, new(Path: dataset.Key.Length == 0 ? "." : dataset.Key, Field: "dataset.json"),
                    Invariant($"{dataset.Count(file => file.Role == ScanRole.Mask)} masks in nnU-Net's layout, and no names of vertebrae"),
                    "labels named C1 to L6"));
        }
        foreach (OwnFile file in paired)
        {
            if (file.Rule == OwnNames.ByNnunet && own._nnunet[NnunetRoot(file.File.Relative)] is null) continue;
            own._files.Add(file.File.Relative, file);
            if (!own._rules.TryGetValue(file.File.Folder!, out SortedSet<string>? rules)) own._rules[file.File.Folder!] = rules = new(StringComparer.Ordinal);
            rules.Add(file.Rule);
        }
        return own;
    }

    /// <summary>What a file is; null for one that is no part of a scan of one's own.</summary>
    public OwnFile? Find(FoundFile file) => _files.GetValueOrDefault(file.Relative);

    /// <summary>A file that was told of already, in one finding with others.</summary>
    public bool Leaves(FoundFile file) => file.Relative.Split('/').Any(OwnNames.IsNnunetFolder) && NnunetRoot(file.Relative) is { } root
        && _nnunet.TryGetValue(root, out LabelMap? labels) && labels is null;

    /// <summary>What the labels of a mask mean by its dataset's own description.</summary>
    public LabelMap? LabelsOf(SourcePath? mask) =>
        mask is not null && Find(mask.Relative)?.Rule == OwnNames.ByNnunet ? _nnunet[NnunetRoot(mask.Relative)] : null;

    /// <summary>The rules by which files of a folder were paired; null for a folder that the user named and that has VerSe's names alone.</summary>
    public string? RuleOf(FolderSpec folder) =>
        !_rules.TryGetValue(folder, out SortedSet<string>? rules) || (_isNamed && rules is { Count: 1, Min: OwnNames.ByVerse })
            ? null : string.Join(", ", rules);

    private OwnFile? Find(string relative) => _files.GetValueOrDefault(relative);

    private static string NnunetRoot(string relative)
    {
        string[] folders = relative.Split('/')[..^1];
        int at = Array.FindLastIndex(folders, OwnNames.IsNnunetFolder);
        return string.Join('/', at < 0 ? folders : folders[..at]);
    }

    private static string Joined(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    /// <summary>What the named values mean: by what the user says of the names, or by names that are vertebrae's; null where none does.</summary>
    private static LabelMap? Meant(IReadOnlyList<(string Name, int Value)> described, LabelMap? said) => said is not null
        ? said.Resolved(described)
        : LabelMap.Of(described.Where(entry => LabelMap.LabelOf(entry.Name) is not null).Select(entry => (entry.Value, LabelMap.LabelOf(entry.Name)!.Value)));

    /// <summary>Names and values in nnU-Net's dataset.json; none where it is not there or has no labels.</summary>
    private static IReadOnlyList<(string Name, int Value)> Described(SourcePath path, bool followLinks)
    {
        try
        {
            using SourceFile file = SourceFile.Open(path, followLinks);
            _ = TolerantJson.Parse(TolerantJson.ReadBounded(file.Stream, LongestDescription), LongestDescription, DeepestDescription,
                out JsonDocument? document, out _);
            using (document)
            {
                if (document is not { RootElement.ValueKind: JsonValueKind.Object } || !document.RootElement.TryGetProperty("labels", out JsonElement labels)
                    || labels.ValueKind != JsonValueKind.Object) return [];
                return [.. labels.EnumerateObject().Select(Pair).OfType<(string, int)>()];
            }
        }
        catch (Exception error) when (error is BadFileException or IOException)
        {
            return [];
        }
    }

    /// <summary>`"L5": 27` since nnU-Net's version 2, `"27": "L5"` before.</summary>
    private static (string, int)? Pair(JsonProperty entry)
    {
        if (entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetInt32(out int value)) return (entry.Name, value);
        return int.TryParse(entry.Name, System.Globalization.CultureInfo.InvariantCulture, out int number)
            && TolerantJson.Text(entry.Value) is string name ? (name, number) : null;
    }
}
