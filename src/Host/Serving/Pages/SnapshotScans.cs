using VerseEtl.Host.Flow;
using VerseEtl.Host.ReportPage;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>What is kept of a snapshot between requests: its scans for the gallery, and where the values of each level lie.</summary>
/// <param name="Directory">Of the snapshot.</param>
internal sealed record SnapshotScans(string Directory, GalleryScans Scans, CohortRanges Ranges)
{
    /// <exception cref="WarehouseDamagedException">A table is damaged.</exception>
    public static SnapshotScans Read(SnapshotReports reports, string directory, CancellationToken token)
    {
        NotesByScan notes = new(reports.Names(token).Select(name => name.ScanKey), reports.Notes(token), SnapshotReports.Workspace);
        // what is read later belongs to another request
        return new SnapshotScans(directory, new GalleryScans(Of(reports.Names(default), reports.Outliers(default), notes)), reports.Ranges(token));
    }

    /// <summary>The scans as they are asked for, from rows in key order.</summary>
    internal static IEnumerable<GalleryScan> Of(IEnumerable<ScanName> names, IEnumerable<LevelValues> levels, NotesByScan notes)
    {
        using IEnumerator<LevelValues> rows = levels.GetEnumerator();
        bool any = rows.MoveNext();
        foreach ((ScanName name, IReadOnlyList<(string Code, Severity Severity)> noted) in names.Zip(notes.InScanOrder()))
        {
            List<GalleryLevel> own = [];
            while (any && string.CompareOrdinal(rows.Current.ScanKey, name.ScanKey) < 0) any = rows.MoveNext();
            for (; any && rows.Current.ScanKey == name.ScanKey; any = rows.MoveNext()) own.Add(LevelOf(rows.Current));
            yield return Of(name, [.. own.OrderBy(level => VertebraLabel.AnatomicalOrder(level.Label))], noted);
        }
    }

    // one text a column for all the rows that name it
    private static GalleryLevel LevelOf(LevelValues level) =>
        new(level.Label, level.OutlierZ, level.OutlierColumn is string column ? string.Intern(column) : null);

    private static GalleryScan Of(ScanName name, GalleryLevel[] levels, IReadOnlyList<(string Code, Severity Severity)> notes)
    {
        string[] codes = [.. notes.Select(note => note.Code).Distinct().Order(StringComparer.Ordinal)];
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
