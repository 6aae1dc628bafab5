using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tables;

/// <summary>How many rows of a table lie in one row group and in one file.</summary>
internal readonly record struct PartSizes(int RowsPerGroup, int RowsPerPart)
{
    public static PartSizes Published { get; } = new(TableWriter.RowsPerGroup, TableWriter.RowsPerPart);
}

/// <summary>Where the files of a table are put.</summary>
internal interface IPartFiles
{
    /// <summary>Opens the table's next file.</summary>
    /// <param name="part">From 0 on.</param>
    Stream Begin(string table, int part);

    /// <summary>A file is written; the stream is the one that was opened.</summary>
    void End(Stream file, long rows);
}

/// <summary>A table while it is written, piece by piece in key order: files of a bounded number of rows. One without rows is one file without any.</summary>
internal abstract class TableParts : IAsyncDisposable
{
    /// <summary>Adds the table's rows of a piece.</summary>
    /// <exception cref="InvalidDataException">They do not follow those before in key order, or a value must not be published.</exception>
    public abstract Task Add(PublishedTables piece, CancellationToken cancellation);

    /// <summary>Writes what is left.</summary>
    public abstract Task Complete(CancellationToken cancellation);

    public abstract ValueTask DisposeAsync();
}

/// <inheritdoc/>
internal sealed class TableParts<TRow>(TableSchema<TRow> table, IPartFiles files, SourceAttribution? attribution, PartSizes sizes) : TableParts
    where TRow : class
{
    private readonly List<TRow> _group = [];
    private TableFile<TRow>? _file;
    private Stream? _stream;
    private TRow? _last;
    private int _parts, _rows;

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

    public override async Task Complete(CancellationToken cancellation)
    {
        if (_group.Count > 0) await WriteGroup(cancellation);
        if (_parts == 0) await BeginPart(cancellation);
        if (_file is not null) await EndPart();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_stream is null) return;
        // of what is given up nothing more is written
        await _stream.DisposeAsync();
    }

    private async Task WriteGroup(CancellationToken cancellation)
    {
        if (_file is null) await BeginPart(cancellation);
        await _file!.Add(_group.ToArray(), cancellation);
        _rows += _group.Count;
        _group.Clear();
    }

    private async Task BeginPart(CancellationToken cancellation)
    {
        _stream = files.Begin(table.Name, _parts++);
        _file = await TableFile<TRow>.Begin(table, _stream, attribution, cancellation);
        _rows = 0;
    }

    private async Task EndPart()
    {
        await _file!.Complete();
        files.End(_stream!, _rows);
        (_file, _stream, _rows) = (null, null, 0);
    }
}
