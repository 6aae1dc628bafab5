using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>Says of an unequal cell what the likely cause is: the copy on disk, the published table or our measurement.</summary>
internal sealed class AuditCause
{
    // from here on it is not single masks that differ but the way volumes are made
    private const int FewestForSystematic = 10;

    private readonly Func<int, StatisticKind, VertebraRow?> _extreme;
    private readonly int _volumes;
    private readonly int _volumesThatDiffer;

    /// <param name="extreme">The vertebra with the least or greatest volume of a label in the cell of the published label table.</param>
    public AuditCause(Func<int, StatisticKind, VertebraRow?> extreme, IReadOnlyList<(AuditCell Cell, string Verdict)> judged)
    {
        _extreme = extreme;
        string[] volumes = [.. judged.Where(pair => IsVolume(pair.Cell)).Select(pair => pair.Verdict)];
        (_volumes, _volumesThatDiffer) = (volumes.Length, volumes.Count(verdict => verdict == Verdict.Differs));
    }

    /// <summary>The vertebra with the extreme value of a volume cell; null for other cells.</summary>
    public VertebraRow? Extreme(AuditCell cell) =>
        !IsVolume(cell) || cell.Label is not int label || cell.Kind == StatisticKind.Median ? null : _extreme(label, cell.Kind);

    /// <summary>One sentence for `audit.note`; null for a match.</summary>
    public string? Note(AuditCell cell, string verdict, CopyState copy, Contradiction? contradiction)
    {
        string? known = contradiction is null ? null : $"{contradiction.Id}: {contradiction.Check}";
        return verdict switch
        {
            Verdict.Match => null,
            Verdict.NotComparable => cell.NotComparable,
            Verdict.ReferenceContradictsItself => $"likely the published table: {known}",
            Verdict.IncompleteCopy when cell.Silent > 0 => Invariant($"the clinical files: {cell.Silent} of the scans or patients here have no value"),
            Verdict.IncompleteCopy => Invariant($"the copy: {copy.NotRead.Count} of {copy.Expected.Count} published scans are missing or unreadable"),
            _ => Difference(cell, copy) + (known is null ? "" : $" ({known})"),
        };
    }

    private string Difference(AuditCell cell, CopyState copy)
    {
        if (copy.Unexpected.Count > 0 && UnexpectedMayBeIt(cell, copy))
            return Invariant($"likely the copy: {Scans(copy.Unexpected.Count)} here that nobody published{Named(copy.Unexpected)}");
        if (copy.Repeated.Count > 0 && cell.Recomputed < cell.Published)
            return Invariant($"likely the copy: {Scans(copy.Repeated.Count)} with the same mask as another, counted once{Named(copy.Repeated)}");
        if (IsVolume(cell) && _volumesThatDiffer >= FewestForSystematic && 2 * _volumesThatDiffer > _volumes)
            return Invariant($"likely our measurement or the spacing in the copy's headers: {_volumesThatDiffer} of {_volumes} volumes differ");
        if (cell.Table == Audit.ClinicalTable) return "likely the clinical files, or what their columns are declared to be";
        string whole = copy.NotRead.Count == 0
            ? "every published scan is here and was read"
            : Invariant($"{copy.NotRead.Count} missing or unreadable scans cannot explain it");
        if (Extreme(cell) is VertebraRow extreme
            && (cell.Kind == StatisticKind.Least ? extreme.VolumeCm3 < cell.Published : extreme.VolumeCm3 > cell.Published))
        {
            string cut = extreme.TouchesBorder ? ", cut off by the border," : "";
            string doubt = extreme.Plausibility is string code ? $", where the label itself is doubtful ({code})," : "";
            string mask = Invariant($"the mask of {extreme.ScanKey}{cut} has {extreme.VolumeCm3:0.00} cm3{doubt}");
            return $"likely the copy: {mask} beyond the published range; {whole}";
        }
        return copy.NotRead.Count > 0
            ? $"likely the copy: masks that differ from the published ones; {whole}"
            : $"likely the published table, or masks revised since: {whole}";
    }

    /// <summary>Whether scans that nobody published could have moved a cell this way.</summary>
    private bool UnexpectedMayBeIt(AuditCell cell, CopyState copy) => cell.Kind switch
    {
        StatisticKind.Count => cell.Recomputed > cell.Published,
        StatisticKind.Percentage => cell.Cases is not (int here, int published) || here >= published,
        _ => Extreme(cell) is not VertebraRow extreme || copy.IsUnexpected(extreme.ScanKey),
    };

    private static bool IsVolume(AuditCell cell) => cell.Table == Audit.LabelTable && cell.Field.StartsWith("volume_", StringComparison.Ordinal);

    private static string Scans(int count) => Invariant($"{count} {(count == 1 ? "scan" : "scans")}");

    private static string Named(Counted<string> keys) => keys.Count <= 3 ? $" ({string.Join(", ", keys)})" : "";
}
