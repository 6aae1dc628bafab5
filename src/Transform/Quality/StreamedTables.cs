using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Spines;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Quality;

/// <summary>What the tables of a cohort are made from beside the results of its scans.</summary>
internal sealed record CohortInput
{
    /// <summary>Findings that belong to no single scan's reading: those of the walk.</summary>
    public IReadOnlyList<Finding> Others { get; init; } = [];

    /// <summary>What was published about this dataset; null leaves the audit out.</summary>
    public Reference? Reference { get; init; }

    /// <summary>Scan ids that lie in folders that were not read, with the folder: the audit does not call them missing.</summary>
    public IReadOnlyDictionary<string, string>? Unread { get; init; }

    /// <summary>What files of the user's own say about the scans.</summary>
    public ClinicalTable? Clinical { get; init; }

    /// <summary>Scans of the snapshot that would be replaced, in key order, enumerated once, and its label statistics; null for none.</summary>
    public (IEnumerable<ScanRow> Scans, IReadOnlyList<LabelStatisticRow> LabelStatistics)? Previous { get; init; }

    public IWorkspace Workspace { get; init; } = new MemoryWorkspace();

    /// <summary>Sees each result as it was measured, in key order.</summary>
    public Action<ScanResult>? Each { get; init; }
}

/// <summary>
/// The tables of one snapshot in two passes over the results. The first gathers what needs every scan: distributions, statistics, the audit, what
/// changed. The second makes the rows, a piece at a time. What is held at once does not grow with the cohort, but for some fifty bytes a scan.
/// </summary>
internal sealed class StreamedTables : IDisposable
{
    private const int ScansPerPiece = 64, FindingsPerPiece = 1_000;

    private static readonly PublishedTables Nothing =
        new() { Scans = [], Vertebrae = [], Pairs = [], Spines = [], LabelStatistics = [], DatasetStatistics = [], Findings = [], Audit = [] };

    private readonly IReadOnlyList<ScanResult> _results;
    private readonly CohortInput _input;
    private readonly CohortSurvey _survey;
    private readonly LevelDistributions _levels;
    private readonly IFindingSorter _findings;
    private readonly Dictionary<int, string> _keys = [];
    private CohortTally? _tally;

    /// <param name="results">One per scan, in key order; read twice, and a few by their places.</param>
    public StreamedTables(IReadOnlyList<ScanResult> results, CohortInput input)
    {
        (_results, _input) = (results, input);
        _survey = new CohortSurvey(results.Count, input.Reference, input.Clinical, input.Workspace);
        (_levels, _findings) = (new LevelDistributions(input.Workspace), input.Workspace.Findings());
        Drift = input.Previous is null ? null : new Drift();
        foreach ((ScanRow? before, ScanRow? now) in ScanJoin.Of(input.Previous?.Scans ?? [], Surveyed()))
        {
            Gate.Add(before, now);
            if (Drift?.Add(before, now) is Finding changed) _findings.Add(changed);
        }
        Small = Nothing with
        {
            LabelStatistics = _survey.LabelStatistics(),
            DatasetStatistics = _survey.DatasetStatistics(),
            Clinical = input.Clinical,
        };
        if (input.Reference is Reference reference) Audit = Cohort.Audit.Compare(reference, _survey, Small, input.Unread);
        Small = Small with { Audit = Audit?.Rows ?? [] };
        Drift?.Compare(input.Previous!.Value.LabelStatistics, Small.LabelStatistics);
        Finding[] general =
            [.. input.Others, .. Audit?.Findings() ?? [], .. Drift?.Findings() ?? [], .. CohortChecks.SplitLeaks(_survey.Same, at => results[at].Scan)];
        foreach (Finding finding in general) _findings.Add(finding);
    }

    /// <summary>Statistics, audit and clinical rows; the other tables are empty here.</summary>
    public PublishedTables Small { get; }

    /// <summary>Null without a reference.</summary>
    public AuditReport? Audit { get; }

    /// <summary>Null unless held against an earlier snapshot.</summary>
    public Drift? Drift { get; }

