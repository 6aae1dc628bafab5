using Microsoft.AspNetCore.Components;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;
using static VerseEtl.Host.Pages.Numbers;
using static VerseEtl.Host.Pages.Scale;

namespace VerseEtl.Host.AuditPage;

/// <summary>
/// Volumes (cm3) level by level as an SVG: one dot per vertebra, the median here, and the published minimum, median and maximum.
/// Laid out by hand: the page's bytes are part of a snapshot and must not depend on a machine's fonts, and its colours follow the
/// reader's light or dark setting (docs/decisions/0006 tells what was measured).
/// </summary>
public sealed partial class VolumePlot : ComponentBase
{
    private const int LevelWidth = 42;
    private const int Left = 44;
    private const int Top = 22;
    private const int PlotHeight = 340;
    private const int Bottom = 34;
    private const int FewestGridLines = 4;

    // the fraction of a level's width over which dots are spread, by the golden ratio: even and the same every time
    private const double Spread = 0.55;
    private const double GoldenRatio = 0.6180339887498949;

    private Level[] _levels = [];
    private double _step;
    private int _gridLines;
    private int _width;

    [Parameter, EditorRequired] public IEnumerable<ScanRow> Scans { get; set; } = [];

    /// <summary>Of these scans and of others, which are left out.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<VertebraRow> Vertebrae { get; set; } = [];

    /// <summary>Null draws no published figures.</summary>
    [Parameter, EditorRequired] public Reference? Reference { get; set; }

    /// <summary>Where the report of a scan is, by its key: each dot leads there. Null for nowhere.</summary>
    [Parameter] public Func<string, string>? ReportOf { get; set; }

    protected override void OnParametersSet()
    {
        HashSet<string> counted = [.. Scans.Where(CohortCell.HasReadableMask).OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)
            .DistinctBy(CohortCell.Identity).Select(scan => scan.ScanKey)];
        ILookup<int, VertebraRow> byLabel = Vertebrae.Where(vertebra => counted.Contains(vertebra.ScanKey))
            .OrderBy(vertebra => vertebra.ScanKey, StringComparer.Ordinal).ToLookup(vertebra => vertebra.Label);
        _levels =
        [
            .. VertebraLabel.Anatomical.Where(label => byLabel.Contains(label) || Reference?.Label(label)?.VolumeCm3Max is not null)
                .Select((label, at) => LevelOf(label, Left + (LevelWidth * (at + 0.5)), [.. byLabel[label]])),
        ];
        if (_levels.Length == 0) return;
        _width = Left + (_levels.Length * LevelWidth) + 10;
        double highest = _levels.Max(level => level.HighestCm3);
        _step = Step(highest, FewestGridLines);
        _gridLines = (int)Math.Ceiling(Math.Max(highest, _step) / _step);
    }

    private Level LevelOf(int label, double middle, VertebraRow[] vertebrae)
    {
        VertebraRow? smallest = vertebrae.MinBy(vertebra => vertebra.VolumeCm3);
        VertebraRow? largest = vertebrae.MaxBy(vertebra => vertebra.VolumeCm3);
        Dot DotOf(VertebraRow vertebra, int at)
        {
            double offset = ((at * GoldenRatio) % 1) - 0.5;
            return new Dot(vertebra, middle + (LevelWidth * Spread * offset), vertebra == smallest || vertebra == largest);
        }
        double? median = vertebrae.Length > 0 ? OrderStatistics.Median([.. vertebrae.Select(vertebra => vertebra.VolumeCm3).Order()]) : null;
        return new Level(label, middle, [.. vertebrae.Select(DotOf)], median, Reference?.Label(label));
    }

    private double Y(double volumeCm3) => Top + (PlotHeight * (1 - (volumeCm3 / (_gridLines * _step))));

    /// <summary>A line from the one to the other, with a crossbar at both ends.</summary>
    private static string Span(double x, double from, double to) => $"M{At(x)} {At(from)}V{At(to)}M{At(x - 12)} {At(from)}h24M{At(x - 12)} {At(to)}h24";

    private static string Bar(double x, double y) => $"M{At(x - 14)} {At(y)}h28";

    private static string Diamond(double x, double y) => $"M{At(x)} {At(y - 5)}l5 5l-5 5l-5 -5z";

    private static string Described(PublishedLabel published) =>
        $"{published.Vertebra}, published: {Number(published.VolumeCm3Min)} to {Number(published.VolumeCm3Max)}, "
        + $"median {Number(published.VolumeCm3Median)} cm³";

    /// <summary>One column of the plot.</summary>
    /// <param name="Middle">Its x.</param>
    /// <param name="MedianCm3">Null without a vertebra.</param>
    private sealed record Level(int Label, double Middle, Dot[] Dots, double? MedianCm3, PublishedLabel? Published)
    {
        public double HighestCm3 => Math.Max(Published?.VolumeCm3Max ?? 0, Dots.Max(dot => (double?)dot.Vertebra.VolumeCm3) ?? 0);
    }

    /// <param name="IsExtreme">The smallest or largest of its level, which is named.</param>
    private sealed record Dot(VertebraRow Vertebra, double X, bool IsExtreme);
}
