using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Tests.Engines;

/// <summary>A Parquet reader other than the library that wrote the file.</summary>
internal interface IEngine
{
    string Name { get; }

    /// <summary>Reads a file whole, and once more for each filter; filtered reads skip row groups by their statistics.</summary>
    EngineReading Read(string path, IReadOnlyList<Column> columns, IReadOnlyList<Predicate> predicates);
}

/// <summary>What an engine says about a file.</summary>
/// <param name="Names">Columns in file order.</param>
/// <param name="Types">In the words of docs/tables.md.</param>
/// <param name="Values">Column by column, as <see cref="Predicate.Exact"/> writes them.</param>
/// <param name="Sums">Of numeric columns as doubles, nulls left out; null for other columns.</param>
/// <param name="Counts">Rows for which each filter holds.</param>
internal sealed record EngineReading(
    IReadOnlyList<string> Names, IReadOnlyList<string> Types, IReadOnlyList<IReadOnlyList<string?>> Values,
    IReadOnlyList<double?> Sums, IReadOnlyList<long> Counts);