    /// <summary>Has seen the scans of both snapshots.</summary>
    public PublishGate Gate { get; } = new();

    public LevelVolumes Levels => _survey.Levels;

    /// <summary>What all tables hold; makes the rows to count them if nobody has yet.</summary>
    public CohortTally Tally
    {
        get
        {
            if (_tally is null) foreach (PublishedTables _ in Pieces()) { }
            return _tally!;
        }
    }

    /// <summary>The rows that <see cref="Small"/> lacks: scan by scan in key order, then the findings, each once.</summary>
    public IEnumerable<PublishedTables> Pieces()
    {
        CohortTally tally = new();
        for (int from = 0; from < _results.Count; from += ScansPerPiece)
        {
            PublishedTables piece = Piece(from, Math.Min(ScansPerPiece, _results.Count - from));
            tally.Add(piece);
            yield return piece;
        }
        foreach (Finding[] findings in _findings.InKeyOrder().Chunk(FindingsPerPiece))
        {
            PublishedTables piece = Nothing with { Findings = findings };
            tally.Add(piece);
            yield return piece;
        }
        _tally = tally;
    }

    /// <summary>All findings, in key order, each once.</summary>
    public IEnumerable<Finding> Findings() => Tally.Findings == 0 ? [] : _findings.InKeyOrder();

    public void Dispose()
    {
        _survey.Dispose();
        _levels.Dispose();
        _findings.Dispose();
    }

    private IEnumerable<ScanRow> Surveyed()
    {
        foreach (ScanResult measured in _results)
        {
            _input.Each?.Invoke(measured);
            ScanResult result = ScanChecks.Apply(measured, _input.Reference);
            int number = _survey.Add(result.Scan, result.Vertebrae);
            string pool = CohortChecks.PoolOf(result.Scan);
            if (CohortCell.HasReadableMask(result.Scan) && _survey.Same.IsFirstIn(number, (dataset, _) => Scans.Editions.PoolOf(dataset) == pool))
            {
                VolumeOutliers.Gather(result.Scan, result.Vertebrae, _levels);
                OutlierScores.Gather(result.Vertebrae, _levels);
            }
            yield return result.Scan;
        }
    }

    private PublishedTables Piece(int from, int count)
    {
        List<ScanRow> scans = [];
        List<VertebraRow> vertebrae = [];
        List<PairRow> pairs = [];
        List<SpineRow> spines = [];
        for (int at = from; at < from + count; at++)
        {
            ScanResult result = ScanChecks.Apply(_results[at], _input.Reference);
            ScanRow scan = result.Scan with { DuplicateOf = _survey.Same.FirstOf(at) is int first ? KeyOf(first) : null };
            (SpineRow? spine, IReadOnlyList<Finding> ofSpine) = WholeSpine.Of(scan, result.Vertebrae);
            scans.Add(scan);
            vertebrae.AddRange(result.Vertebrae.OrderBy(row => row.AnatomicalOrder).Select(row => OutlierScores.Scored(row, _levels)));
            pairs.AddRange(NeighbourPairs.Of(result.Vertebrae));
            if (spine is not null) spines.Add(spine);
            foreach (Finding finding in result.Findings.Concat(ofSpine)) _findings.Add(finding);
            if (scan.DuplicateOf is string earlier) _findings.Add(CohortChecks.Repeated(scan, earlier));
            if (CohortCell.HasReadableMask(scan))
                foreach (Finding finding in VolumeOutliers.Of(scan, result.Vertebrae, _levels)) _findings.Add(finding);
            if (Audit?.Inventory.Of(scan, _input.Reference!) is Finding unexpected) _findings.Add(unexpected);
        }
        return Nothing with { Scans = scans, Vertebrae = vertebrae, Pairs = pairs, Spines = spines };
    }

    private string KeyOf(int scan)
    {
        // one mask that stands a thousand times is looked up once
        if (_keys.Count > Counted.MostKept) _keys.Clear();
        if (!_keys.TryGetValue(scan, out string? key)) _keys.Add(scan, key = _results[scan].Scan.ScanKey);
        return key;
    }
}
