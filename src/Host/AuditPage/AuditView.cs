using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.AuditPage;

/// <summary>What an audit shows, on the page, in the terminal or as text for other programs. It holds no time and no machine's name.</summary>
public sealed class AuditView
{
    private readonly Lazy<LevelVolumes> _levels;

    internal AuditView(CohortTally tally, LevelVolumes levels) => (Tally, _levels) = (tally, new Lazy<LevelVolumes>(levels));

    internal AuditView(PublishedTables tables)
    {
        (Tally, LabelStatistics) = (CohortTally.Of(tables), tables.LabelStatistics);
        _levels = new Lazy<LevelVolumes>(() =>
        {
            using CohortSurvey survey = CohortSurvey.Of(reference: null, tables);
            return survey.Levels;
        });
    }

    /// <summary>What the snapshot holds.</summary>
    internal CohortTally Tally { get; }

    /// <summary>What is drawn of the volumes.</summary>
    internal LevelVolumes Levels => _levels.Value;

    /// <summary>The snapshot's.</summary>
    public IReadOnlyList<LabelStatisticRow> LabelStatistics { get; init; } = [];

    public Reference? Reference { get; init; }

    /// <summary>Null if the audit is off (`reference: none`).</summary>
    internal AuditReport? Report { get; init; }

    /// <summary>Against the previous snapshot; null if there is none.</summary>
    internal Drift? Drift { get; init; }

    /// <summary>How much attention the verdict asks for.</summary>
    public enum Weight { Fine, Incomplete, Differs }

    public Weight Attention =>
        Report is { HasDifferences: true } ? Weight.Differs : IsIncomplete ? Weight.Incomplete : Weight.Fine;

    private bool IsIncomplete => Report is { Inventory: { IsPublishedDataset: true } inventory } && inventory.MissingCount + inventory.ElsewhereCount > 0
        || Tally.Count(ScanStatus.Failed) > 0;

    /// <summary>The verdict in one sentence.</summary>
    public string Verdict
    {
        get
        {
            if (Report is null) return "The audit is off: there is no reference to compare with.";
            if (!Report.Inventory.IsPublishedDataset) return "No scan here has a published name; there is nothing to compare with.";
            int differences = Report.Differences.Count();
            int failed = Tally.Count(ScanStatus.Failed);
            List<string> missing = [];
            if (Report.Inventory.MissingCount > 0) missing.Add(Invariant($"{Report.Inventory.MissingCount} of {PublishedScans} published scans are missing"));
            if (Report.Inventory.ElsewhereCount > 0) missing.Add(Invariant($"{Report.Inventory.ElsewhereCount} lie in other folders"));
            if (failed > 0) missing.Add(Invariant($"{failed} of the scans here could not be read"));
            string copy = missing.Count == 0 ? "the copy is whole" : string.Join(" and ", missing);
            if (differences > 0)
            {
                string verb = differences == 1 ? "published number differs" : "published numbers differ";
                return Invariant($"{differences} {verb} from what this copy gives; {copy}.");
            }
            return missing.Count == 0
                ? "Every comparable number of this copy agrees with the published ones; the copy is whole."
                : Invariant($"No published number is contradicted by what is here; {copy}.");
        }
    }

    public int PublishedScans => Reference?.Folders.Sum(folder => folder.Scans.Count) ?? 0;
}
