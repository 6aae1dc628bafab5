using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Tables;

/// <summary>The rows of one scan out of a table, whatever group of rows they are in.</summary>
public sealed class OneScanTests
{
    private static readonly PublishedTables Tables = SampleTables.Of(9);

    [Theory]
    [InlineData(3)]
    [InlineData(1000)]
    public async Task They_are_those_of_the_whole_table_that_have_its_key(int rowsPerGroup)
    {
        foreach (ScanRow scan in Tables.Scans)
        {
            await Same(PublishedSchema.Scans, Tables.Scans, scan.ScanKey, row => row.ScanKey, rowsPerGroup);
            await Same(PublishedSchema.Vertebrae, Tables.Vertebrae, scan.ScanKey, row => row.ScanKey, rowsPerGroup);
            await Same(PublishedSchema.Findings, Tables.Findings, scan.ScanKey, row => row.ScanKey, rowsPerGroup);
        }
    }

    [Fact]
    public async Task A_key_that_nobody_has_has_no_rows() =>
        Assert.Empty(await Read(PublishedSchema.Findings, "", rowsPerGroup: 1000));

    private static async Task Same<TRow>(TableSchema<TRow> table, IEnumerable<TRow> all, string key, Func<TRow, string?> keyOf, int rowsPerGroup)
        where TRow : class
    {
        PublishedTables wanted = typeof(TRow) == typeof(ScanRow) ? Tables with { Scans = [.. all.Where(row => keyOf(row) == key).Cast<ScanRow>()] }
            : typeof(TRow) == typeof(VertebraRow) ? Tables with { Vertebrae = [.. all.Where(row => keyOf(row) == key).Cast<VertebraRow>()] }
            : Tables with { Findings = [.. all.Where(row => keyOf(row) == key).Cast<Finding>()] };
        IReadOnlyList<TRow> read = await Read(table, key, rowsPerGroup);
        Assert.Equal(table.Values(wanted), read.Select(row => (IReadOnlyList<object?>)[.. table.TypedColumns.Select(column => column.Value(row))]));
    }

    private static async Task<IReadOnlyList<TRow>> Read<TRow>(TableSchema<TRow> table, string key, int rowsPerGroup) where TRow : class
    {
        using MemoryStream file = new(TableFile.Bytes(table, Tables, rowsPerGroup));
        return await TableReader.ReadAsync(table, file, key, TestContext.Current.CancellationToken);
    }
}
