namespace VerseEtl.Host.ReportPage;

/// <summary>One level in a strip: its value here, beside the cohort's and published ones, all in the measure's unit.</summary>
/// <param name="Value">Null where it was not measured.</param>
/// <param name="IsCut">The vertebra touches the border of the volume.</param>
public sealed record LevelBeside(int Label, double? Value, bool IsCut, MeasureRange? Cohort)
{
    public double? PublishedLeast { get; init; }
    public double? PublishedMedian { get; init; }
    public double? PublishedGreatest { get; init; }

    public IEnumerable<double> All =>
        new[] { Value, Cohort?.Least, Cohort?.Greatest, PublishedLeast, PublishedGreatest }.OfType<double>();
}
