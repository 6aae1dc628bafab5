
namespace VerseEtl.Load.Publishing;

/// <summary>One run's scans in chunks, for several hosts to measure. Made once; what is left to do follows from the marks beside it.</summary>
/// <param name="RunKey">The run, at most one plan each.</param>
/// <param name="Chunks">Scan keys; chunks are named by their place, from 0.</param>
internal sealed record WorkPlan(string RunKey, DateTimeOffset PlannedUtc, IReadOnlyList<IReadOnlyList<string>> Chunks);
