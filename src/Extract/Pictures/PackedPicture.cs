using System.Security.Cryptography;
using VerseEtl.Transform.Pictures;

namespace VerseEtl.Extract.Pictures;

/// <summary>
/// A picture of a scan as a file small enough to keep thousands: a noisy CT is shown in fewer shades, one that is nothing but noise not at all.
/// </summary>
internal static class PackedPicture
{
    /// <summary>A file is smaller than this, whatever the CT.</summary>
    public const int MostBytes = 150_000;

    // more shades, in bits, than would make a file of the limit are not tried; bits of noise are packed into about as many, seldom into fewer
    private const double LeastOfBits = 0.9;

    private static readonly int[] Greys = [48, 32, 20, 12, 8];

    /// <summary>PNG.</summary>
    /// <param name="title">Of the scan.</param>
    public static byte[] Of(ScanPicture picture, string title)
    {
        double mostBits = double.MaxValue;
        foreach (int greys in Greys)
        {
            double bits = Math.Log2(greys);
            if (bits > mostBits) continue;
            byte[] png = PngFile.Of(picture.Paint(title, greys));
            if (png.Length < MostBytes) return png;
            mostBits = bits * MostBytes / (LeastOfBits * png.Length);
        }
        return PngFile.Of(picture.Paint(title, greys: 0));
    }

    /// <summary>Where a file lies in a warehouse: named by what it holds.</summary>
    public static string PathOf(byte[] png) => $"pictures/{Convert.ToHexStringLower(SHA256.HashData(png))}.png";
}
