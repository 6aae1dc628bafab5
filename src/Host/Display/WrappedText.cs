using System.Text.RegularExpressions;

namespace VerseEtl.Host.Display;

/// <summary>Lines on a terminal, broken between words; what follows stands below what began, so that the first word of a line is easily found.</summary>
internal static partial class WrappedText
{
    /// <summary>Columns of what is written to a file or a mail, where a line is cut.</summary>
    public const int WidthWithoutTerminal = 120;

    private const int Indent = 4;

    /// <param name="width">Columns; null where there is no terminal: the line stays as it is.</param>
    /// <returns>One line or more; a word that is longer than a line is left to the terminal.</returns>
    public static IEnumerable<string> Lines(string text, int? width)
    {
        if (width is not int columns || text.Length <= columns)
        {
            yield return text;
            yield break;
        }
        string indent = "", hanging = new(' ', Hanging(text, columns));
        int start = 0;
        while (text.Length - start > columns - indent.Length)
        {
            int word = start, end = start + columns - indent.Length;
            while (word < end && text[word] == ' ') word++;
            int space = text.LastIndexOf(' ', end, end - word + 1);
            if (space < 0) space = text.IndexOf(' ', end);
            if (space < 0) break;
            yield return indent + text[start..space].TrimEnd();
            for (start = space; start < text.Length && text[start] == ' '; start++) { }
            indent = hanging;
        }
        if (start < text.Length) yield return indent + text[start..];
    }

    /// <summary>Below the text after a name and two blanks, as in lists of facts; else a little to the right.</summary>
    private static int Hanging(string text, int columns)
    {
        int name = NameAndBlanks().Match(text).Length, leading = text.Length - text.TrimStart().Length;
        return Math.Min(name > 0 && name <= columns / 3 ? name : leading + Indent, columns / 2);
    }

    [GeneratedRegex("^ *[^ ]+(?: [0-9]+)? {2,}", RegexOptions.CultureInvariant)]
    private static partial Regex NameAndBlanks();
}
