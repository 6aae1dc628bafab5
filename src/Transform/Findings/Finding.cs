using System.Globalization;
using System.Text;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Findings;

/// <summary>What a finding is about, as far as it can be told.</summary>
/// <param name="Path">Relative to the source root.</param>
/// <param name="Field">The header field, JSON key or quantity that was looked at.</param>
public readonly record struct Place(ScanKey? Scan = null, string? Path = null, string? Field = null, int? Label = null);

/// <summary>
/// One row of `findings`: something noticed about a scan, a vertebra or the run. Key: code, scan_key, path, label, field, severity, message.
/// The same bytes give the same finding each night, so the message holds no time, no machine and no absolute path.
/// </summary>
public sealed record Finding
{
    private const int LongestMessage = 400;

    public required string Code { get; init; }
    public required Severity Severity { get; init; }
    public string? ScanKey { get; init; }
    public string? Dataset { get; init; }
    public string? Split { get; init; }
    public string? ScanId { get; init; }
    public int? Label { get; init; }

    /// <summary>Relative to the source root, as written there, control characters escaped.</summary>
    public string? Path { get; init; }

    /// <summary>The header field, JSON key or quantity that was looked at.</summary>
    public string? Field { get; init; }
    public string? Observed { get; init; }
    public string? Expected { get; init; }

    /// <summary>One line, at most 400 characters: what was found, what was expected, where, and what to do.</summary>
    public required string Message { get; init; }

    /// <summary>Builds the row and its message from a fault's own words and what was seen.</summary>
    /// <param name="severity">Only where the catalogue leaves the severity to the circumstances.</param>
    public static Finding Of(Fault fault, Place at = default, string? observed = null, string? expected = null, Severity? severity = null)
    {
        (ScanKey? scan, string? path, string? field, int? label) = at;
        path = path is null ? null : OneLine(path);
        observed = observed is null ? null : OneLine(observed);
        expected = expected is null ? null : OneLine(expected);
        StringBuilder text = new(fault.Meaning);
        if (field is not null || label is not null)
        {
            text.Append(" (");
            text.AppendJoin(", ", new[] { field, label is int value ? Invariant($"label {value}") : null }.OfType<string>());
            text.Append(')');
        }
        if (observed is not null) text.Append(": found ").Append(observed);
        if (expected is not null) text.Append(observed is null ? ": expected " : ", expected ").Append(expected);
        if (path is not null) text.Append(" in ").Append(path);
        else if (scan is not null) text.Append(" in ").Append(scan.Text);
        string message = text.ToString();
        string ending = "; " + fault.Action;
        if (message.Length + ending.Length > LongestMessage) message = string.Concat(message.AsSpan(0, LongestMessage - ending.Length - 3), "...");
        return new Finding
        {
            Code = fault.Code,
            Severity = severity ?? fault.Severity,
            ScanKey = scan?.Text,
            Dataset = scan?.Dataset,
            Split = scan?.Split,
            ScanId = scan?.ScanId,
            Label = label,
            Path = path,
            Field = field,
            Observed = observed,
            Expected = expected,
            Message = message + ending,
        };
    }

    /// <summary>Control, line-separating and bidirectional characters as \uXXXX, so that a file name cannot forge a line.</summary>
    public static string OneLine(string text)
    {
        StringBuilder? escaped = null;
        for (int at = 0; at < text.Length; at++)
        {
            char c = text[at];
            bool harmless = !char.IsControl(c) && !char.IsSurrogate(c) && c is not ('\u2028' or '\u2029' or '\ufeff'
                or (>= '\u200e' and <= '\u200f') or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
            bool pair = char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (harmless || pair)
            {
                escaped?.Append(c);
                if (pair) escaped?.Append(text[at + 1]);
                if (pair) at++;
                continue;
            }
            escaped ??= new StringBuilder(text, 0, at, text.Length + 16);
            escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }
        return escaped?.ToString() ?? text;
    }

    /// <summary>
    /// Key order of the published table: code, scan_key, path, label, field, then the most severe first, message; nulls first, texts by
    /// ordinal comparison. Findings that compare as equal say the same.
    /// </summary>
    public static int CompareByKey(Finding a, Finding b)
    {
        int order = string.CompareOrdinal(a.Code, b.Code);
        if (order == 0) order = string.CompareOrdinal(a.ScanKey, b.ScanKey);
        if (order == 0) order = string.CompareOrdinal(a.Path, b.Path);
        if (order == 0) order = Nullable.Compare(a.Label, b.Label);
        if (order == 0) order = string.CompareOrdinal(a.Field, b.Field);
        if (order == 0) order = b.Severity.CompareTo(a.Severity);
        if (order == 0) order = string.CompareOrdinal(a.Message, b.Message);
        return order;
    }
}
