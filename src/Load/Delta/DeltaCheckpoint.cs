using Parquet.Serialization;

namespace VerseEtl.Load.Delta;

/// <summary>What a table is called, what a row of it is, and its schema as the log writes it.</summary>
internal sealed record DeltaTableText(string Name, string About, string Schema);

/// <summary>The state after one version as a Parquet file, so that readers need not read the versions before it.</summary>
internal static class DeltaCheckpoint
{
    /// <param name="removed">Files of older versions that are still there.</param>
    /// <returns>The file, and the actions in it.</returns>
    public static (byte[] File, int Actions) Of(DeltaVersion version, DeltaTableText described, IReadOnlyList<DeltaFile> removed, DateTimeOffset committed)
    {
        long at = committed.ToUnixTimeMilliseconds();
        List<CheckpointRow> rows =
        [
            new() { protocol = new() { minReaderVersion = 1, minWriterVersion = version.WriterVersion } },
            new()
            {
                metaData = new()
                {
                    id = version.TableId, name = described.Name, description = described.About, schemaString = described.Schema,
                    format = new() { provider = "parquet", options = [] }, partitionColumns = [],
                    configuration = version.Configuration.ToDictionary(pair => pair.Key, pair => pair.Value),
                },
            },
            new() { txn = new() { appId = DeltaVersion.AppId, version = version.Commit!.Value, lastUpdated = at } },
        ];
        foreach (DeltaFile file in version.Files)
            rows.Add(new()
            {
                add = new() { path = file.Name, partitionValues = [], size = file.Bytes, modificationTime = at, dataChange = true, stats = file.Statistics },
            });
        foreach (DeltaFile old in removed)
            rows.Add(new()
            {
                remove = new()
                {
                    path = old.Name, deletionTimestamp = at, dataChange = true, extendedFileMetadata = true, partitionValues = [], size = old.Bytes,
                },
            });

        using MemoryStream bytes = new();
        ParquetSerializer.SerializeAsync(rows, bytes).GetAwaiter().GetResult();
        return (bytes.ToArray(), rows.Count);
    }
}
