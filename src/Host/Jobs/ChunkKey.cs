using System.Globalization;
using VerseEtl.Host.Schedules;

namespace VerseEtl.Host.Jobs;

/// <summary>Names one chunk of one run's plan, as in `verse:20260101t023000z:12`.</summary>
internal readonly record struct ChunkKey(RunKey Run, int Chunk)
{
    public override string ToString() => Invariant($"{Run}:{Chunk}");

    /// <summary>Null for anything that is no chunk key.</summary>
    public static ChunkKey? Parse(string? text)
    {
        int colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 1 || RunKey.Parse(text![..colon]) is not RunKey run) return null;
        return int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int chunk) ? new ChunkKey(run, chunk) : null;
    }
}
