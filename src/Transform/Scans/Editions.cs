namespace VerseEtl.Transform.Scans;

/// <summary>The two editions of VerSe, as datasets are named.</summary>
public static class Editions
{
    public const string Verse19 = "verse19";
    public const string Verse20 = "verse20";

    /// <summary>The reserved name of both together.</summary>
    public const string Both = "all";

    public static IReadOnlyList<string> All { get; } = [Verse19, Verse20];

    /// <summary>Which data belong together: people train on both editions at once; any other dataset is by itself.</summary>
    public static string PoolOf(string dataset) => All.Contains(dataset) ? Both : dataset;
}
