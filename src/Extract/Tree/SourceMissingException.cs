using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>There is nothing to read below the source: it is gone, unreadable, or holds none of the folders looked for.</summary>
public sealed class SourceMissingException(string root, string reason, IReadOnlyList<string> lookedFor, IReadOnlyList<Finding> findings)
    : Exception($"No scan was found in {root}: {reason}. Looked for {string.Join(", ", lookedFor)}.")
{
    public string Root { get; } = root;

    /// <summary>Why there is none, without the names that were looked for.</summary>
    public string Reason { get; } = reason;

    /// <summary>Folders with scans that were not read.</summary>
    public IReadOnlyList<UnreadFolder> Unread { get; init; } = [];

    /// <summary>Names of folders, or paths relative to the root, that would have been read.</summary>
    public IReadOnlyList<string> LookedFor { get; } = lookedFor;

    /// <summary>What stood there instead: archives, links, the flat layout, unreadable folders.</summary>
    public IReadOnlyList<Finding> Findings { get; } = findings;
}
