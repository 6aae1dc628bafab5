using System.Globalization;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tree;

/// <summary>Scans that are left out on purpose: they stay in `scans`, with the status `excluded`, and count in no statistic.</summary>
/// <param name="Pattern">As <see cref="ScanPattern"/>.</param>
/// <param name="Reason">Why, for those who read the tables.</param>
public sealed record Exclusion(string Pattern, string Reason)
{
    /// <summary>Who decided; null if it is not said.</summary>
    public string? By { get; init; }

    /// <summary>The last day (UTC) on which it holds; null for good.</summary>
    public DateOnly? Until { get; init; }

    private string Lasting => Until is DateOnly day ? " until " + day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";

    /// <summary>Whether its last day has passed.</summary>
    internal bool IsOver(DateTimeOffset? now) => Until is DateOnly last && now is DateTimeOffset time && DateOnly.FromDateTime(time.UtcDateTime) > last;

    internal Finding Expired() => Finding.Of(Faults.TreeExcludeExpired, new(Field: Pattern), Lasting.Trim());

    internal ScanResult Row(ScanFiles scan) => new(scan.ToFailedRow() with { Status = ScanStatus.Excluded }, [],
        [Finding.Of(Faults.TreeExcluded, new(scan.Key, Field: Pattern), $"{Reason}{(By is null ? "" : $" ({By})")}{Lasting}")]);
}

/// <summary>Which scans are left out, and which entries say so in vain.</summary>
internal sealed class Exclusions(TreeOptions options)
{
    private readonly List<Entry> _entries =
        [.. options.Exclude.Where(entry => !entry.IsOver(options.Now)).Select(entry => new Entry(entry, new ScanPattern(entry.Pattern)))];

    /// <summary>The first entry that matches a scan; null for a scan that is read.</summary>
    public Exclusion? Of(ScanKey scan)
    {
        Exclusion? first = null;
        foreach (Entry entry in _entries)
        {
            if ((first is not null && entry.IsUsed) || !entry.Pattern.Matches(scan.Text)) continue;
            entry.IsUsed = true;
            first ??= entry.Exclusion;
        }
        return first;
    }

    /// <summary>Entries that expired, or matched no scan.</summary>
    public IEnumerable<Finding> Findings() => options.Exclude.Where(entry => entry.IsOver(options.Now)).Select(entry => entry.Expired())
        .Concat(_entries.Where(entry => !entry.IsUsed).Select(entry => Finding.Of(Faults.TreeExcludeUnused, new(Field: entry.Exclusion.Pattern))));

    private sealed record Entry(Exclusion Exclusion, ScanPattern Pattern)
    {
        public bool IsUsed { get; set; }
    }
}
