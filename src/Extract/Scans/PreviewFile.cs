using System.Runtime.Versioning;
using VerseEtl.Extract.Centroids;
using VerseEtl.Extract.Tree;

namespace VerseEtl.Extract.Scans;

/// <summary>A dataset's own preview of a scan, which is shown as it is and not looked into.</summary>
[SupportedOSPlatform("linux")]
internal static class PreviewFile
{
    public const int LongestBytes = 8 * 1024 * 1024;
    public const string Png = "image/png", Jpeg = "image/jpeg";

    private static ReadOnlySpan<byte> PngStart => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];
    private static ReadOnlySpan<byte> JpegStart => [0xFF, 0xD8, 0xFF];

    /// <summary>The file and its media type by its first bytes; null where it cannot be read, is longer, or is something else.</summary>
    public static (byte[] Bytes, string Type)? Read(SourcePath path, bool followLinks)
    {
        try
        {
            using SourceFile file = SourceFile.Open(path, followLinks);
            byte[] bytes = TolerantJson.ReadBounded(file.Stream, LongestBytes);
            return bytes.Length <= LongestBytes && TypeOf(bytes) is string type ? (bytes, type) : null;
        }
        catch (Exception error) when (error is BadFileException or IOException)
        {
            return null;
        }
    }

    private static string? TypeOf(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(PngStart) ? Png : bytes.StartsWith(JpegStart) ? Jpeg : null;
}
