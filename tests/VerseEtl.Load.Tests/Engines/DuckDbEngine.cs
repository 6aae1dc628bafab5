using System.Globalization;
using DuckDB.NET.Data;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Tests.Engines;

internal sealed class DuckDbEngine : IEngine
{
    public string Name => "DuckDB";

    public EngineReading Read(string path, IReadOnlyList<Column> columns, IReadOnlyList<Predicate> predicates)
    {
        using DuckDBConnection duck = new("DataSource=:memory:");
        duck.Open();
        List<string> names = [], types = [];
        foreach (object?[] row in Rows(duck, $"DESCRIBE SELECT * FROM '{path}'"))
        {
            names.Add((string)row[0]!);
            types.Add(TypeName((string)row[1]!));
        }
        object?[][] rows = [.. Rows(duck, $"SELECT * FROM '{path}'")];
        return new EngineReading(names, types,
            [.. names.Select((_, at) => rows.Select(row => Predicate.Exact(row[at])).ToArray())],
            [.. columns.Select(column => Sum(duck, path, column))],
            [.. predicates.Select(predicate => (long)Rows(duck, Query(path, predicate)).Single()[0]!)]);
    }

    private static double? Sum(DuckDBConnection duck, string path, Column column) =>
        column.Type is ColumnType.Whole32 or ColumnType.Whole64 or ColumnType.Real
            ? (double)(Rows(duck, $"SELECT coalesce(sum(\"{column.Name}\"::DOUBLE), 0) FROM '{path}'").Single()[0]!)
            : null;

    private static IEnumerable<object?[]> Rows(DuckDBConnection duck, string sql)
    {
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            object?[] row = new object?[reader.FieldCount];
            for (int at = 0; at < row.Length; at++) row[at] = reader.IsDBNull(at) ? null : reader.GetValue(at);
            yield return row;
        }
    }

    private static string Query(string path, Predicate predicate) => predicate.Condition == Condition.Join
        ? $"SELECT count(*) FROM '{path}' t JOIN (VALUES {string.Join(", ", predicate.List.Select(key => $"({Literal(key)})"))}) keys(k) "
            + $"ON t.\"{predicate.Column.Name}\" = keys.k"
        : $"SELECT count(*) FROM '{path}' WHERE {Where(predicate)}";

    private static string Where(Predicate predicate)
    {
        string column = $"\"{predicate.Column.Name}\"";
        return predicate.Condition switch
        {
            Condition.Equal => $"{column} = {Literal(predicate.Low!)}",
            Condition.AtLeast => $"{column} >= {Literal(predicate.Low!)}",
            Condition.Below => $"{column} < {Literal(predicate.Low!)}",
            Condition.Between => $"{column} BETWEEN {Literal(predicate.Low!)} AND {Literal(predicate.High!)}",
            Condition.In => $"{column} IN ({string.Join(", ", predicate.List.Select(Literal))})",
            Condition.NotIn => $"{column} NOT IN ({string.Join(", ", predicate.List.Select(Literal))})",
            Condition.Same => $"{column} IS NOT DISTINCT FROM {(predicate.Low is null ? "NULL" : Literal(predicate.Low))}",
            Condition.IsNull => $"{column} IS NULL",
            Condition.IsNotNull => $"{column} IS NOT NULL",
            _ => throw new InvalidOperationException(),
        };
    }

    private static string Literal(object value) => value switch
    {
        string text => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'",
        double number => $"'{number.ToString("R", CultureInfo.InvariantCulture)}'::DOUBLE",
        _ => Predicate.Exact(value)!,
    };

    private static string TypeName(string type) => type switch
    {
        "VARCHAR" => "string",
        "INTEGER" => "int32",
        "BIGINT" => "int64",
        "DOUBLE" => "double",
        "BOOLEAN" => "boolean",
        "DOUBLE[]" => "list of double",
        "INTEGER[]" => "list of int32",
        _ => type,
    };
}
