using System.Text.Json;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>A snapshot while it is written: every file created, synced and read back, then the whole directory put in place under its final name.</summary>
internal sealed class StagedSnapshot
{
    private readonly WarehouseLayout layout;
    private readonly List<ManifestFile> files = [];
    private readonly string staged;
    private bool placed;

    public StagedSnapshot(WarehouseLayout layout, StagingArea area, long sequence, string runId)
    {
        this.layout = layout;
        Sequence = sequence;
        Name = WarehouseLayout.SnapshotName(sequence, runId);
        staged = Path.Combine(area.Path, "snapshot");
        Directory.CreateDirectory(staged);
    }

    public long Sequence { get; }

    public string Name { get; }

    public IReadOnlyList<ManifestFile> Files => files;

    public async Task AddTable(TableSchema table, PublishedTables tables, SourceAttribution? attribution, int rowsPerGroup, CancellationToken cancellation)
    {
        string path = table.PartPath(Sequence);
        Directory.CreateDirectory(Path.Combine(staged, table.Name));
        using DurableFile file = Durable.CreateFile(Path.Combine(staged, path));
        await table.WriteAsync(tables, file, attribution, cancellation, rowsPerGroup);
        files.Add(new ManifestFile(path, file.Written, file.Complete(), table.CountRows(tables)));
    }

    public void AddFile(string name, ReadOnlySpan<byte> bytes)
    {
        Durable.WriteNew(Path.Combine(staged, name), bytes);
        files.Add(new ManifestFile(name, bytes.Length, Sha256.Of(bytes), null));
    }

    /// <summary>Takes over a file of an older snapshot by a second name for the same bytes.</summary>
    public void AddLink(string path, string existing, ManifestFile original)
    {
        string target = Path.Combine(staged, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (!Durable.TryLink(existing, target)) throw StorageException.Of("link", target, StorageException.Eexist);
        files.Add(original with { Path = path });
    }

    /// <summary>Makes the directory entries durable.</summary>
    public void SyncDirectories()
    {
        foreach (string directory in Directory.GetDirectories(staged)) Durable.SyncDirectory(directory);
        Durable.SyncDirectory(staged);
    }

    /// <summary>Opens each file again: size, hash and, for tables, footer and row count must be what was written.</summary>
    /// <exception cref="StorageException">STO_BITROT: what lies on the disk is not what was written.</exception>
    public async Task ReadBack(CancellationToken cancellation)
    {
        foreach (ManifestFile file in files)
            if (await SnapshotCheck.Fault(staged, file, cancellation) is string fault)
                throw new StorageException("STO_BITROT", $"{file.Path} was not read back as written: {fault}; check the disk and run again");
    }

    /// <summary>Writes manifest.json, then gives the directory its final name under snapshots/. Not yet visible to readers.</summary>
    /// <returns>SHA-256 of the manifest.</returns>
    public string Place(Manifest manifest)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, LoadJson.Default.Manifest);
        Durable.WriteNew(Path.Combine(staged, Manifest.FileName), bytes);
        Durable.SyncDirectory(staged);
        Durable.Rename(staged, layout.Snapshot(Name));
        placed = true;
        Durable.SyncDirectory(layout.Snapshots);
        return Sha256.Of(bytes);
    }

    /// <summary>Takes a placed but uncommitted directory out of snapshots/ again.</summary>
    public void Discard()
    {
        if (!placed) return;
        string trash = layout.NewTrash();
        if (Durable.TryRename(layout.Snapshot(Name), trash)) Durable.RemoveTree(trash);
        placed = false;
    }
}
