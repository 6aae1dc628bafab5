using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.AuditPage;

/// <summary>
/// Volumes (cm3) level by level as an SVG: one dot per vertebra, the median here, and the published minimum, median and maximum.
/// Written by hand: the page's bytes are part of a snapshot and must not depend on a machine's fonts, and its colours follow the
/// reader's light or dark setting (docs/decisions/0006 tells what was measured).
/// </summary>
internal static class VolumePlot
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

    private static readonly int[] RoundNumbers = [5, 2, 1];

    public static HtmlText Draw(IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae, Reference? reference)
    {
        HashSet<string> counted = [.. scans.Where(CohortCell.HasReadableMask).OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)
            .DistinctBy(CohortCell.Identity).Select(scan => scan.ScanKey)];
        ILookup<int, VertebraRow> byLabel = vertebrae.Where(vertebra => counted.Contains(vertebra.ScanKey))
            .OrderBy(vertebra => vertebra.ScanKey, StringComparer.Ordinal).ToLookup(vertebra => vertebra.Label);
        int[] levels = [.. VertebraLabel.Anatomical.Where(label => byLabel.Contains(label) || reference?.Label(label)?.VolumeCm3Max is not null)];
        if (levels.Length == 0) return HtmlText.Of($"<p>No vertebra to draw.</p>");
        double highest = levels.Max(label => Math.Max(reference?.Label(label)?.VolumeCm3Max ?? 0, byLabel[label].Max(vertebra => (double?)vertebra.VolumeCm3) ?? 0));
        double step = StepFor(highest);
        double ceiling = Math.Ceiling(Math.Max(highest, step) / step) * step;
        double Y(double volume) => Top + (PlotHeight * (1 - (volume / ceiling)));
        int width = Left + (levels.Length * LevelWidth) + 10;
        HtmlText svg = HtmlText.Of($"<svg class=\"plot\" viewBox=\"0 0 {width} {Top + PlotHeight + Bottom}\" width=\"{width}\" role=\"img\" aria-label=\"Volumes by level with the published minimum, median and maximum\">\n");
        for (int line = 0; line <= (int)Math.Round(ceiling / step); line++)
        {
            double volume = line * step;
            svg.Add($"<line class=\"grid\" x1=\"{Left}\" x2=\"{width - 10}\" y1=\"{At(Y(volume))}\" y2=\"{At(Y(volume))}\"/><text class=\"tick\" x=\"{Left - 6}\" y=\"{At(Y(volume) + 4)}\" text-anchor=\"end\">{AuditView.Number(volume)}</text>\n");
        }
        svg.Add($"<text class=\"tick\" x=\"{Left - 6}\" y=\"{Top - 11}\" text-anchor=\"end\">cm³</text>\n");
        for (int at = 0; at < levels.Length; at++)
            DrawLevel(svg, Left + (LevelWidth * (at + 0.5)), Y, levels[at], [.. byLabel[levels[at]]], reference?.Label(levels[at]));
        return svg.Add($"</svg>");
    }

    private static void DrawLevel(HtmlText svg, double middle, Func<double, double> y, int label, VertebraRow[] vertebrae, PublishedLabel? published)
    {
        svg.Add($"<text class=\"tick\" x=\"{At(middle)}\" y=\"{Top + PlotHeight + 16}\" text-anchor=\"middle\">{VertebraLabel.Name(label)}</text><text class=\"tick count\" x=\"{At(middle)}\" y=\"{Top + PlotHeight + 29}\" text-anchor=\"middle\">{vertebrae.Length}</text>\n");
        if (published is { VolumeCm3Min: double least, VolumeCm3Max: double greatest })
        {
            svg.Add($"<path class=\"published\" d=\"M{At(middle)} {At(y(least))}V{At(y(greatest))}M{At(middle - 12)} {At(y(least))}h24M{At(middle - 12)} {At(y(greatest))}h24\"/>\n");
        }
        VertebraRow? smallest = vertebrae.MinBy(vertebra => vertebra.VolumeCm3);
        VertebraRow? largest = vertebrae.MaxBy(vertebra => vertebra.VolumeCm3);
        for (int at = 0; at < vertebrae.Length; at++)
        {
            VertebraRow vertebra = vertebrae[at];
            double offset = ((at * GoldenRatio) % 1) - 0.5;
            double x = middle + (LevelWidth * Spread * offset);
            HtmlText title = vertebra == smallest || vertebra == largest
                ? HtmlText.Of($"<title>{vertebra.ScanKey} {vertebra.Vertebra}: {AuditView.Number(vertebra.VolumeCm3)} cm³</title>")
                : new HtmlText();
            svg.Add($"<circle class=\"{(vertebra.TouchesBorder ? "dot cut" : "dot")}\" cx=\"{At(x)}\" cy=\"{At(y(vertebra.VolumeCm3))}\" r=\"2\">{title}</circle>\n");
        }
        if (vertebrae.Length > 0)
        {
            double median = OrderStatistics.Median([.. vertebrae.Select(vertebra => vertebra.VolumeCm3).Order()]);
            svg.Add($"<path class=\"here\" d=\"M{At(middle - 14)} {At(y(median))}h28\"/>\n");
        }
        if (published?.VolumeCm3Median is double middleValue)
        {
            svg.Add($"<path class=\"publishedmedian\" d=\"M{At(middle)} {At(y(middleValue) - 5)}l5 5l-5 5l-5 -5z\"><title>{published.Vertebra}, published: {AuditView.Number(published.VolumeCm3Min)} to {AuditView.Number(published.VolumeCm3Max)}, median {AuditView.Number(middleValue)} cm³</title></path>\n");
        }
    }

    /// <summary>The largest of 1, 2, 5 times a power of ten that gives at least four grid lines.</summary>
    private static double StepFor(double highest)
    {
        double most = Math.Max(highest, 1e-6) / FewestGridLines;
        double power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return RoundNumbers.Select(times => times * power).First(step => step <= most * (1 + 1e-9));
    }

    private static string At(double position) => position.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);
}
