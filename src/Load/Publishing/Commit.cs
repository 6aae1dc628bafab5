using System.Text.Json.Serialization;

namespace VerseEtl.Load.Publishing;

/// <summary>One entry of the commit log: which snapshot became current, after which, and by whom. Put once, never changed.</summary>
internal sealed record Commit
{
    /// <summary>The highest that this build reads, and the one it writes: raised with a change of files that an older build would misread.</summary>
    public const int KnownFormat = 2;

    /// <summary>Of the warehouse's own files, commits, ledger, names and what else is not a table. 0.1.0 wrote no number, which is 1.</summary>
    public int Format { get; init; } = 1;

    public required long Sequence { get; init; }
    public required string RunId { get; init; }
    public string? RunKey { get; init; }

    /// <summary>Sequence of the commit that was newest when this one was prepared; null for the first.</summary>
    public long? Parent { get; init; }

    /// <summary>SHA-256 of that commit's file.</summary>
    public string? ParentSha256 { get; init; }

    /// <summary>Name of the directory under snapshots/.</summary>
    public required string Snapshot { get; init; }
    public required string ManifestSha256 { get; init; }

    /// <summary>Sequence of the snapshot whose content this commit republishes; null for a run's own.</summary>
    public long? RolledBackTo { get; init; }
    public required DateTimeOffset CommittedUtc { get; init; }

    /// <summary>Damage of earlier commits and snapshots that this commit accounts for; null if there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<DamagedFile>? Mends { get; init; }
}

/// <summary>What every build reads of a commit, whatever else a newer one has put there.</summary>
internal sealed record CommitFormat
{
    public int Format { get; init; } = 1;
}
