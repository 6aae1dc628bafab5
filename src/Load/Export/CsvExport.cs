using System.Collections;
using System.Globalization;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Export;

/// <summary>
/// A table as CSV by RFC 4180: UTF-8, CRLF, a header line, null as an empty field or a word of the caller's, an empty string as "". Numbers are
/// written so that they read back exactly. Text that a spreadsheet would take for a formula gets a leading apostrophe.
/// </summary>
public static class CsvExport
{
    /// <param name="nullText">What stands for null, for readers that take "" for an empty field: the same as text is quoted.</param>
    public static void Write(TableSchema table, PublishedTables tables, TextWriter output, string nullText = "") =>
        Write(table, table.Values(tables), output, nullText);

    /// <summary>Rows as they come, none of which is held.</summary>
    internal static void Write(TableSchema table, IEnumerable<IReadOnlyList<object?>> rows, TextWriter output, string nullText)
    {
        WriteLine(output, table.Columns.Select(column => column.Name));
        foreach (IReadOnlyList<object?> row in rows) WriteLine(output, row.Select(value => Field(value, nullText)));
    }

    /// <summary>Rows of one's own choice and order.</summary>
    public static void Write<TRow>(TableSchema<TRow> table, IEnumerable<TRow> rows, TextWriter output) where TRow : class
    {
        WriteLine(output, table.Columns.Select(column => column.Name));
        foreach (TRow row in rows) WriteLine(output, table.TypedColumns.Select(column => Field(column.Value(row), "")));
    }

    private static void WriteLine(TextWriter output, IEnumerable<string> fields)
    {
        // in one piece: standard output passes each on at once
        output.Write(string.Join(',', fields) + "\r\n");
    }

    private static string Field(object? value, string nullText) => value switch
    {
        null => nullText,
        bool truth => truth ? "true" : "false",
        string text => Quote(text, nullText),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IEnumerable list =>
            Quote("[" + string.Join(", ", list.Cast<object>().Select(item => Convert.ToString(item, CultureInfo.InvariantCulture))) + "]", nullText),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Quote(string text, string nullText)
    {
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]) text = "'" + text;
        return text.Length == 0 || text == nullText || text.AsSpan().IndexOfAny(",\"\r\n") >= 0
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;
    }
}
