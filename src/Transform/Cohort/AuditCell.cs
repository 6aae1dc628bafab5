namespace VerseEtl.Transform.Cohort;

/// <summary>What kind of statistic a cell holds, which decides what missing scans can do to it.</summary>
internal enum StatisticKind { Count, Percentage, Least, Median, Greatest }

/// <summary>One published number, the recomputed one and what is needed to judge the two.</summary>
internal sealed record AuditCell(string Table, string Dataset, string Split,
    string Item, string Field, StatisticKind Kind, double Published, double? Recomputed)
{
    /// <summary>Half a unit of the second decimal, in which volumes, percentages and spacings are published.</summary>
    public const double Rounding = 0.005;

    // a difference of exactly half a unit is a rounded match; binary fractions land a hair to either side
    private const double Hair = 1e-9;

    public int? Label { get; init; }

    /// <summary>Why an unequal number says nothing; null if it does.</summary>
    public string? NotComparable { get; init; }

    /// <summary>How much one scan can add to a count.</summary>
    public int MostPerScan { get; init; } = 1;

    /// <summary>Cases of the label that are here and that should be.</summary>
    public (int Here, int Published)? Cases { get; init; }

    /// <summary>The measured values behind a median, ascending; null where they are not at hand.</summary>
    public Func<double[]>? Ascending { get; init; }

    /// <summary>Half a unit of the last decimal published, where it is not that of volumes.</summary>
    public double? HalfUnit { get; init; }

    /// <summary>Scans here that say nothing about it: each could be what is missing.</summary>
    public int Silent { get; init; }

    public double Tolerance => HalfUnit is double half ? half
        : Kind == StatisticKind.Count || Item.StartsWith("shape_", StringComparison.Ordinal) ? 0 : Rounding;

    private double Slack => Tolerance + Hair;

    /// <summary>The verdict on the two numbers, given how whole the copy is and what a contradiction in the reference would explain.</summary>
    public string Judge(CopyState copy, ContradictedCell? contradicted)
    {
        if (Recomputed is double equal && Math.Abs(equal - Published) <= Slack) return Verdict.Match;
        if (NotComparable is not null) return Verdict.NotComparable;
        bool fromNames = Table == Audit.ClinicalTable || Item is "scans" or "patients";
        int missing = Silent + (fromNames ? copy.NotFound.Count : copy.NotRead.Count);
        if (Recomputed is not double recomputed) return missing > 0 ? Verdict.IncompleteCopy : Verdict.Differs;
        (double from, double to) = (contradicted?.From ?? Published, contradicted?.To ?? Published);
        bool explained = contradicted?.From is not null && recomputed >= from - Slack && recomputed <= to + Slack;
        if (explained && (missing == 0 || recomputed > Published)) return Verdict.ReferenceContradictsItself;
        return missing > 0 && MissingExplains(recomputed, Math.Min(Published, from), Math.Max(Published, to), missing, copy.Expected.Count)
            ? Verdict.IncompleteCopy
            : Verdict.Differs;
    }

    private bool MissingExplains(double recomputed, double low, double high, int missing, int expected)
    {
        // the label's cases that the missing scans must hold; with none of them missing, volumes have no excuse
        int missingCases = Cases is (int here, int published) ? Math.Clamp(published - here, 0, missing) : missing;
        return Kind switch
        {
            StatisticKind.Count => recomputed <= high && low - recomputed <= (double)MostPerScan * missing,
            StatisticKind.Percentage => Cases is not null && expected > 0
                && 100.0 * Cases.Value.Here / expected <= high + Slack && 100.0 * (Cases.Value.Here + missing) / expected >= low - Slack,
            StatisticKind.Least => missingCases > 0 && recomputed >= low,
            StatisticKind.Greatest => missingCases > 0 && recomputed <= high,
            _ => missingCases > 0 && MedianWithin(missingCases, low, high),
        };
    }

    /// <summary>Whether some values of the missing cases bring the median into the range: all of them below, or all above, what is here.</summary>
    private bool MedianWithin(int missingCases, double low, double high)
    {
        if (Ascending?.Invoke() is not double[] here) return true;
        double[] below = [.. Enumerable.Repeat(double.NegativeInfinity, missingCases), .. here];
        double[] above = [.. here, .. Enumerable.Repeat(double.PositiveInfinity, missingCases)];
        return OrderStatistics.Median(below) <= high + Slack && OrderStatistics.Median(above) >= low - Slack;
    }
}
