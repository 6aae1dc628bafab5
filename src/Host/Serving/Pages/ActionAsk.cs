using VerseEtl.Host.Jobs;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>What the page of an action shows.</summary>
/// <param name="Status">Of the pipeline that it is about.</param>
/// <param name="Seen">What the operator has before their eyes: where it is something else by the time they confirm, they are asked again.</param>
public sealed record ActionAsk(PipelineStatus Status, string Seen, SignedIn Account, DateTimeOffset Now)
{
    /// <summary>Why the try before did nothing; null for the first look.</summary>
    public string? Refusal { get; init; }

    /// <summary>Options of a run are asked for as well.</summary>
    public bool WithOptions { get; init; }

    /// <summary>Publishes although scans are missing, if the operator does not say otherwise.</summary>
    public bool AcceptShrink { get; init; }

    /// <summary>What can be gone back to, newest first.</summary>
    public IReadOnlyList<Snapshot> Older { get; init; } = [];

    /// <summary>Names that were given to snapshots, by sequence.</summary>
    public ILookup<long, string> Names { get; init; } = Array.Empty<string>().ToLookup(_ => 0L);

    public string Pipeline => Status.Pipeline.Name;

    public TimeZoneInfo? Zone => Status.Pipeline.Schedule?.Zone;
}
