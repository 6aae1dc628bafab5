using Apache.Arrow;
using Apache.Arrow.Ipc;
using VerseEtl.Load.Export;
using VerseEtl.Load.Tables;
using VerseEtl.Load.Tests.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Engines;

public sealed class ArrowExportTests : IDisposable
{
    private static readonly PublishedTables Tables = SampleTables.Of(11);
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void A_table_exported_to_Arrow_reads_back_in_several_batches(string name)
    {
        TableSchema table = TableFile.Named(name);
        using MemoryStream stream = new();
        ArrowExport.Write(table, Tables, stream, SourceAttribution.Verse, rowsPerBatch: 7);
        using MemoryStream again = new();
        ArrowExport.Write(table, Tables, again, SourceAttribution.Verse, rowsPerBatch: 7);
        Assert.Equal(stream.ToArray(), again.ToArray());
        stream.Position = 0;
        using ArrowFileReader reader = new(stream, leaveOpen: true);
        List<string?[]> rows = [];
        while (reader.ReadNextRecordBatch() is { } batch)
            using (batch)
                for (int at = 0; at < batch.Length; at++) rows.Add([.. batch.Arrays.Select(array => Cell(array, at))]);
        Assert.Equal(table.Values(Tables).Select(row => row.Select(Predicate.Exact)), rows);
        Assert.Equal(table.Columns.Select(column => (column.Name, column.Nullable)), reader.Schema.FieldsList.Select(field => (field.Name, field.IsNullable)));
        Assert.Equal("CC BY-SA 4.0", reader.Schema.Metadata["license"]);
    }

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void Polars_reads_the_exported_file_like_the_published_one(string name)
    {
        TableSchema table = TableFile.Named(name);
        string parquet = TableFile.Write(_temp, table, Tables), arrow = _temp[name + ".arrow"];
        using (FileStream stream = File.Create(arrow)) ArrowExport.Write(table, Tables, stream, null);
        string script = Path.Combine(AppContext.BaseDirectory, "Engines", "polars-equal.cjs");
        Assert.Equal($"{table.CountRows(Tables)} rows, {table.Columns.Count} columns, equal", NodePackage.Polars.Run(script, [parquet, arrow]));
    }

    [Fact]
    public void A_batch_is_written_before_the_rows_of_the_next_are_asked_for()
    {
        TableSchema table = PublishedSchema.Scans;
        using MemoryStream stream = new();
        List<long> written = [];
        ArrowExport.Write(table, table.Values(Tables).Select(row =>
        {
            written.Add(stream.Length);
            return row;
        }), stream, null, rowsPerBatch: 4);
        Assert.Equal([4, 4, 3], written.GroupBy(length => length).Select(batch => batch.Count()));

        using StringWriter text = new();
        written.Clear();
        CsvExport.Write(table, table.Values(Tables).Select(row =>
        {
            written.Add(text.GetStringBuilder().Length);
            return row;
        }), text, "");
        Assert.Equal(written.Distinct().Order(), written);
    }

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void A_table_without_rows_is_exported_with_its_columns(string name)
    {
        TableSchema table = TableFile.Named(name);
        using MemoryStream stream = new();
        ArrowExport.Write(table, SampleTables.Empty, stream, null);
        stream.Position = 0;
        using ArrowFileReader reader = new(stream);
        Assert.Null(reader.ReadNextRecordBatch());
        Assert.Equal(table.Columns.Count, reader.Schema.FieldsList.Count);
    }

    private static string? Cell(IArrowArray array, int at) => array.IsNull(at) ? null : array switch
    {
        StringArray text => text.GetString(at),
        Int32Array whole => Predicate.Exact(whole.GetValue(at)),
        Int64Array whole => Predicate.Exact(whole.GetValue(at)),
        DoubleArray real => Predicate.Exact(real.GetValue(at)),
        BooleanArray truth => Predicate.Exact(truth.GetValue(at)),
        ListArray list => Items(list.GetSlicedValues(at)),
        _ => throw new InvalidOperationException(array.GetType().Name),
    };

    private static string Items(IArrowArray items) => "[" + string.Join(", ", Enumerable.Range(0, items.Length).Select(at => Cell(items, at))) + "]";
}
