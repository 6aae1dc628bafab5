using VerseEtl.Host.Flow;
using VerseEtl.Host.ReportPage;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>What is kept of a snapshot between requests: its scans for the gallery, and where the values of each level lie.</summary>
/// <param name="Directory">Of the snapshot.</param>
internal sealed record SnapshotScans(string Directory, IReadOnlyList<GalleryScan> Scans, CohortRanges Ranges)
{
    /// <exception cref="WarehouseDamagedException">A table is damaged.</exception>
    public static async Task<SnapshotScans> Read(SnapshotReports reports, string directory, CancellationToken token)
    {
        IReadOnlyList<ScanName> names = await reports.Names(token);
        IReadOnlyList<LevelValues> levels = await reports.Levels(token);
        return new SnapshotScans(directory, Of(names, levels, await reports.Notes(token)), SnapshotReports.Ranges(names, levels));
    }

    internal static IReadOnlyList<GalleryScan> Of(IEnumerable<ScanName> names, IEnumerable<LevelValues> levels, IEnumerable<ScanNote> notes)
    {
        ILookup<string, GalleryLevel> levelsOf = levels.ToLookup(level => level.ScanKey, level =>
            // one text a column for all the rows that name it
            new GalleryLevel(level.Label, level.OutlierZ, level.OutlierColumn is string column ? string.Intern(column) : null));
        ILookup<string, ScanNote> notesOf = notes.Where(note => note.ScanKey is not null).ToLookup(note => note.ScanKey!);
        return [.. names.Select(name => Of(name, [.. levelsOf[name.ScanKey].OrderBy(level => VertebraLabel.AnatomicalOrder(level.Label))],
            [.. notesOf[name.ScanKey]]))];
    }

    private static GalleryScan Of(ScanName name, GalleryLevel[] levels, ScanNote[] notes)
    {
        string[] codes = [.. notes.Select(note => string.Intern(note.Code)).Distinct().Order(StringComparer.Ordinal)];
        return new GalleryScan
        {
            ScanKey = name.ScanKey,
            Dataset = name.Dataset,
            Split = name.Split,
            ScanId = name.ScanId,
            Status = name.Status,
            PicturePath = name.PicturePath,
            Levels = levels,
            Errors = notes.Count(note => note.Severity == Severity.Error),
            Warnings = notes.Count(note => note.Severity == Severity.Warning),
            Notes = notes.Count(note => note.Severity == Severity.Info),
            Codes = codes,
            Text = string.Join(' ', [name.ScanKey, name.SubjectId, name.SeriesId, name.Status, name.Manufacturer, name.ManufacturerModel, .. codes]),
        };
    }
}
