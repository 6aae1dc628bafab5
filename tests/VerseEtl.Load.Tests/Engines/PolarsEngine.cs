using System.Globalization;
using System.Text.Json;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Tests.Engines;

/// <summary>Polars (Rust) through Node: filters go through its lazy scan, which skips row groups by their statistics.</summary>
internal sealed class PolarsEngine : IEngine
{
    public string Name => "Polars";

    public EngineReading Read(string path, IReadOnlyList<Column> columns, IReadOnlyList<Predicate> predicates)
    {
        string job = JsonSerializer.Serialize(new
        {
            path,
            columns = columns.Select(column => new { name = column.Name, type = column.TypeName }),
            predicates = predicates.Select(predicate => new
            {
                name = predicate.Column.Name, type = predicate.Column.TypeName, condition = predicate.Condition.ToString(),
                low = Predicate.Exact(predicate.Low), high = Predicate.Exact(predicate.High), list = predicate.List.Select(Predicate.Exact),
            }),
        });
        string script = Path.Combine(AppContext.BaseDirectory, "Engines", "polars-reads.cjs");
        using JsonDocument answer = JsonDocument.Parse(NodePackage.Polars.Run(script, [], job));
        JsonElement root = answer.RootElement;
        return new EngineReading(
            [.. root.GetProperty("names").EnumerateArray().Select(name => name.GetString()!)],
            [.. root.GetProperty("types").EnumerateArray().Select(type => TypeName(type.GetString()!))],
            [.. root.GetProperty("values").EnumerateArray().Select((column, at) => column.EnumerateArray().Select(cell => Cell(cell, columns[at])).ToArray())],
            [.. root.GetProperty("sums").EnumerateArray().Select(sum => sum.ValueKind == JsonValueKind.Null ? (double?)null : sum.GetDouble())],
            [.. root.GetProperty("counts").EnumerateArray().Select(count => count.GetInt64())]);
    }

    private static string? Cell(JsonElement cell, Column column) => cell.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Array => "[" + string.Join(", ", cell.EnumerateArray().Select(item => Number(item.GetString()!, column))) + "]",
        _ => Number(cell.GetString()!, column),
    };

    // JavaScript and .NET write the same shortest digits in different notation
    private static string Number(string text, Column column) => column.Type is ColumnType.Real or ColumnType.RealList
        ? Predicate.Exact(double.Parse(text, CultureInfo.InvariantCulture))!
        : text;

    private static string TypeName(string type) => type switch
    {
        "DataType(String)" => "string",
        "DataType(Int32)" => "int32",
        "DataType(Int64)" => "int64",
        "DataType(Float64)" => "double",
        "DataType(Bool)" => "boolean",
        "DataType(List(DataType(Float64)))" => "list of double",
        "DataType(List(DataType(Int32)))" => "list of int32",
        _ => type,
    };
}
