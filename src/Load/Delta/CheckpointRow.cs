namespace VerseEtl.Load.Delta;

#pragma warning disable IDE1006 // the names are those of the protocol: https://github.com/delta-io/delta/blob/master/PROTOCOL.md#checkpoint-schema

/// <summary>One row of a checkpoint: exactly one action, the others null.</summary>
internal sealed class CheckpointRow
{
    public CheckpointTxn? txn { get; set; }
    public CheckpointAdd? add { get; set; }
    public CheckpointRemove? remove { get; set; }
    public CheckpointMetaData? metaData { get; set; }
    public CheckpointProtocol? protocol { get; set; }
}

internal sealed class CheckpointTxn
{
    public string? appId { get; set; }
    public long? version { get; set; }
    public long? lastUpdated { get; set; }
}

internal sealed class CheckpointAdd
{
    public string? path { get; set; }
    public Dictionary<string, string>? partitionValues { get; set; }
    public long? size { get; set; }
    public long? modificationTime { get; set; }
    public bool? dataChange { get; set; }
    public string? stats { get; set; }
}

internal sealed class CheckpointRemove
{
    public string? path { get; set; }
    public long? deletionTimestamp { get; set; }
    public bool? dataChange { get; set; }
    public bool? extendedFileMetadata { get; set; }
    public Dictionary<string, string>? partitionValues { get; set; }
    public long? size { get; set; }
}

internal sealed class CheckpointMetaData
{
    public string? id { get; set; }
    public string? name { get; set; }
    public string? description { get; set; }
    public CheckpointFormat? format { get; set; }
    public string? schemaString { get; set; }
    public List<string>? partitionColumns { get; set; }
    public Dictionary<string, string>? configuration { get; set; }
}

internal sealed class CheckpointFormat
{
    public string? provider { get; set; }
    public Dictionary<string, string>? options { get; set; }
}

internal sealed class CheckpointProtocol
{
    public int? minReaderVersion { get; set; }
    public int? minWriterVersion { get; set; }
}
