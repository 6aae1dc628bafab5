using System.Globalization;

namespace VerseEtl.Host.Pages;

/// <summary>Positions in drawings, and round steps along an axis.</summary>
internal static class Scale
{
    private static readonly int[] RoundNumbers = [5, 2, 1];

    /// <summary>The largest of 1, 2, 5 times a power of ten that divides a span into at least so many parts.</summary>
    public static double Step(double span, int fewest)
    {
        double most = Math.Max(span, 1e-6) / fewest;
        double power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return RoundNumbers.Select(times => times * power).First(step => step <= most * (1 + 1e-9));
    }

    /// <summary>To a tenth of a pixel.</summary>
    public static string At(double position) => position.ToString("0.#", CultureInfo.InvariantCulture);
}
