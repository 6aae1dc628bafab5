using System.Runtime.Versioning;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>The files of one table in a staged snapshot, created and synced one after another.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StagedTable : IPartFiles, IAsyncDisposable
{
    private readonly List<ManifestFile> _files = [];
    private readonly string _staged;
    private readonly long _sequence;
    private readonly TableParts _parts;
    private string _path = "";

    public StagedTable(TableSchema table, string staged, long sequence, SourceAttribution? attribution, PartSizes sizes)
    {
        (_staged, _sequence) = (staged, sequence);
        _parts = table.Begin(this, attribution, sizes);
    }

    public Task Add(PublishedTables piece, CancellationToken cancellation) => _parts.Add(piece, cancellation);

    public async Task<IReadOnlyList<ManifestFile>> Complete(CancellationToken cancellation)
    {
        await _parts.Complete(cancellation);
        return _files;
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    Stream IPartFiles.Begin(string table, int part)
    {
        _path = TableSchema.PartPath(table, _sequence, part);
        return Durable.CreateFile(Path.Combine(_staged, _path));
    }

    void IPartFiles.End(Stream file, long rows)
    {
        DurableFile written = (DurableFile)file;
        _files.Add(new ManifestFile(_path, written.Written, written.Complete(), rows));
        written.Dispose();
    }
}
