using VerseEtl.Transform.Findings;

namespace VerseEtl.Transform.Tables;

/// <summary>What a snapshot holds, counted while its rows go by.</summary>
internal sealed class CohortTally
{
    /// <summary>Failed scans that are named.</summary>
    public const int MostFailed = 1_000;

    private readonly Dictionary<string, int> _statuses = [];
    private readonly Dictionary<Kind, FindingGroup> _groupOf = [];
    private readonly List<FindingGroup> _groups = [];
    private readonly OrderedDictionary<string, string> _failed = [];
    private readonly SortedSet<string> _datasets = new(StringComparer.Ordinal);

    public int Scans { get; private set; }
    public int Vertebrae { get; private set; }
    public int Pairs { get; private set; }
    public int Spines { get; private set; }
    public int Findings { get; private set; }

    /// <summary>In ordinal order.</summary>
    public IReadOnlyCollection<string> Datasets => _datasets;

    /// <summary>By code and severity, each in the order in which its first finding came.</summary>
    public IReadOnlyCollection<FindingGroup> Groups => _groups;

    /// <summary>The first scans that failed, in key order, each with the code of its first error; empty without one.</summary>
    public IEnumerable<(string ScanKey, string Code)> Failed => _failed.Select(scan => (scan.Key, scan.Value));

    public static CohortTally Of(PublishedTables tables)
    {
        CohortTally tally = new();
        tally.Add(tables);
        return tally;
    }

    /// <param name="status">One of <see cref="ScanStatus"/>.</param>
    public int Count(string status) => _statuses.GetValueOrDefault(status);

    public int Count(Severity severity) => _groups.Where(group => group.Severity == severity).Sum(group => group.Count);

    /// <param name="piece">Scans in key order come before the findings, in key order.</param>
    public void Add(PublishedTables piece)
    {
        foreach (ScanRow scan in piece.Scans)
        {
            Scans++;
            _statuses[scan.Status] = _statuses.GetValueOrDefault(scan.Status) + 1;
            _datasets.Add(scan.Dataset);
            if (scan.Status == ScanStatus.Failed && _failed.Count < MostFailed) _failed.TryAdd(scan.ScanKey, "");
        }
        (Vertebrae, Pairs, Spines) = (Vertebrae + piece.Vertebrae.Count, Pairs + piece.Pairs.Count, Spines + piece.Spines.Count);
        foreach (Finding finding in piece.Findings)
        {
            Findings++;
            Kind kind = new(finding.Code, (int)finding.Severity);
            if (!_groupOf.TryGetValue(kind, out FindingGroup? group))
            {
                _groupOf.Add(kind, group = new FindingGroup(finding.Code, finding.Severity));
                _groups.Add(group);
            }
            group.Add(finding);
            if (finding is { Severity: Severity.Error, ScanKey: string key } && _failed.TryGetValue(key, out string? known) && known.Length == 0)
                _failed[key] = finding.Code;
        }
    }

    /// <summary>A type of its own, and a number: keys of pairs and of enums are compared by code that is never compiled beforehand.</summary>
    private readonly record struct Kind(string Code, int Severity);
}
