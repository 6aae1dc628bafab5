using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Publishing;

internal static class Requests
{
    /// <summary>A publish of the sample tables; another seed means changed inputs.</summary>
    public static PublishRequest Of(string runId, int seed = 1, string? runKey = null, PublishedTables? tables = null)
    {
        tables ??= SampleTables.Of(seed: seed);
        return new PublishRequest
        {
            Tables = tables, RunId = runId, RunKey = runKey, ScansFound = tables.Scans.Count,
            InputDigest = $"{seed:x64}", OptionsDigest = new string('0', 64),
        };
    }
}
