using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>A column of a table in two snapshots; null on the side that lacks it, as are its values there.</summary>
internal sealed partial class ColumnPair<TRow> where TRow : class
{
    private readonly Column<TRow>? _was, _isNow;
    private readonly bool _isMeasure;

    private ColumnPair(Column<TRow>? was, Column<TRow>? isNow) =>
        (_was, _isNow, _isMeasure) = (was, isNow, isNow is not null && isNow.Text.Unit is not ("degree" or "percent") && !Coordinate().IsMatch(isNow.Name));

    /// <summary>By name, in the order of the later table, then those that only the earlier one has.</summary>
    public static ColumnPair<TRow>[] Of(TableSchema<TRow> earlier, TableSchema<TRow> later) =>
    [
        .. later.TypedColumns.Select(column => new ColumnPair<TRow>(Named(earlier, column), column)),
        .. earlier.TypedColumns.Where(column => Named(later, column) is null).Select(column => new ColumnPair<TRow>(column, null)),
    ];

    public bool IsSame(TRow before, TRow after) =>
        _was is not null && ReferenceEquals(_was, _isNow) ? _was.HasSame(before, after) : SameValue(_was?.Value(before), _isNow?.Value(after));

    public CellChange Change(TRow before, TRow after)
    {
        object? a = _was?.Value(before), b = _isNow?.Value(after);
        return new CellChange((_isNow ?? _was!).Name, a, b, _isMeasure ? Relative(a, b) : null);
    }

    private static Column<TRow>? Named(TableSchema<TRow> table, Column<TRow> column) => table.TypedColumns.FirstOrDefault(each => each.Name == column.Name);

    /// <summary>A coordinate or direction. A relative change says something of a size, not of these, of an angle or a percentage.</summary>
    [GeneratedRegex("_[xyzijk](?:_mm)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Coordinate();

    private static double? Relative(object? before, object? after) =>
        Number(before) is double a && Number(after) is double b && a != 0 ? b / a - 1 : null;

    private static double? Number(object? value) => value is double or int or long ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : null;

    private static bool SameValue(object? a, object? b) =>
        a is IEnumerable x and not string && b is IEnumerable y and not string ? x.Cast<object>().SequenceEqual(y.Cast<object>()) : Equals(a, b);
}
