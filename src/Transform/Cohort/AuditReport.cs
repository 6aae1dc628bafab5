using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>The audit of one copy: the rows of `audit` in key order, the inventory, and the scans behind each unequal cell.</summary>
internal sealed record AuditReport(IReadOnlyList<AuditRow> Rows, Inventory Inventory, IReadOnlyDictionary<AuditRow, ScansBehind> Evidence)
{
    public IEnumerable<AuditRow> Differences => Rows.Where(row => row.Verdict == Verdict.Differs);

    /// <summary>Differences, missing published scans or none: what exit code 11 tells.</summary>
    public bool HasDifferences => Differences.Any();

    /// <summary>Rows per verdict, every verdict named.</summary>
    public IReadOnlyList<(string Verdict, int Count)> Tally => [.. Verdict.All.Select(verdict => (verdict, Rows.Count(row => row.Verdict == verdict)))];

    /// <summary>What goes into `findings`: the inventory, one line per difference and one per contradiction in the reference.</summary>
    public IReadOnlyList<Finding> Findings()
    {
        List<Finding> findings = [.. Inventory.Findings()];
        foreach (AuditRow row in Rows)
        {
            if (row.Verdict == Verdict.Differs)
            {
                Finding differs = Finding.Of(Faults.AudDiffers, new(Field: $"{row.Table} {row.Dataset}/{row.Split} {row.Item} {row.Field}"),
                    Number(row.Recomputed), Number(row.Published));
                findings.Add(differs with { Dataset = row.Dataset, Split = row.Split });
            }
            else if (row.Table == Audit.ReferenceTable)
            {
                findings.Add(Finding.Of(Faults.AudReference, new(Field: row.Item), row.Note));
            }
        }
        findings.Sort(Finding.CompareByKey);
        return findings;
    }

    private static string Number(double? value) =>
        value is double number ? number.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture) : "nothing";
}

/// <summary>Scans behind an unequal cell, as scan keys: the one with the extreme value, those that nobody published, those that are missing.</summary>
internal sealed record ScansBehind(string? Extreme, Counted<string> Unexpected, IReadOnlyList<string> Missing);
