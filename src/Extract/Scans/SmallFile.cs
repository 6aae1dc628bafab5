using System.Runtime.Versioning;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Centroids;
using VerseEtl.Extract.Tree;

namespace VerseEtl.Extract.Scans;

/// <summary>A file of some hundred bytes, read whole and within a bound, with the hash of all of it.</summary>
[SupportedOSPlatform("linux")]
internal static class SmallFile
{
    /// <summary>At most one byte more than <paramref name="longest"/>, which tells the parser that there was more.</summary>
    /// <exception cref="BadFileException">Not a regular file, or not readable.</exception>
    /// <exception cref="IOException">The storage failed or the file changed meanwhile.</exception>
    public static byte[] Read(SourcePath path, ReadingLimits limits, int longest, out string sha256)
    {
        using SourceFile file = SourceFile.Open(path, limits.FollowLinks);
        using HashingStream stored = new(file.Stream);
        byte[] bytes = TolerantJson.ReadBounded(stored, longest);
        sha256 = stored.FinishSha256();
        file.ThrowIfChanged();
        return bytes;
    }
}
