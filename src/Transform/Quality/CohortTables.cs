using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Quality;

/// <summary>The tables of one snapshot, put together in memory from the results of all scans: what a warehouse publishes.</summary>
/// <remarks>A run, whose cohort may be larger than memory, has the same rows from <see cref="StreamedTables"/>.</remarks>
public sealed class CohortTables
{
    private CohortTables(PublishedTables tables) => Tables = tables;

    /// <summary>Each in its key order.</summary>
    public PublishedTables Tables { get; }

    /// <summary>Links duplicates, checks each scan and the cohort, computes the statistics and holds them against published ones.</summary>
    /// <param name="results">One per scan, any order.</param>
    /// <param name="others">Findings that belong to no single scan's reading: those of the walk.</param>
    /// <param name="reference">What was published about this dataset; null leaves the audit out.</param>
    /// <param name="unread">Scan ids that lie in folders that were not read, with the folder: the audit does not call them missing.</param>
    /// <param name="clinical">What files of the user's own say about the scans.</param>
    public static CohortTables Of(IReadOnlyList<ScanResult> results, IReadOnlyList<Finding>? others = null, Reference? reference = null,
        IReadOnlyDictionary<string, string>? unread = null, ClinicalTable? clinical = null)
    {
        using StreamedTables streamed = new([.. results.OrderBy(result => result.Scan.ScanKey, StringComparer.Ordinal)],
            new CohortInput { Others = others ?? [], Reference = reference, Unread = unread, Clinical = clinical });
        PublishedTables[] pieces = [.. streamed.Pieces()];
        return new CohortTables(streamed.Small with
        {
            Scans = [.. pieces.SelectMany(piece => piece.Scans)],
            Vertebrae = [.. pieces.SelectMany(piece => piece.Vertebrae)],
            Pairs = [.. pieces.SelectMany(piece => piece.Pairs)],
            Spines = [.. pieces.SelectMany(piece => piece.Spines)],
            Findings = [.. pieces.SelectMany(piece => piece.Findings)],
        });
    }

    /// <summary>The same tables with findings of what changed since an earlier snapshot.</summary>
    /// <param name="scans">The earlier snapshot's.</param>
    /// <param name="labelStatistics">The earlier snapshot's.</param>
    public CohortTables Since(IReadOnlyList<ScanRow> scans, IReadOnlyList<LabelStatisticRow> labelStatistics)
    {
        Drift drift = Drift.Between(scans, labelStatistics, Tables.Scans, Tables.LabelStatistics);
        return new CohortTables(Tables with { Findings = EachOnce([.. Tables.Findings, .. drift.Findings()]) });
    }

    /// <summary>In key order, each once.</summary>
    internal static IReadOnlyList<Finding> EachOnce(IReadOnlyList<Finding> findings) =>
        [.. MemoryWorkspace.EachOnce(findings.Order(Comparer<Finding>.Create(Finding.CompareByKey)))];
}
