using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Objects;
using VerseEtl.Host.ReportPage;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Spools;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>Reports of scans from the tables of a snapshot. Each reading proves the files it reads.</summary>
/// <param name="pipeline">Where the dataset's own previews lie, if its source has a path, and what was published.</param>
internal sealed class SnapshotReports(Pipeline pipeline, Snapshot snapshot)
{
    // what a report shows of a vertebra: the other columns are two thirds of the largest table
    private static readonly HashSet<string> ShownColumns =
    [
        "scan_key", "dataset", "label", "vertebra", "anatomical_order", "volume_cm3", "centroid_x_mm", "centroid_y_mm", "centroid_z_mm", "component_count",
        "touches_border", "annotated_x_mm", "annotated_y_mm", "annotated_z_mm", "mask_hu_median", "body_hu_median", "trabecular_hu_median", "plausibility",
        "outlier_z", "outlier_column", "height_anterior_mm", "height_middle_mm", "height_posterior_mm", "depth_mm", "wedge_angle_deg", "height_loss_percent",
        "endplate_superior_y_mm", "endplate_superior_z_mm", "endplate_superior_back_y", "endplate_superior_back_z",
        "endplate_inferior_y_mm", "endplate_inferior_z_mm", "endplate_inferior_back_y", "endplate_inferior_back_z",
    ];

    private static readonly TableSchema<VertebraRow> Shown = TableSchema<VertebraRow>.Narrow(PublishedSchema.Vertebrae,
        [.. PublishedSchema.Vertebrae.TypedColumns.Where(column => ShownColumns.Contains(column.Name))]);

    /// <summary>Where what is set aside goes: the warehouse may be read-only.</summary>
    public static IWorkspace Workspace => new SpoolWorkspace(Path.GetTempPath(), SpoolSizes.Usual);

    /// <summary>In key order, read as they are asked for.</summary>
    /// <exception cref="WarehouseDamagedException">The table is damaged.</exception>
    public IEnumerable<ScanName> Names(CancellationToken token) => Warehouse.Rows(snapshot, ScanName.Table, token);

    /// <summary>What a gallery needs of them.</summary>
    /// <inheritdoc cref="Names"/>
    public IEnumerable<LevelValues> Outliers(CancellationToken token) => Warehouse.Rows(snapshot, LevelValues.Outliers, token);

    /// <inheritdoc cref="Names"/>
    public IEnumerable<ScanNote> Notes(CancellationToken token) => Warehouse.Rows(snapshot, ScanNote.Table, token);

    /// <inheritdoc cref="Names"/>
    public CohortRanges Ranges(CancellationToken token)
    {
        HashSet<TextKey> repeats = [.. Names(token).Where(scan => scan.DuplicateOf is not null).Select(scan => TextKey.Of(scan.ScanKey))];
        return new CohortRanges(Warehouse.Rows(snapshot, LevelValues.Table, token), repeats, Workspace);
    }

    /// <returns>Null where the snapshot has no such scan.</returns>
    /// <exception cref="WarehouseDamagedException">A table is damaged.</exception>
    /// <exception cref="RunStoppedException">The reference cannot be used.</exception>
    public async Task<ScanReport?> Of(string scanKey, CohortRanges cohort, CancellationToken token)
    {
        if (await Rows(PublishedSchema.Scans, scanKey, token) is not [ScanRow scan]) return null;
        Reference? published = AuditReference.Load(pipeline.Reference).Figures;
        return new ScanReport
        {
            Snapshot = snapshot,
            Scan = scan,
            Vertebrae = await Rows(Shown, scanKey, token),
            Pairs = await Rows(PublishedSchema.Pairs, scanKey, token),
            Spine = await Rows(PublishedSchema.Spines, scanKey, token) is [SpineRow spine, ..] ? spine : null,
            Findings = await Rows(PublishedSchema.Findings, scanKey, token),
            Cohort = cohort,
            Published = published?.LabelTable is { } table && CohortCell.Contains(table.Dataset, table.Split, scan) ? published : null,
            Picture = Picture(scan),
            Preview = Preview(scan),
        };
    }

    private Task<IReadOnlyList<TRow>> Rows<TRow>(TableSchema<TRow> table, string scanKey, CancellationToken token) where TRow : class =>
        Warehouse.ReadTable(snapshot, table, scanKey, token);

    private ReportImage Picture(ScanRow scan)
    {
        if (scan.PicturePath is not string path) return ReportImage.None("There is no picture: no readable mask, no label in it, or pictures are off.");
        return new PictureStore(pipeline.Load.Path).Read(path) is byte[] png
            ? ReportImage.Of(png, PreviewFile.Png)
            : ReportImage.None("The picture is gone or damaged; the next run paints it again.");
    }

    private ReportImage Preview(ScanRow scan)
    {
        if (scan.PreviewPath is not string path) return ReportImage.None("The dataset has no preview of this scan.");
        if (pipeline.Source.Path.Length == 0) return ReportImage.None("The dataset's preview was not looked for: no source is named.");
        try
        {
            SourcePath file = pipeline.Source.Url is ObjectUrl url
                ? VerseTree.PathOf(ObjectStores.Source(url), path) : new SourcePath(pipeline.Source.Path, path);
            if (PreviewFile.Read(file, pipeline.Reading.FollowLinks) is ({ } bytes, { } type)) return ReportImage.Of(bytes, type);
        }
        catch (UnauthorizedAccessException)
        {
            // the store's credentials are not everybody's who may see reports
        }
        return ReportImage.None("The dataset's preview cannot be read, or is no picture of at most 8 MiB.");
    }
}
