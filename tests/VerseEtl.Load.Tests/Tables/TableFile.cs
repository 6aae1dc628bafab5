using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Tables;

internal static class TableFile
{
    public static byte[] Bytes(TableSchema table, PublishedTables tables, int rowsPerGroup = TableWriter.RowsPerGroup)
    {
        using MemoryStream stream = new();
        table.WriteAsync(tables, stream, SourceAttribution.Verse, CancellationToken.None, rowsPerGroup).GetAwaiter().GetResult();
        return stream.ToArray();
    }

    public static string Write(TempFolder directory, TableSchema table, PublishedTables tables, int rowsPerGroup = TableWriter.RowsPerGroup)
    {
        string path = directory[$"{table.Name}-{rowsPerGroup}.parquet"];
        File.WriteAllBytes(path, Bytes(table, tables, rowsPerGroup));
        return path;
    }

    public static TheoryData<string> Names => [.. PublishedSchema.All.Select(table => table.Name)];

    public static TableSchema Named(string name) => PublishedSchema.All.Single(table => table.Name == name);
}
