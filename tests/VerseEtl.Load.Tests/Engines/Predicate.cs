using System.Collections;
using System.Globalization;
using System.Text;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Tests.Engines;

internal enum Condition { Equal, AtLeast, Below, Between, IsNull, IsNotNull, In, NotIn, Same, Join }

/// <summary>
/// A filter on one column, and what an unfiltered read says about it. Between includes both ends; text is ordered by its UTF-8 bytes; Same is
/// equality that takes null for a value; Join counts the rows that meet one of a table of keys.
/// </summary>
internal sealed record Predicate(Column Column, Condition Condition, object? Low = null, object? High = null)
{
    /// <summary>The values of In and NotIn, the keys of Join; each once, none null.</summary>
    public IReadOnlyList<object> List { get; init; } = [];

    /// <summary>For each column a value that hits one row in each row group, where there is one, the ends, ranges, and null or not.</summary>
    public static IEnumerable<Predicate> For(Column column, IReadOnlyList<object?> values)
    {
        yield return new(column, Condition.IsNull);
        yield return new(column, Condition.IsNotNull);
        if (column.Type is ColumnType.RealList or ColumnType.Whole32List) yield break;
        object[] ordered = [.. values.OfType<object>().Order(Comparer<object>.Create(Compare))];
        HashSet<object> points = [ordered[0], ordered[^1], ordered[ordered.Length / 2]];
        foreach (object?[] group in values.Chunk(InventedTable.RowsPerGroup))
            if (group.FirstOrDefault(value => value is not null && ordered.Count(other => Compare(other, value) == 0) == 1) is { } once)
                points.Add(once);
        foreach (object point in points) yield return new(column, Condition.Equal, point);
        object[] list = column.Type == ColumnType.Real ? [0.0, .. points.Where(point => (double)point != 0)] : [.. points];
        foreach (Condition condition in new[] { Condition.In, Condition.NotIn, Condition.Join })
            yield return new(column, condition) { List = list };
        if (column.Type == ColumnType.Real) yield return new(column, Condition.In) { List = [0.0, 1.0] };
        yield return new(column, Condition.Same, list[0]);
        yield return new(column, Condition.Same);
        if (column.Type == ColumnType.Truth) yield break;
        foreach (object point in points)
        {
            yield return new(column, Condition.AtLeast, point);
            yield return new(column, Condition.Below, point);
        }
        yield return new(column, Condition.Between, ordered[ordered.Length / 3], ordered[ordered.Length / 2]);
    }

    public bool Holds(object? value) => Condition switch
    {
        Condition.IsNull => value is null,
        Condition.IsNotNull => value is not null,
        Condition.Same when Low is null => value is null,
        _ when value is null => false,
        Condition.Equal or Condition.Same => Compare(value, Low!) == 0,
        Condition.In or Condition.Join => List.Any(each => Compare(value, each) == 0),
        Condition.NotIn => List.All(each => Compare(value, each) != 0),
        Condition.AtLeast => Compare(value, Low!) >= 0,
        Condition.Below => Compare(value, Low!) < 0,
        Condition.Between => Compare(value, Low!) >= 0 && Compare(value, High!) <= 0,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>Whether a row group with these bounds may hold a match: the rule by which engines skip row groups.</summary>
    public bool MayHold(object min, object max) => Condition switch
    {
        // equal bounds are taken for the value itself, and lists are looked up bit by bit
        Condition.In when Compare(min, max) == 0 => List.Contains(min, Bits),
        Condition.NotIn when Compare(min, max) == 0 => !List.Contains(min, Bits),
        Condition.In or Condition.Join => List.Any(each => Compare(min, each) <= 0 && Compare(max, each) >= 0),
        Condition.Same when Low is null => true,
        Condition.Equal or Condition.Same => Compare(min, Low!) <= 0 && Compare(max, Low!) >= 0,
        Condition.AtLeast => Compare(max, Low!) >= 0,
        Condition.Below => Compare(min, Low!) < 0,
        Condition.Between => Compare(max, Low!) >= 0 && Compare(min, High!) <= 0,
        _ => true,
    };

    private static readonly IEqualityComparer<object> Bits = EqualityComparer<object>.Create(
        (a, b) => a is double x && b is double y ? BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y) : Equals(a, b));

    public static int Compare(object a, object b) => a switch
    {
        string text => Encoding.UTF8.GetBytes(text).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)b)),
        double number => number == (double)b ? 0 : number.CompareTo((double)b),
        _ => Comparer.DefaultInvariant.Compare(a, b),
    };

    /// <summary>A value as text that keeps every bit; null stays null.</summary>
    public static string? Exact(object? value) => value switch
    {
        null => null,
        string text => text,
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        bool truth => truth ? "true" : "false",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object>().Select(Exact)) + "]",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
