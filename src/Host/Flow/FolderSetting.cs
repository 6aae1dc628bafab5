using VerseEtl.Extract.Tree;

namespace VerseEtl.Host.Flow;

/// <summary>The lines of pipelines.yaml, below a pipeline's `source:`, that read what was read and the folders that were not.</summary>
internal static class FolderSetting
{
    /// <returns>None where nothing was left unread.</returns>
    public static IReadOnlyList<string> Lines(IEnumerable<FolderSeen> read, IReadOnlyList<UnreadFolder> unread) => unread.Count == 0 ? [] :
    [
        "folders:",
        .. read.Select(seen => seen.Folder).Concat(unread.Select(folder => folder.Setting)).OrderBy(folder => folder.Path, StringComparer.Ordinal)
            .Select(folder => "  " + UnreadFolder.LineOf(folder)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>What people see: why there are lines to paste, then the lines.</summary>
    public static IEnumerable<string> Told(IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) yield break;
        yield return "folders were not read; `--dataset NAME` reads the whole source as data of your own;";
        yield return "or put these lines into pipelines.yaml, below `source:`, with the right dataset and split:";
        foreach (string line in lines) yield return "  " + line;
    }
}
