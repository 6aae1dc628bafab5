using System.Runtime.Versioning;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tables;

/// <summary>How many rows of a table lie in one row group and in one file.</summary>
internal readonly record struct PartSizes(int RowsPerGroup, int RowsPerPart)
{
    public static PartSizes Published { get; } = new(TableWriter.RowsPerGroup, TableWriter.RowsPerPart);
}

/// <summary>A file of a table as it lies on the disk; the path is relative to the snapshot.</summary>
internal sealed record TablePart(string Path, long Bytes, string Sha256, long Rows);

/// <summary>
/// A table while it is written, piece by piece in key order: files of a bounded number of rows, created and synced one after another. One without rows is one
/// file without any.
/// </summary>
[SupportedOSPlatform("linux")]
internal abstract class TableParts : IDisposable
{
    /// <summary>Adds the table's rows of a piece.</summary>
    /// <exception cref="InvalidDataException">They do not follow those before in key order, or a value must not be published.</exception>
    public abstract Task Add(PublishedTables piece, CancellationToken cancellation);

    /// <summary>Writes what is left.</summary>
    /// <returns>All files, in the order of their rows.</returns>
    public abstract Task<IReadOnlyList<TablePart>> Complete(CancellationToken cancellation);

    public abstract void Dispose();
}

/// <inheritdoc/>
[SupportedOSPlatform("linux")]
internal sealed class TableParts<TRow>(TableSchema<TRow> table, string staged, long sequence, SourceAttribution? attribution, PartSizes sizes)
    : TableParts where TRow : class
{
    private readonly List<TablePart> _parts = [];
    private readonly List<TRow> _group = [];
    private TableFile<TRow>? _file;
    private DurableFile? _stream;
    private TRow? _last;
    private int _rows;

    public override async Task Add(PublishedTables piece, CancellationToken cancellation)
    {
        foreach (TRow row in table.InKeyOrder(piece))
        {
            if (_last is not null && table.Compare(_last, row) > 0) throw new InvalidDataException($"the rows of {table.Name} are not in key order");
            _last = row;
            _group.Add(row);
            if (_group.Count == sizes.RowsPerGroup || _rows + _group.Count == sizes.RowsPerPart) await WriteGroup(cancellation);
            if (_rows == sizes.RowsPerPart) await EndPart();
        }
    }

    public override async Task<IReadOnlyList<TablePart>> Complete(CancellationToken cancellation)
    {
        if (_group.Count > 0) await WriteGroup(cancellation);
        if (_file is null && _parts.Count == 0) await BeginPart(cancellation);
        if (_file is not null) await EndPart();
        return _parts;
    }

    // of what is given up nothing more is written
    public override void Dispose() => _stream?.Dispose();

    private async Task WriteGroup(CancellationToken cancellation)
    {
        if (_file is null) await BeginPart(cancellation);
        await _file!.Add(_group.ToArray(), cancellation);
        _rows += _group.Count;
        _group.Clear();
    }

    private async Task BeginPart(CancellationToken cancellation)
    {
        _stream = Durable.CreateFile(Path.Combine(staged, PathOfPart()));
        _file = await TableFile<TRow>.Begin(table, _stream, attribution, cancellation);
        _rows = 0;
    }

    private async Task EndPart()
    {
        await _file!.Complete();
        string sha256 = _stream!.Complete();
        _parts.Add(new TablePart(PathOfPart(), _stream.Written, sha256, _rows));
        _stream.Dispose();
        (_file, _stream, _rows) = (null, null, 0);
    }

    private string PathOfPart() => TableSchema.PartPath(table.Name, sequence, _parts.Count);
}
