using VerseEtl.Transform.Labels;

namespace VerseEtl.Extract.Sample;

/// <summary>
/// The phantom's mean vertebra at one level. Width, depth and height (mm) are the body's along left-right, front-back and head-tail;
/// <see cref="DiscMm"/> is the gap to the next body below. <see cref="Tilt"/> is the tangent of the body axis against the vertical,
/// positive when the upper end leans forward. <see cref="Posterior"/> scales the thickness of arch and processes.
/// </summary>
internal sealed record VertebraLevel(
    int Label, double AimCm3, double WidthMm, double DepthMm, double HeightMm, double DiscMm, double Tilt, double Posterior)
{
    /// <summary>
    /// Head to tail, T13 and L6 included. The aims are the median volumes of VerSe's published label table, except C6, whose 17.5
    /// breaks the order of its neighbours and is taken to be a typing error, and T13, whose 57.06 comes from six cases.
    /// <see cref="Posterior"/> was fitted so that a phantom of size 1 comes within 3 percent of its aim.
    /// </summary>
    public static IReadOnlyList<VertebraLevel> Table { get; } =
    [
        //  label  cm3   width depth height disc  tilt  posterior
        new(1, 14.24, 20.0, 14.0, 10.0, 3.0, -0.05, 1.20),
        new(2, 18.38, 22.0, 17.0, 19.0, 5.0, -0.05, 1.11),
        new(3, 12.98, 24.0, 17.0, 13.0, 5.0, 0.00, 1.24),
        new(4, 12.51, 24.5, 17.0, 12.5, 5.0, 0.06, 1.23),
        new(5, 13.08, 25.5, 17.0, 12.5, 5.0, 0.13, 1.26),
        new(6, 14.60, 27.0, 17.5, 13.0, 5.0, 0.20, 1.32),
        new(7, 17.34, 30.0, 18.5, 15.0, 5.0, 0.28, 1.29),
        new(8, 22.64, 34.0, 21.5, 17.0, 4.5, 0.36, 1.54),
        new(9, 22.61, 33.0, 22.0, 18.5, 4.0, 0.36, 1.42),
        new(10, 21.72, 30.0, 22.5, 18.5, 4.0, 0.32, 1.38),
        new(11, 22.34, 29.5, 25.0, 19.0, 4.0, 0.26, 1.34),
        new(12, 24.04, 30.0, 27.0, 19.5, 4.0, 0.18, 1.35),
        new(13, 26.11, 31.5, 29.0, 20.0, 4.5, 0.10, 1.36),
        new(14, 29.78, 34.0, 31.5, 20.5, 4.5, 0.02, 1.43),
        new(15, 32.20, 36.0, 33.5, 21.5, 5.0, -0.05, 1.38),
        new(16, 34.85, 39.0, 35.0, 22.5, 5.0, -0.11, 1.33),
        new(17, 38.72, 41.5, 36.0, 23.5, 5.5, -0.16, 1.36),
        new(18, 41.98, 44.5, 37.5, 24.0, 6.0, -0.20, 1.42),
        new(19, 46.40, 47.5, 38.0, 25.5, 7.0, -0.23, 1.41),
        new(VertebraLabel.T13, 49.00, 48.5, 38.0, 26.5, 7.5, -0.23, 1.03),
        new(20, 51.46, 47.5, 38.0, 27.5, 8.5, -0.22, 1.09),
        new(21, 56.54, 48.5, 38.5, 28.0, 9.5, -0.14, 1.19),
        new(22, 62.50, 53.0, 40.0, 29.0, 10.5, -0.02, 1.17),
        new(23, 64.66, 55.5, 40.5, 29.0, 11.0, 0.14, 1.18),
        new(24, 63.76, 57.0, 40.5, 28.0, 10.5, 0.38, 1.17),
        new(25, 70.55, 58.5, 41.0, 28.5, 10.0, 0.45, 1.30),
    ];
}
