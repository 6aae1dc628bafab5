using System.Runtime.Versioning;
using System.Text.Json;
using VerseEtl.Extract.Centroids;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// nnU-Net's datasets below a source by the folder that `imagesTr` and its like stand in. Their masks have labels of their own: they are read with the
/// names in their `dataset.json`, or with what the user says, and otherwise not at all.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class NnunetDatasets(SourceRoot root, TreeOptions options)
{
    private const int LongestDescription = 1 << 20, DeepestDescription = 32;

    private readonly SortedDictionary<string, Dataset> _datasets = new(StringComparer.Ordinal);

    /// <summary>One finding for each dataset whose labels nobody tells of.</summary>
    public IEnumerable<Finding> Findings =>
        from dataset in _datasets
        where dataset.Value.Labels is null
        select Finding.Of(Faults.TreeLabelsUnknown, new(Path: dataset.Key.Length == 0 ? "." : dataset.Key, Field: "dataset.json"),
            Invariant($"{dataset.Value.Masks} masks in nnU-Net's layout, and no names of vertebrae"), "labels named C1 to L6");

    /// <summary>Adds an image in one of nnU-Net's folders; the first of a dataset has its description read.</summary>
    public void Add(string relative, bool isMask)
    {
        string folder = FolderAbove(relative);
        if (!_datasets.TryGetValue(folder, out Dataset? dataset)) _datasets.Add(folder, dataset = new Dataset(LabelsIn(folder)));
        if (isMask) dataset.Masks++;
    }

    /// <summary>What the labels of an image that was added mean; null where nobody tells.</summary>
    public LabelMap? LabelsOf(string relative) => _datasets[FolderAbove(relative)].Labels;

    /// <summary>True for any file of a dataset whose labels nobody tells of.</summary>
    public bool Leaves(string relative) => _datasets.Count > 0 && relative.Split('/').Any(OwnNames.IsNnunetFolder)
        && _datasets.TryGetValue(FolderAbove(relative), out Dataset? dataset) && dataset.Labels is null;

    private static string FolderAbove(string relative)
    {
        string[] folders = relative.Split('/')[..^1];
        int at = Array.FindLastIndex(folders, OwnNames.IsNnunetFolder);
        return string.Join('/', at < 0 ? folders : folders[..at]);
    }

    private LabelMap? LabelsIn(string folder) => options.Labels is { HasNames: false } said
        ? said
        : Meant(Described(root.At(folder.Length == 0 ? "dataset.json" : $"{folder}/dataset.json"), options.FollowLinks), options.Labels);

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

    private sealed record Dataset(LabelMap? Labels)
    {
        public int Masks { get; set; }
    }
}
