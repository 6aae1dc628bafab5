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

    private static readonly int[] Greys = [48, 32, 20, 12, 8];

    /// <summary>PNG.</summary>
    /// <param name="title">Of the scan.</param>
    public static byte[] Of(ScanPicture picture, string title)
    {
        foreach (int greys in Greys)
            if (PngFile.Of(picture.Paint(title, greys)) is { Length: < MostBytes } png) return png;
        return PngFile.Of(picture.Paint(title, greys: 0));
    }

    /// <summary>Where a file lies in a warehouse: named by what it holds.</summary>
    public static string PathOf(byte[] png) => $"pictures/{Convert.ToHexStringLower(SHA256.HashData(png))}.png";
}
