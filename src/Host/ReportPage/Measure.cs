namespace VerseEtl.Host.ReportPage;

/// <summary>A quantity that is shown level by level.</summary>
/// <param name="Name">In the words of a heading.</param>
/// <param name="Of">Null where it was not measured.</param>
public sealed record Measure(string Name, string Unit, Func<LevelValues, double?> Of)
{
    public static Measure Volume { get; } = new("volume", "cm³", values => values.VolumeCm3);
    public static Measure Posterior { get; } = new("posterior height", "mm", values => values.HeightPosteriorMm);
    public static Measure Middle { get; } = new("middle height", "mm", values => values.HeightMiddleMm);
    public static Measure Anterior { get; } = new("anterior height", "mm", values => values.HeightAnteriorMm);
    public static Measure TrabecularHu { get; } = new("trabecular HU, median", "HU", values => values.TrabecularHuMedian);
    public static Measure BodyHu { get; } = new("HU of the body, median", "HU", values => values.BodyHuMedian);
    public static Measure MaskHu { get; } = new("HU of the whole mask, median", "HU", values => values.MaskHuMedian);

    public static IReadOnlyList<Measure> All { get; } = [Volume, Posterior, Middle, Anterior, TrabecularHu, BodyHu, MaskHu];

    /// <summary>Volume, heights, and the Hounsfield units that come nearest to trabecular bone; what no level has is left out.</summary>
    public static IReadOnlyList<Measure> Shown(IReadOnlyList<LevelValues> levels)
    {
        bool Has(Measure measure) => levels.Any(values => measure.Of(values) is not null);
        Measure? hu = new[] { TrabecularHu, BodyHu, MaskHu }.FirstOrDefault(Has);
        return [.. new[] { Volume, Posterior, Middle, Anterior }.Where(Has), .. hu is null ? [] : new[] { hu }];
    }
}
