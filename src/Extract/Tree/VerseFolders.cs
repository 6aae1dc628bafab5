using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>The six folders of the subject-based VerSe release, by every name they are seen under.</summary>
internal static class VerseFolders
{
    private static readonly (string Dataset, string Split, string[] Names)[] Six =
    [
        (Editions.Verse19, Splits.Training, ["dataset-verse19training"]),
        (Editions.Verse19, Splits.Validation, ["dataset-verse19validation"]),
        (Editions.Verse19, Splits.Test, ["dataset-verse19test"]),
        (Editions.Verse20, Splits.Training, ["dataset-01training", "01_training", "dataset-verse20training"]),
        (Editions.Verse20, Splits.Validation, ["dataset-02validation", "02_validation", "dataset-verse20validation"]),
        (Editions.Verse20, Splits.Test, ["dataset-03test", "03_test", "dataset-verse20test"]),
    ];

    /// <summary>Edition, split and names of each folder; the first name is the one it unpacks to.</summary>
    public static IReadOnlyList<(string Dataset, string Split, IReadOnlyList<string> Names)> All { get; } =
        [.. Six.Select(folder => (folder.Dataset, folder.Split, (IReadOnlyList<string>)folder.Names))];

    /// <summary>The VerSe folder that a directory's name says it is, or null. Case does not matter.</summary>
    public static FolderSpec? Named(string path, string name)
    {
        foreach ((string dataset, string split, string[] names) in Six)
            foreach (string known in names)
                if (name.Equals(known, StringComparison.OrdinalIgnoreCase)) return new FolderSpec(path, dataset, split);
        return null;
    }
}
