using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>manifest.json: every file of a snapshot with its size and hash, and what the snapshot was made from.</summary>
public sealed record Manifest
{
    internal const string FileName = "manifest.json";

    public required int SchemaVersion { get; init; }
    public required string CodeVersion { get; init; }
    public required string InputDigest { get; init; }
    public required string OptionsDigest { get; init; }
    public required int ScansFound { get; init; }
    public required int ScansOk { get; init; }
    public required int ScansWarning { get; init; }
    public required int ScansFailed { get; init; }

    /// <summary>Scans left out on purpose, counted in ScansFound.</summary>
    public int ScansExcluded { get; init; }

    /// <summary>Licence of the source data, which the tables inherit; null if the source claims none.</summary>
    public string? License { get; init; }
    public string? Source { get; init; }
    public IReadOnlyList<string> Citations { get; init; } = [];
    public string? Changes { get; init; }

    /// <summary>Files and columns of the table `clinical`, as declared; null if the snapshot has none.</summary>
    public ClinicalDeclaration? Clinical { get; init; }
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>The files of one table, in the order of their rows.</summary>
    internal List<ManifestFile> FilesOf(string table) => [.. Files.Where(file => file.Rows is not null && file.Table == table)];
}

/// <summary>One file, its path relative to the snapshot; rows is null for a file that is no table.</summary>
public sealed record ManifestFile(string Path, long Bytes, string Sha256, long? Rows)
{
    /// <summary>Of a file of a table: the folder it lies in.</summary>
    internal string Table => Path[..Path.IndexOf('/', StringComparison.Ordinal)];
}
