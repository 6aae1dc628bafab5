using System.Text.RegularExpressions;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// Reads edition and split off the names of folders that are none of the six: `verse19_training`, `VerSe20/03test`, `val`,
/// `dataset-02validation (1)` as a browser names the second download. Words that mean something else make a name say nothing.
/// </summary>
internal static partial class FolderNames
{
    private static readonly Dictionary<string, string> SplitWords = new(StringComparer.Ordinal)
    {
        ["train"] = Splits.Training, ["training"] = Splits.Training,
        ["val"] = Splits.Validation, ["valid"] = Splits.Validation, ["validation"] = Splits.Validation,
        ["test"] = Splits.Test, ["testing"] = Splits.Test,
    };

    /// <summary>The split that a path's folders name; null where none does, or two name different ones.</summary>
    public static string? SplitOf(IEnumerable<string> folders) => Agreed(folders.Select(SplitIn));

    /// <summary>The edition that a path's folders name; null where none does, or two name different ones.</summary>
    public static string? EditionOf(IEnumerable<string> folders) => Agreed(folders.Select(EditionIn));

    /// <summary>The name that a second download or a copy was made from: without ` (1)`, ` - Copy`, ` copy 2`.</summary>
    public static string Original(string folder) => CopySuffix().Replace(folder, "");

    private static string? SplitIn(string folder)
    {
        string[] words = [.. Separators().Split(EditionWord().Replace(Original(folder).ToLowerInvariant(), " ")).Where(word => word.Length > 0)];
        string[] others = [.. words.Where(word => word is not ("dataset" or "miccai" or "subject" or "based"))];
        return others is [string only] ? SplitWords.GetValueOrDefault(only) : null;
    }

    private static string? EditionIn(string folder)
    {
        string name = Original(folder);
        if (VerseFolders.Named(".", name) is { } known) return known.Dataset;
        Match edition = EditionWord().Match(name);
        if (edition.Success) return edition.Groups[1].Value == "19" ? Editions.Verse19 : Editions.Verse20;
        // the numbers of the second edition's folders: 01_training, 02validation, dataset-03test
        Match number = SplitNumber().Match(name);
        return number.Success && SplitIn(name) == Splits.All[number.Groups[1].Value[0] - '1'] ? Editions.Verse20 : null;
    }

    private static string? Agreed(IEnumerable<string?> said) => said.OfType<string>().Distinct(StringComparer.Ordinal).ToArray() is [string only] ? only : null;

    [GeneratedRegex(@"(?:\A|[^a-z0-9])verse[-_ ]?(?:20)?(19|20)(?![0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EditionWord();

    [GeneratedRegex(@"^(?:dataset[-_ ]?)?0([123])(?![0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SplitNumber();

    [GeneratedRegex(@"(?:\s*\([0-9]{1,3}\)|\s+-\s+copy(?:\s*\([0-9]{1,3}\))?|\s+copy(?:\s+[0-9]{1,3})?)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CopySuffix();

    [GeneratedRegex("[^a-z]+", RegexOptions.CultureInvariant)]
    private static partial Regex Separators();
}
