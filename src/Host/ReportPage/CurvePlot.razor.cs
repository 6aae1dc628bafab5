using System.Text;
using Microsoft.AspNetCore.Components;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Pictures;
using VerseEtl.Transform.Tables;
using static VerseEtl.Host.Pages.Scale;

namespace VerseEtl.Host.ReportPage;

/// <summary>Points of the vertebrae (mm, RAS+) seen from the side or the front, with one scale for both directions.</summary>
public sealed partial class CurvePlot : ComponentBase
{
    private const double Tallest = 460;
    private const double FinestPixelsPerMm = 0.7;
    private const double CoarsestPixelsPerMm = 2.5;
    private const int Above = 30;
    private const int Below = 46;
    private const int Left = 40;
    private const int Right = 74;
    private const int NameAside = 24;

    private readonly List<Placed> _placed = [];
    private string _line = "";
    private double _width, _height, _pixelsPerMm, _mostAside, _topMm;
    private int _bar;

    [Parameter, EditorRequired] public ScanReport Report { get; set; } = null!;

    /// <summary>From the side, the front to the left; else from the front, the patient's right to the left.</summary>
    [Parameter, EditorRequired] public bool Sagittal { get; set; }

    protected override void OnParametersSet()
    {
        bool annotated = Report.Spine?.CurveThrough == "annotated";
        (VertebraRow Row, double Aside, double Up)[] points = [.. Report.Vertebrae.Select(row => Place(row, annotated))];
        (double Aside, double Up)[] plates = [.. Report.Vertebrae.SelectMany(PlateEnds)];
        double[] asides = [.. points.Select(point => point.Aside), .. Sagittal ? plates.Select(end => end.Aside) : []];
        // those of the plates in both planes, so that both have one scale
        double[] ups = [.. points.Select(point => point.Up), .. plates.Select(end => end.Up)];
        (_mostAside, _topMm) = (asides.Max(), ups.Max());
        double tall = ups.Max() - ups.Min(), wide = asides.Max() - asides.Min();
        _pixelsPerMm = Math.Clamp(Tallest / Math.Max(1, tall), FinestPixelsPerMm, CoarsestPixelsPerMm);
        (_width, _height) = (Left + (wide * _pixelsPerMm) + Right, Above + (tall * _pixelsPerMm) + Below);
        _bar = tall > 120 ? 50 : 10;
        _placed.Clear();
        _placed.AddRange(points.Select(point => new Placed(point.Row, X(point.Aside), Y(point.Up))));
        _line = Line();
    }

    private (VertebraRow Row, double Aside, double Up) Place(VertebraRow row, bool annotated)
    {
        bool there = annotated && row.AnnotatedXMm is not null;
        double x = there ? row.AnnotatedXMm!.Value : row.CentroidXMm, y = there ? row.AnnotatedYMm!.Value : row.CentroidYMm;
        return (row, Sagittal ? y : x, there ? row.AnnotatedZMm!.Value : row.CentroidZMm);
    }

    private double X(double aside) => Left + ((_mostAside - aside) * _pixelsPerMm);

    private double Y(double up) => Above + ((_topMm - up) * _pixelsPerMm);

    /// <summary>From each vertebra to the next one below, interrupted where a level is missing.</summary>
    private string Line()
    {
        StringBuilder line = new();
        for (int at = 0; at < _placed.Count; at++)
        {
            bool follows = at > 0 && VertebraLabel.Follows(_placed[at - 1].Row.Label, _placed[at].Row.Label);
            line.Append(follows ? 'L' : 'M').Append(At(_placed[at].X)).Append(' ').Append(At(_placed[at].Y));
        }
        return line.ToString();
    }

    private string Plates()
    {
        StringBuilder plates = new();
        foreach ((double Aside, double Up)[] plate in Report.Vertebrae.SelectMany(PlateEnds).Chunk(2))
            plates.Append('M').Append(At(X(plate[0].Aside))).Append(' ').Append(At(Y(plate[0].Up)))
                .Append('L').Append(At(X(plate[1].Aside))).Append(' ').Append(At(Y(plate[1].Up)));
        return plates.ToString();
    }

    /// <summary>Front and back of the upper and the lower end plate in the sagittal plane, mm; none where they were not found.</summary>
    private static IEnumerable<(double Aside, double Up)> PlateEnds(VertebraRow row)
    {
        if (row is not { DepthMm: double depth, EndplateSuperiorYMm: double y1, EndplateSuperiorZMm: double z1, EndplateInferiorYMm: double y2 }) yield break;
        double half = depth / 2, z2 = row.EndplateInferiorZMm!.Value;
        double backY1 = row.EndplateSuperiorBackY!.Value, backZ1 = row.EndplateSuperiorBackZ!.Value;
        double backY2 = row.EndplateInferiorBackY!.Value, backZ2 = row.EndplateInferiorBackZ!.Value;
        yield return (y1 - (half * backY1), z1 - (half * backZ1));
        yield return (y1 + (half * backY1), z1 + (half * backZ1));
        yield return (y2 - (half * backY2), z2 - (half * backZ2));
        yield return (y2 + (half * backY2), z2 + (half * backZ2));
    }

    private static string Colour(int label) => Invariant($"#{LabelColours.Of(label):x6}");

    private sealed record Placed(VertebraRow Row, double X, double Y);
}
