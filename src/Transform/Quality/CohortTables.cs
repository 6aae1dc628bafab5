using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Spines;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Quality;

/// <summary>The tables of one snapshot, put together from the results of all scans: what a warehouse publishes.</summary>
public sealed class CohortTables
{
    private CohortTables(PublishedTables tables, AuditReport? audit, Drift? drift) => (Tables, Audit, Drift) = (tables, audit, drift);

    /// <summary>Each in its key order.</summary>
    public PublishedTables Tables { get; }

    /// <summary>Null without a reference.</summary>
    internal AuditReport? Audit { get; }

    /// <summary>Null unless held against an earlier snapshot.</summary>
    internal Drift? Drift { get; }

    /// <summary>Links duplicates, checks each scan and the cohort, computes the statistics and holds them against published ones.</summary>
    /// <param name="results">One per scan, any order.</param>
    /// <param name="others">Findings that belong to no single scan's reading: those of the walk.</param>
    /// <param name="reference">What was published about this dataset; null leaves the audit out.</param>
    /// <param name="unread">Scan ids that lie in folders that were not read, with the folder: the audit does not call them missing.</param>
    /// <param name="clinical">What files of the user's own say about the scans.</param>
    public static CohortTables Of(IReadOnlyList<ScanResult> results, IReadOnlyList<Finding>? others = null, Reference? reference = null,
        IReadOnlyDictionary<string, string>? unread = null, ClinicalTable? clinical = null)
    {
        ScanResult[] ordered =
            [.. results.OrderBy(result => result.Scan.ScanKey, StringComparer.Ordinal).Select(result => ScanChecks.Apply(result, reference))];
        IReadOnlyList<ScanRow> scans = DuplicateScans.Link([.. ordered.Select(result => result.Scan)]);
        IReadOnlyList<VertebraRow> vertebrae =
            OutlierScores.Score(scans, [.. ordered.SelectMany(result => result.Vertebrae.OrderBy(row => row.AnatomicalOrder))]);
        (SpineRow? Row, IReadOnlyList<Finding> Findings)[] spines = [.. ordered.Select(result => WholeSpine.Of(result.Scan, result.Vertebrae))];
        CohortFrame cohort = CohortFrame.Of(scans, vertebrae);
        IReadOnlyList<LabelStatisticRow> labels = LabelStatistics.Compute(cohort);
        IReadOnlyList<DatasetStatisticRow> datasets = DatasetStatistics.Compute(cohort);
        PublishedTables tables = new()
        {
            Scans = scans,
            Vertebrae = vertebrae,
            Pairs = [.. ordered.SelectMany(result => NeighbourPairs.Of(result.Vertebrae))],
            Spines = [.. spines.Select(spine => spine.Row).OfType<SpineRow>()],
            LabelStatistics = labels,
            DatasetStatistics = datasets,
            Findings = [],
            Audit = [],
            Clinical = clinical,
        };
        AuditReport? audit = reference is null ? null : Cohort.Audit.Compare(reference, tables);
        if (audit is not null) audit = audit with { Inventory = Inventory.Of(reference!, scans, unread) };
        Finding[] findings =
        [
            .. ordered.SelectMany(result => result.Findings),
            .. spines.SelectMany(spine => spine.Findings),
            .. others ?? [],
            .. CohortChecks.Of(scans, vertebrae),
            .. audit?.Findings() ?? [],
        ];
        return new CohortTables(tables with { Findings = EachOnce(findings), Audit = audit?.Rows ?? [] }, audit, drift: null);
    }

    /// <summary>The same tables with findings of what changed since an earlier snapshot.</summary>
    /// <param name="scans">The earlier snapshot's.</param>
    /// <param name="labelStatistics">The earlier snapshot's.</param>
    public CohortTables Since(IReadOnlyList<ScanRow> scans, IReadOnlyList<LabelStatisticRow> labelStatistics)
    {
        Drift drift = Drift.Between(scans, labelStatistics, Tables.Scans, Tables.LabelStatistics);
        return new CohortTables(Tables with { Findings = EachOnce([.. Tables.Findings, .. drift.Findings()]) }, Audit, drift);
    }

    /// <summary>In key order, each once.</summary>
    internal static IReadOnlyList<Finding> EachOnce(IReadOnlyList<Finding> findings)
    {
        List<Finding> kept = [];
        foreach (Finding finding in findings.Order(Comparer<Finding>.Create(Finding.CompareByKey)))
            if (kept.Count == 0 || Finding.CompareByKey(kept[^1], finding) != 0) kept.Add(finding);
        return kept;
    }
}
