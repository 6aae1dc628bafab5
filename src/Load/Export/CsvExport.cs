using System.Collections;
using System.Globalization;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Export;

/// <summary>
/// A table as CSV by RFC 4180: UTF-8, CRLF, a header line, null as an empty field, an empty string as "". Numbers are written so that they read
/// back exactly. Text that a spreadsheet would take for a formula gets a leading apostrophe.
/// </summary>
public static class CsvExport
{
    public static void Write(TableSchema table, PublishedTables tables, TextWriter output)
    {
        WriteLine(output, table.Columns.Select(column => column.Name));
        foreach (IReadOnlyList<object?> row in table.Values(tables)) WriteLine(output, row.Select(Field));
    }

    /// <summary>Rows of one's own choice and order.</summary>
    public static void Write<TRow>(TableSchema<TRow> table, IEnumerable<TRow> rows, TextWriter output) where TRow : class
    {
        WriteLine(output, table.Columns.Select(column => column.Name));
        foreach (TRow row in rows) WriteLine(output, table.TypedColumns.Select(column => Field(column.Value(row))));
    }

    private static void WriteLine(TextWriter output, IEnumerable<string> fields)
    {
        output.Write(string.Join(',', fields));
        output.Write("\r\n");
    }

    private static string Field(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        string text => Quote(text),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IEnumerable list => Quote("[" + string.Join(", ", list.Cast<object>().Select(item => Convert.ToString(item, CultureInfo.InvariantCulture))) + "]"),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Quote(string text)
    {
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]) text = "'" + text;
        return text.Length == 0 || text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
