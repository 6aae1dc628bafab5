using VerseEtl.Transform.Findings;

namespace VerseEtl.Transform.Tables;

/// <summary>The rows of one snapshot, every table in its key order.</summary>
public sealed record PublishedTables
{
    public required IReadOnlyList<VertebraRow> Vertebrae { get; init; }
    public required IReadOnlyList<ScanRow> Scans { get; init; }
    public required IReadOnlyList<PairRow> Pairs { get; init; }
    public required IReadOnlyList<SpineRow> Spines { get; init; }
    public required IReadOnlyList<LabelStatisticRow> LabelStatistics { get; init; }
    public required IReadOnlyList<DatasetStatisticRow> DatasetStatistics { get; init; }
    public required IReadOnlyList<Finding> Findings { get; init; }
    public required IReadOnlyList<AuditRow> Audit { get; init; }

    /// <summary>Null where no clinical file is declared.</summary>
    public ClinicalTable? Clinical { get; init; }
}
