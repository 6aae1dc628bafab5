using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Jobs;

/// <summary>Divides scans into chunks that take about equally long, by their bytes.</summary>
internal static class Chunks
{
    // enough of them that a host that is slower, or dies, costs the others little; not so small that queueing them is felt
    private const int Wanted = 64;
    private const long Smallest = 4L << 20, Largest = 128L << 20;

    /// <param name="scans">In key order.</param>
    /// <returns>Every scan once, in order; a chunk ends where it has reached its share.</returns>
    public static IReadOnlyList<IReadOnlyList<PlannedScan>> Divide(IReadOnlyList<PlannedScan> scans)
    {
        long share = Math.Clamp(scans.Sum(scan => scan.Bytes) / Wanted, Smallest, Largest);
        List<IReadOnlyList<PlannedScan>> chunks = [];
        List<PlannedScan> chunk = [];
        long bytes = 0;
        foreach (PlannedScan scan in scans)
        {
            chunk.Add(scan);
            bytes += scan.Bytes;
            if (bytes < share) continue;
            chunks.Add(chunk);
            (chunk, bytes) = ([], 0);
        }
        if (chunk.Count > 0) chunks.Add(chunk);
        return chunks;
    }
}
