using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Flow;

/// <summary>Lists the scans of a source, and tells a source that is not there from one that is empty or too large.</summary>
internal static class SourceListing
{
    /// <exception cref="RunStoppedException">There is nothing to read, or too much.</exception>
    /// <exception cref="IOException">The storage failed; worth another try.</exception>
    public static TreeListing Walk(Source source, CancellationToken token)
    {
        if (source.RequireMount && !Mounts.IsMounted(source.Path))
            throw new RunStoppedException(ExitCode.SourceUnavailable, $"{source.Path} is not mounted (require_mount)");
        try
        {
            return VerseTree.Walk(source.Path, source.Folders, source.Tree, token);
        }
        catch (SourceMissingException missing)
        {
            throw new RunStoppedException(ExitCode.SourceUnavailable, [missing.Message, .. missing.Findings.Select(finding => $"{finding.Code} {finding.Message}")]);
        }
        catch (TreeLimitException limit)
        {
            throw new RunStoppedException(ExitCode.Configuration, $"{limit.Finding.Code} {limit.Message}");
        }
    }
}
