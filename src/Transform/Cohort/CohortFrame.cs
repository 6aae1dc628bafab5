using Microsoft.Data.Analysis;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// The cohort as a data frame, made once: one row a scan found, in ordinal order of its key, one column a variable. The counts, means, extremes
/// and medians of `label_statistics` and `dataset_statistics` are those of its columns. It is held whole, some kilobyte a scan: a run, whose
/// cohort may be larger than memory, has the same values from <see cref="CohortSurvey"/>.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>`scan_key`, `dataset`, `split`, `subject_id`, `status`</term><description>text, as in the table `scans`</description></item>
/// <item><term>`spacing_lr_mm`, … `spacing_k_mm`</term><description>double, mm along an anatomical (lr, ap, si) or a stored axis (i, j, k)</description></item>
/// <item><term>`shape_lr`, … `shape_k`</term><description>double, voxels along these axes</description></item>
/// <item><term>`volume_cm3_C1`, … `volume_cm3_coccyx`</term><description>double, cubic centimetres of each vertebra, head to tail</description></item>
/// </list>
/// A number is null where the mask could not be read; a volume also where the mask does not hold the vertebra.
/// </remarks>
public sealed class CohortFrame
{
    private static readonly (string Name, Func<ScanRow, double?> Of)[] Quantities =
    [
        ("spacing_lr_mm", scan => scan.SpacingLrMm),
        ("spacing_ap_mm", scan => scan.SpacingApMm),
        ("spacing_si_mm", scan => scan.SpacingSiMm),
        ("shape_lr", scan => ShapeAlong(scan, "LR")),
        ("shape_ap", scan => ShapeAlong(scan, "AP")),
        ("shape_si", scan => ShapeAlong(scan, "SI")),
        ("spacing_i_mm", scan => scan.SpacingIMm),
        ("spacing_j_mm", scan => scan.SpacingJMm),
        ("spacing_k_mm", scan => scan.SpacingKMm),
        ("shape_i", scan => scan.ShapeI),
        ("shape_j", scan => scan.ShapeJ),
        ("shape_k", scan => scan.ShapeK),
    ];

    private readonly Dictionary<string, int> _rows;

    private CohortFrame(DataFrame scans, IReadOnlyList<CohortCell> cells, Dictionary<string, int> rows) => (Scans, Cells, _rows) = (scans, cells, rows);

    /// <summary>A scan's values of <see cref="Geometry"/>, in that order.</summary>
    internal static IEnumerable<double?> GeometryOf(ScanRow scan) => Quantities.Select(quantity => quantity.Of(scan));

    /// <summary>The columns of spacing and shape.</summary>
    public static IReadOnlyList<string> Geometry { get; } = [.. Quantities.Select(quantity => quantity.Name)];

    /// <summary>The whole frame: every scan found, copies of the same mask included.</summary>
    public DataFrame Scans { get; }

    /// <summary>Every dataset and split for which statistics are published.</summary>
    public IReadOnlyList<CohortCell> Cells { get; }

    /// <summary>The column with the volumes of a label.</summary>
    public static string Volume(int label) => "volume_cm3_" + VertebraLabel.Name(label);

    /// <summary>Makes the frame.</summary>
    /// <param name="scans">One row per scan found, any order.</param>
    /// <param name="vertebrae">One row per scan and label, any order; rows whose scan is not among the scans are left out.</param>
    public static CohortFrame Of(IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae)
    {
        ScanRow[] ordered = [.. scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)];
        Dictionary<string, int> rows = new(StringComparer.Ordinal);
        // a key that stands twice is no matter of the frame: the run refuses it before anything is published
        for (int row = 0; row < ordered.Length; row++) rows[ordered[row].ScanKey] = row;
        double?[][] volumes = [.. VertebraLabel.Anatomical.Select(_ => new double?[ordered.Length])];
        foreach (VertebraRow vertebra in vertebrae)
        {
            if (rows.TryGetValue(vertebra.ScanKey, out int row) && CohortCell.HasReadableMask(ordered[row]))
                volumes[VertebraLabel.AnatomicalOrder(vertebra.Label) - 1][row] = vertebra.VolumeCm3;
        }
        DataFrame frame = new(
        [
            new StringDataFrameColumn("scan_key", ordered.Select(scan => scan.ScanKey)),
            new StringDataFrameColumn("dataset", ordered.Select(scan => scan.Dataset)),
            new StringDataFrameColumn("split", ordered.Select(scan => scan.Split)),
            new StringDataFrameColumn("subject_id", ordered.Select(scan => scan.SubjectId)),
            new StringDataFrameColumn("status", ordered.Select(scan => scan.Status)),
            .. Quantities.Select(quantity => new DoubleDataFrameColumn(quantity.Name,
                ordered.Select(scan => CohortCell.HasReadableMask(scan) ? quantity.Of(scan) : null))),
            .. VertebraLabel.Anatomical.Select((label, at) => new DoubleDataFrameColumn(Volume(label), volumes[at])),
        ]);
        return new CohortFrame(frame, CohortCell.Of(ordered), rows);
    }

    /// <summary>The rows that a cell's statistics are about: each of its distinct scans once.</summary>
    public DataFrame Of(CohortCell cell)
    {
        if (Scans.Rows.Count == 0) return Scans; // which the library cannot filter
        return Scans.Filter(new Int32DataFrameColumn("row", cell.DistinctScans.Select(scan => _rows[scan.ScanKey])));
    }

    /// <summary>
    /// A column's values without nulls, ascending, for <see cref="OrderStatistics"/>. The library's own Mean adds in row order, its Median sorts
    /// by indices, five times as slow, and its grouping knows neither a median nor a deviation.
    /// </summary>
    internal static double[] Ascending(DataFrame frame, string column)
    {
        DoubleDataFrameColumn nullable = (DoubleDataFrameColumn)frame[column];
        double[] values = new double[nullable.Length - nullable.NullCount];
        int count = 0;
        for (long row = 0; row < nullable.Length; row++)
            if (nullable[row] is double value) values[count++] = value;
        Array.Sort(values);
        return values;
    }

    /// <summary>Voxels along the stored axis nearest to an anatomical one, found by the letters of the orientation.</summary>
    private static double? ShapeAlong(ScanRow scan, string letters)
    {
        int axis = scan.Orientation?.IndexOfAny([letters[0], letters[1]]) ?? -1;
        return axis switch { 0 => scan.ShapeI, 1 => scan.ShapeJ, 2 => scan.ShapeK, _ => null };
    }
}
