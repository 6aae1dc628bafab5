using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Clinical;

/// <summary>A CSV file of the user's own with something about each scan or each patient, and the columns declared to be taken from it.</summary>
public sealed record ClinicalFile
{
    /// <summary>What the keys of a file may be.</summary>
    public const string SeriesId = "series_id", SubjectId = "subject_id";

    /// <summary>Absolute.</summary>
    public required string Path { get; init; }

    /// <summary>How findings and tables call it; no absolute path.</summary>
    public required string Name { get; init; }

    /// <summary><see cref="SeriesId"/> or <see cref="SubjectId"/> of `scans`: what joins a row to its scans.</summary>
    public required string Key { get; init; }

    /// <summary>What the file's first line calls the key.</summary>
    public required string KeyHeader { get; init; }

    public char Delimiter { get; init; } = ',';

    public required IReadOnlyList<ClinicalColumn> Columns { get; init; }
}

/// <summary>What one file holds about the scans.</summary>
/// <param name="Sha256">Of the file as stored, hexadecimal; null where it could not be read.</param>
/// <param name="Values">By key, in the order of the file's declared columns.</param>
public sealed record ClinicalContent(ClinicalFile File, string? Sha256, IReadOnlyDictionary<string, IReadOnlyList<object?>> Values,
    IReadOnlyList<Finding> Findings);
