using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>What a run wants published.</summary>
public sealed record PublishRequest
{
    public required PublishedTables Tables { get; init; }

    /// <summary>
    /// Asks only whether there is anything to publish, before there are tables: where there is, the end is <see cref="PublishEnding.Overtaken"/>.
    /// </summary>
    internal bool AsksOnly { get; init; }

    /// <summary>
    /// Rows that come before those of <see cref="Tables"/>, in pieces that follow each other in key order, so that nobody need hold a table. A
    /// scan's vertebrae are in the scan's piece. Enumerated once a try.
    /// </summary>
    internal IEnumerable<PublishedTables> Pieces { get; init; } = [];

    /// <summary>Unique per attempt to run: 1 to 64 letters, digits, '-' or '_'.</summary>
    public required string RunId { get; init; }

    /// <summary>Pipeline and scheduled instant; at most one commit carries a given key. Null for a manual run.</summary>
    public string? RunKey { get; init; }

    /// <summary>Hex SHA-256 over the inputs' content; equal to the parent's together with the options digest means nothing changed.</summary>
    public required string InputDigest { get; init; }

    /// <summary>Hex SHA-256 over the options that can change a row.</summary>
    public required string OptionsDigest { get; init; }

    /// <summary>Scans that the walk found; the conservation check compares it with the rows of `scans`.</summary>
    public required int ScansFound { get; init; }

    /// <summary>audit.html, staged beside the tables.</summary>
    public string? AuditHtml { get; init; }

    /// <summary>Makes audit.html when the tables are written, in place of <see cref="AuditHtml"/>.</summary>
    internal Func<Task<string>>? AuditPage { get; init; }

    /// <summary>Damage that the new commit accounts for: publishes although nothing changed, unless another commit accounts for all of it by then.</summary>
    public IReadOnlyList<DamagedFile> Mends { get; init; } = [];

    /// <summary>Publishes although nothing changed since the parent.</summary>
    public bool EvenIfUnchanged { get; init; }

    /// <summary>
    /// <see cref="Warehouse.Parent"/> when the tables were made; if another commit is the newest by now the publish ends as overtaken. Null if
    /// the tables depend on no earlier snapshot.
    /// </summary>
    public long? BasedOn { get; init; }

    /// <summary>Whose data it is; null for a source that claims no licence.</summary>
    public SourceAttribution? Attribution { get; init; } = SourceAttribution.Verse;
}

/// <summary>How a publish ended.</summary>
public enum PublishEnding
{
    /// <summary>A new commit exists.</summary>
    Published,

    /// <summary>Same inputs and options as the parent; nothing was written.</summary>
    Unchanged,

    /// <summary>A commit with the same run key exists already.</summary>
    AlreadyPublished,

    /// <summary>Another writer committed first; nothing of ours was published.</summary>
    Overtaken,

    /// <summary>A scheduled run met the hold that a rollback set; nothing was published.</summary>
    Held,
}

/// <summary>A committed snapshot; the directory is absolute.</summary>
public sealed record Snapshot(long Sequence, string Directory, DateTimeOffset CommittedUtc, string RunId, string? RunKey, Manifest Manifest)
{
    /// <summary>Sequence of the snapshot whose content this one republishes; null for a run's own.</summary>
    public long? RolledBackTo { get; init; }
}

/// <summary>How it ended and the snapshot that is current afterwards (null if there is none, or none that is whole).</summary>
/// <param name="Aftermath">What failed after the commit (the link `current`, pruning); the next start repairs it. Null if nothing did.</param>
public sealed record PublishOutcome(PublishEnding Ending, Snapshot? Current, string? Aftermath = null);
