using System.Text.RegularExpressions;

namespace VerseEtl.Transform.Scans;

/// <summary>
/// Scans by their key: `*` stands for any characters, `?` for one. A pattern without a slash is about the last part (`sub-verse0*`), one with
/// slashes about the whole key (`verse19/training/*`).
/// </summary>
public sealed class ScanPattern(string text)
{
    private readonly bool _whole = text.Contains('/', StringComparison.Ordinal);

    private readonly Regex _regex = new(
        $"^{Regex.Escape(text).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal)}\\z",
        RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking);

    /// <param name="scanKey">`dataset/split/scan_id`.</param>
    public bool Matches(string scanKey) => _regex.IsMatch(_whole ? scanKey : scanKey[(scanKey.LastIndexOf('/') + 1)..]);

    public override string ToString() => text;
}
