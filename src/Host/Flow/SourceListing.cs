using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Objects;
using VerseEtl.Load.Spools;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Flow;

/// <summary>Lists the scans of a source, and tells a source that is not there from one that is empty.</summary>
internal static class SourceListing
{
    /// <summary>Makes the sample dataset where the pipeline reads it and it is not there yet.</summary>
    /// <exception cref="RunStoppedException">It cannot be made.</exception>
    public static void MakeSample(Pipeline pipeline, IProgress<RunStep>? progress, CancellationToken token)
    {
        if (!pipeline.Source.IsSample || SampleDataset.Exists(pipeline.Source.Path)) return;
        progress?.Report(new RunStep.Phase("making the sample dataset"));
        try
        {
            SampleDataset.Write(pipeline.Source.Path, new SampleOptions { Parallelism = pipeline.Workers }, progress: null, token);
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw new RunStoppedException(ExitCode.Storage, $"the sample dataset cannot be made: {error.Message}");
        }
    }

    /// <summary>Lists a source, again as long as a place in it cannot be looked at; what cannot be in the end is left out, with a finding.</summary>
    /// <param name="room">Where there is room for what is listed; null for the folder of temporary files.</param>
    /// <exception cref="RunStoppedException">There is nothing to read.</exception>
    /// <exception cref="IOException">The storage failed; worth another try.</exception>
    public static async Task<TreeListing> Walk(Source source, string? room, ScanRetry retry, CancellationToken token)
    {
        TreeListing? partial = null;
        try
        {
            return await retry.Execute(cancelled =>
            {
                partial = null;
                TreeListing listing = Walk(source, room, cancelled);
                if (!listing.Findings.Any(IsUnseen)) return listing;
                partial = listing;
                throw new IOException("a place in the source cannot be looked at");
            }, token);
        }
        catch (IOException) when (partial is not null)
        {
            return partial;
        }
    }

    /// <summary>Lists a source once.</summary>
    /// <inheritdoc cref="Walk(Source, string?, ScanRetry, CancellationToken)"/>
    public static TreeListing Walk(Source source, string? room, CancellationToken token)
    {
        if (source.RequireMount && !Mounts.IsMounted(source.Path))
            throw new RunStoppedException(ExitCode.SourceUnavailable, $"{source.Path} is not mounted (require_mount)");
        try
        {
            TreeOptions options = source.Tree with { Workspace = new SpoolWorkspace(room ?? Path.GetTempPath(), SpoolSizes.Usual) };
            return source.Url is ObjectUrl url
                ? VerseTree.Walk(ObjectStores.Source(url), source.Folders, options, token)
                : VerseTree.Walk(source.Path, source.Folders, options, token);
        }
        catch (SourceMissingException missing)
        {
            throw new RunStoppedException(ExitCode.SourceUnavailable, Reasons(missing)) { FolderSetting = FolderSetting.Lines([], missing.Unread) };
        }
    }

    /// <summary>The cause first: what stood there, one line a kind, the gravest first; names that were looked for only where nothing else says why.</summary>
    private static List<string> Reasons(SourceMissingException missing)
    {
        Finding[] causes =
            [.. missing.Findings.Where(finding => finding.Severity != Faults.TreeFolderAbsent.Severity || finding.Code != Faults.TreeFolderAbsent.Code)];
        List<string> reasons = [$"no scan was found in {missing.Root}: {missing.Reason}"];
        reasons.AddRange(FindingCount.Of(causes).Select(kind =>
            kind.Count == 1 ? $"{kind.Code} {kind.Example}" : Invariant($"{kind.Code} x {kind.Count}: {kind.Example}")));
        bool told = missing.Unread.Count > 0 || missing.Findings.Count == 0 || causes.Any(finding => finding.Severity == Severity.Error);
        if (!told) reasons.Add($"looked for {string.Join(", ", missing.LookedFor)}");
        return reasons;
    }

    /// <summary>A place could not be looked at; permission denied, under the same code, observes nothing and will not pass by itself.</summary>
    public static bool IsUnseen(Finding finding) => finding.Code == Faults.TreeUnseen.Code && finding.Observed is not null;
}
