using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>A scan as the gallery knows it: what it shows, is ordered and is searched by.</summary>
public sealed record GalleryScan
{
    public required string ScanKey { get; init; }
    public required string Dataset { get; init; }
    public required string Split { get; init; }
    public required string ScanId { get; init; }
    public required string Status { get; init; }

    /// <summary>As `scans.picture_path` has it; null for none.</summary>
    public string? PicturePath { get; init; }

    /// <summary>From head to tail.</summary>
    public required IReadOnlyList<GalleryLevel> Levels { get; init; }
    public required int Errors { get; init; }
    public required int Warnings { get; init; }
    public required int Notes { get; init; }

    /// <summary>Of its findings, each once.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    /// <summary>Other words to be found by.</summary>
    public required string Text { get; init; }

    public bool IsFailed => Status == ScanStatus.Failed;

    /// <summary>The level that stands out most, or how far a given one does; null where no level, or not that one, could be scored.</summary>
    public GalleryLevel? Worst(int? label) =>
        Levels.Where(level => level.Z is not null && (label is null || level.Label == label))
            .Select(level => (GalleryLevel?)level).MaxBy(level => Math.Abs(level!.Value.Z!.Value));
}

/// <summary>A vertebra of a scan.</summary>
/// <param name="Z">Its `outlier_z`; null where it could not be scored.</param>
/// <param name="Column">In which it stands out most.</param>
public readonly record struct GalleryLevel(int Label, double? Z, string? Column);
