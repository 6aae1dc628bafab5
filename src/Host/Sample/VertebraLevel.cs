using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.Sample;

/// <summary>
/// The phantom's mean vertebra at one level. Width, depth and height (mm) are the body's along left-right, front-back and head-tail;
/// <see cref="DiscMm"/> is the gap to the next body below. <see cref="Tilt"/> is the tangent of the body axis against the vertical,
/// positive when the upper end leans forward. <see cref="Posterior"/> scales the thickness of arch and processes.
/// </summary>
public sealed record VertebraLevel(
    int Label, double AimCm3, double WidthMm, double DepthMm, double HeightMm, double DiscMm, double Tilt, double Posterior)
{
    /// <summary>
    /// Head to tail, T13 and L6 included. The aims are the median volumes of VerSe's published label table, except C6, whose 17.5
    /// breaks the order of its neighbours and is taken to be a typing error, and T13, whose 57.06 comes from six cases. <see cref="Posterior"/> was fitted so that a phantom of
    /// size 1 comes within 3 percent of its aim.
    /// </summary>
    public static IReadOnlyList<VertebraLevel> Table { get; } =
    [
        //  label  cm3   width depth height disc  tilt  posterior
        new(1, 14.24, 20.0, 14.0, 10.0, 3.0, -0.05, 1.20),
        new(2, 18.38, 22.0, 17.0, 19.0, 5.0, -0.05, 1.11),
        new(3, 12.98, 23.0, 16.5, 13.0, 5.0, 0.00, 1.21),
        new(4, 12.51, 23.5, 16.5, 12.5, 5.0, 0.06, 1.20),
        new(5, 13.08, 24.5, 16.5, 12.5, 5.0, 0.13, 1.23),
        new(6, 14.60, 26.0, 17.0, 13.0, 5.0, 0.20, 1.28),
        new(7, 17.34, 29.0, 18.0, 15.0, 5.0, 0.28, 1.26),
        new(8, 22.64, 31.5, 20.0, 17.0, 4.5, 0.36, 1.51),
        new(9, 22.61, 30.5, 20.5, 18.5, 4.0, 0.36, 1.38),
        new(10, 21.72, 28.0, 21.0, 18.5, 4.0, 0.32, 1.34),
        new(11, 22.34, 27.5, 23.0, 19.0, 4.0, 0.26, 1.31),
        new(12, 24.04, 28.0, 25.0, 19.5, 4.0, 0.18, 1.33),
        new(13, 26.11, 29.0, 27.0, 20.0, 4.5, 0.10, 1.35),
        new(14, 29.78, 31.5, 29.0, 20.5, 4.5, 0.02, 1.44),
        new(15, 32.20, 33.5, 31.0, 21.5, 5.0, -0.05, 1.41),
        new(16, 34.85, 36.0, 32.5, 22.5, 5.0, -0.11, 1.38),
        new(17, 38.72, 38.5, 33.5, 23.5, 5.5, -0.16, 1.40),
        new(18, 41.98, 41.0, 34.5, 24.0, 6.0, -0.20, 1.44),
        new(19, 46.40, 44.0, 35.0, 25.5, 7.0, -0.23, 1.43),
        new(VertebraLabel.T13, 49.00, 45.0, 35.0, 26.5, 7.5, -0.23, 1.12),
        new(20, 51.46, 44.0, 35.0, 27.5, 8.5, -0.22, 1.16),
        new(21, 56.54, 45.0, 35.5, 28.0, 9.5, -0.14, 1.26),
        new(22, 62.50, 49.0, 37.0, 29.0, 10.5, -0.02, 1.26),
        new(23, 64.66, 51.5, 37.5, 29.0, 11.0, 0.14, 1.26),
        new(24, 63.76, 53.0, 37.5, 28.0, 10.5, 0.38, 1.27),
        new(25, 70.55, 54.0, 38.0, 28.5, 10.0, 0.45, 1.38),
    ];
}
