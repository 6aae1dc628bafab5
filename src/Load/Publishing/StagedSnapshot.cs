using System.Runtime.Versioning;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>A snapshot while it is written: every file created, synced and read back, then the whole directory put in place under its final name.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StagedSnapshot
{
    private readonly WarehouseLayout _layout;
    private readonly List<ManifestFile> _files = [];
    private readonly string _staged;
    private bool _placed;

    public StagedSnapshot(WarehouseLayout layout, StagingArea area, long sequence, string runId)
    {
        _layout = layout;
        Sequence = sequence;
        Name = WarehouseLayout.SnapshotName(sequence, runId);
        _staged = Path.Combine(area.Path, "snapshot");
        Directory.CreateDirectory(_staged);
    }

    public long Sequence { get; }

    public string Name { get; }

    public IReadOnlyList<ManifestFile> Files => _files;

    /// <summary>Begins a table; its files are part of the snapshot once it is completed by <see cref="Complete"/>.</summary>
    public TableParts Begin(TableSchema table, SourceAttribution? attribution, PartSizes sizes)
    {
        Directory.CreateDirectory(Path.Combine(_staged, table.Name));
        return table.Begin(_staged, Sequence, attribution, sizes);
    }

    public async Task Complete(TableParts table, CancellationToken cancellation)
    {
        foreach (TablePart part in await table.Complete(cancellation)) _files.Add(new ManifestFile(part.Path, part.Bytes, part.Sha256, part.Rows));
    }

    public void AddFile(string name, ReadOnlySpan<byte> bytes)
    {
        Durable.WriteNew(Path.Combine(_staged, name), bytes);
        _files.Add(new ManifestFile(name, bytes.Length, Sha256.Of(bytes), null));
    }

    /// <summary>Takes over a file of an older snapshot by a second name for the same bytes.</summary>
    public void AddLink(string path, string existing, ManifestFile original)
    {
        string target = Path.Combine(_staged, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (!Durable.TryLink(existing, target)) throw StorageException.Of("link", target, StorageException.Eexist);
        _files.Add(original with { Path = path });
    }

    /// <summary>Makes the directory entries durable.</summary>
    public void SyncDirectories()
    {
        foreach (string directory in Directory.GetDirectories(_staged)) Durable.SyncDirectory(directory);
        Durable.SyncDirectory(_staged);
    }

    /// <summary>Opens each file again: size, hash and, for tables, footer and row count must be what was written.</summary>
    /// <exception cref="StorageException">STO_BITROT: what lies on the disk is not what was written.</exception>
    public async Task ReadBack(CancellationToken cancellation)
    {
        foreach (ManifestFile file in _files)
            if ((SnapshotCheck.Fault(_staged, file, cancellation) ?? await FaultOfRows(file, cancellation)) is string fault)
                throw new StorageException("STO_BITROT", $"{file.Path} was not read back as written: {fault}; check the disk and run again");
    }

    private async Task<string?> FaultOfRows(ManifestFile file, CancellationToken cancellation)
    {
        if (file.Rows is not long rows) return null;
        using PromptFile stream = new(Path.Combine(_staged, file.Path));
        long found = await TableReader.CountRowsAsync(stream, cancellation);
        return found == rows ? null : Invariant($"{found} rows instead of {rows}");
    }

    /// <summary>Writes manifest.json, then gives the directory its final name under snapshots/. Not yet visible to readers.</summary>
    /// <returns>SHA-256 of the manifest.</returns>
    public string Place(Manifest manifest)
    {
        byte[] bytes = LoadForms.Manifest.Write(manifest);
        Durable.WriteNew(Path.Combine(_staged, Manifest.FileName), bytes);
        Durable.SyncDirectory(_staged);
        Durable.Rename(_staged, _layout.Snapshot(Name));
        _placed = true;
        Durable.SyncDirectory(_layout.Snapshots);
        return Sha256.Of(bytes);
    }

    /// <summary>Takes a placed but uncommitted directory out of snapshots/ again.</summary>
    public void Discard()
    {
        if (!_placed) return;
        string trash = _layout.NewTrash();
        if (Durable.TryRename(_layout.Snapshot(Name), trash)) Durable.RemoveTree(trash);
        _placed = false;
    }
}
