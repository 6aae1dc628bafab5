using Microsoft.AspNetCore.Components;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Labels;
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

    [Parameter, EditorRequired] public AuditView View { get; set; } = null!;

    /// <summary>Both editions, or another dataset.</summary>
    [Parameter, EditorRequired] public string Pool { get; set; } = "";

    /// <summary>Null draws no published figures.</summary>
    [Parameter, EditorRequired] public Reference? Reference { get; set; }

    /// <summary>Where the report of a scan is, by its key: each dot leads there. Null for nowhere.</summary>
    [Parameter] public Func<string, string>? ReportOf { get; set; }

    protected override void OnParametersSet()
    {
        Dictionary<int, double?> medians = View.LabelStatistics.Where(row => row.Dataset == Pool && row.Split == CohortCell.All)
            .ToDictionary(row => row.Label, row => row.VolumeCm3Median);
        _levels =
        [
            .. VertebraLabel.Anatomical.Where(label => View.Levels.Of(Pool, label) is not null || Reference?.Label(label)?.VolumeCm3Max is not null)
                .Select((label, at) => LevelOf(label, Left + (LevelWidth * (at + 0.5)), medians.GetValueOrDefault(label))),
        ];
        if (_levels.Length == 0) return;
        _width = Left + (_levels.Length * LevelWidth) + 10;
        double highest = _levels.Max(level => level.HighestCm3);
        _step = Step(highest, FewestGridLines);
        _gridLines = (int)Math.Ceiling(Math.Max(highest, _step) / _step);
    }

    private Level LevelOf(int label, double middle, double? medianCm3)
    {
        Dot DotOf(DrawnVertebra vertebra, int at)
        {
            double offset = ((at * GoldenRatio) % 1) - 0.5;
            return new Dot(vertebra, middle + (LevelWidth * Spread * offset));
        }
        DrawnLevel? here = View.Levels.Of(Pool, label);
        return new Level(label, middle, [.. (here?.Drawn ?? []).Select(DotOf)], Reference?.Label(label))
        {
            Count = here?.Count ?? 0,
            MedianCm3 = here is null ? null : medianCm3,
        };
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
    private sealed record Level(int Label, double Middle, Dot[] Dots, PublishedLabel? Published)
    {
        /// <summary>Vertebrae, drawn or not.</summary>
        public int Count { get; init; }

        /// <summary>Null without a vertebra.</summary>
        public double? MedianCm3 { get; init; }

        public double HighestCm3 => Math.Max(Published?.VolumeCm3Max ?? 0, Dots.Max(dot => (double?)dot.Vertebra.VolumeCm3) ?? 0);
    }

    private sealed record Dot(DrawnVertebra Vertebra, double X);
}
