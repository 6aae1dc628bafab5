using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>The tree exceeds the limits (TREE_LIMIT). The run stops: what was not walked cannot be told from what is missing.</summary>
public sealed class TreeLimitException(Finding finding) : Exception(finding.Message)
{
    public Finding Finding { get; } = finding;
}
