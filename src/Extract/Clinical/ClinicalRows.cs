using nietras.SeparatedValues;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Clinical;

/// <summary>Takes the rows of one clinical file as they come and keeps those that a scan asks for.</summary>
internal sealed class ClinicalRows(ClinicalFile file, IReadOnlyList<ScanFiles> scans)
{
    private readonly HashSet<string> _wanted = [.. scans.Select(scan => KeyOf(file, scan))];
    private readonly Dictionary<string, (int Line, IReadOnlyList<object?> Values)> _kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> _twice = new(StringComparer.Ordinal);
    private readonly LineList _ragged = new(), _strangers = new(), _repeated = new();
    private readonly LineList[] _badCells = [.. file.Columns.Select(_ => new LineList())];
    private int[]? _columns;
    private int _key, _width;

    /// <summary>Of the row that was read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>By key; none of a key that stood in several rows.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<object?>> Values => _kept.Where(row => !_twice.Contains(row.Key))
        .ToDictionary(row => row.Key, row => row.Value.Values, StringComparer.Ordinal);

    /// <summary>A scan's key in a file.</summary>
    public static string KeyOf(ClinicalFile file, ScanFiles scan) => file.Key == ClinicalFile.SubjectId ? scan.SubjectId : scan.SeriesId;

    public void Add(SepReader.Row row)
    {
        Line = row.LineNumberFrom;
        if (row.ColCount == 1 && row[0].Span.Trim().IsEmpty) return;
        if (_columns is null) ReadHeader(row);
        else if (row.ColCount != _width) _ragged.Add(Line);
        else if (_key >= 0) Keep(row);
    }

    public IReadOnlyList<Finding> Findings()
    {
        List<Finding> findings = [];
        void Tell(Fault fault, string? field, string? observed, string? expected = null) =>
            findings.Add(Finding.Of(fault, new(Path: file.Name, Field: field), observed, expected));
        if (_columns is null)
        {
            Tell(Faults.ClnFormat, null, "no line", "a line with the columns' names");
            return findings;
        }
        if (_key < 0)
        {
            Tell(Faults.ClnColumn, file.KeyHeader, null);
            return findings;
        }
        for (int at = 0; at < file.Columns.Count; at++)
        {
            ClinicalColumn column = file.Columns[at];
            if (_columns[at] < 0) Tell(Faults.ClnColumn, column.Header, null);
            if (_badCells[at].Count > 0) Tell(Faults.ClnCell, column.Header, _badCells[at].ToString(), column.Type);
        }
        if (_ragged.Count > 0) Tell(Faults.ClnRow, null, _ragged.ToString(), Invariant($"{_width} fields"));
        if (_repeated.Count > 0) Tell(Faults.ClnDuplicateKey, file.KeyHeader, _repeated.ToString());
        if (_strangers.Count > 0) Tell(Faults.ClnNoScan, file.KeyHeader, _strangers.ToString());
        ScanFiles[] without = [.. scans.Where(scan => !_kept.ContainsKey(KeyOf(file, scan)))];
        string? example = without.Select(scan => scan.Key.Text).Min(StringComparer.Ordinal);
        if (example is not null) Tell(Faults.ClnNoRow, file.Key, Invariant($"{without.Length} of {scans.Count}, such as {example}"));
        return findings;
    }

    private void ReadHeader(SepReader.Row row)
    {
        string[] header = new string[row.ColCount];
        for (int at = 0; at < header.Length; at++) header[at] = row[at].Span.Trim().ToString();
        header[0] = header[0].TrimStart('\ufeff');
        int Find(string name) => header.Count(each => each == name) == 1 ? Array.IndexOf(header, name) : -1;
        (_width, _key) = (header.Length, Find(file.KeyHeader));
        _columns = [.. file.Columns.Select(column => Find(column.Header))];
    }

    private void Keep(SepReader.Row row)
    {
        string key = row[_key].Span.Trim().ToString().ToLowerInvariant();
        if (key.StartsWith("sub-", StringComparison.Ordinal)) key = key["sub-".Length..];
        if (!_wanted.Contains(key))
        {
            _strangers.Add(Line);
            return;
        }
        if (_kept.TryGetValue(key, out (int Line, IReadOnlyList<object?>) first))
        {
            if (_twice.Add(key)) _repeated.Add(first.Line);
            _repeated.Add(Line);
            return;
        }
        object?[] values = new object?[file.Columns.Count];
        for (int at = 0; at < values.Length; at++)
            if (_columns![at] >= 0 && !ClinicalCell.TryRead(row[_columns[at]].Span, file.Columns[at].Type, out values[at])) _badCells[at].Add(Line);
        _kept.Add(key, (Line, values));
    }
}
