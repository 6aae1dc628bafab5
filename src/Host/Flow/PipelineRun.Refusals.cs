using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;

namespace VerseEtl.Host.Flow;

/// <summary>What keeps a run from publishing although nothing broke: what it found would mislead whoever reads the tables.</summary>
public sealed partial class PipelineRun
{
    private const int MostNamed = 100;

    private static RunStoppedException Unmeasured(string[] scans) => new(ExitCode.Breaker,
    [
        Invariant($"{scans.Length} {(scans.Length == 1 ? "scan has" : "scans have")} no stored result; `measure` them, then run again"),
        .. scans.Take(MostNamed).Select(scan => $"not measured: {scan}"),
        .. scans.Length > MostNamed ? [Invariant($"and {scans.Length - MostNamed} more; `plan --json-lines` names them all")] : Array.Empty<string>(),
    ])
    { NotMeasured = scans };

    private static bool IsMissingFolder(Finding finding) => finding.Code == Faults.TreeFolderMissing.Code && finding.Severity == Severity.Error;

    private static void RequireConservation(Attempt attempt, ResultsSeen seen)
    {
        if (seen.IsConserved) return;
        Finding finding = Finding.Of(Faults.RunConservation, observed: Invariant($"{seen.Count} rows"),
            expected: Invariant($"{attempt.Found} scans, each once"));
        throw new RunStoppedException(ExitCode.Internal, $"{finding.Code} {finding.Message}");
    }

    /// <summary>A folder that the snapshot had and that now holds nothing is a share that is gone, not scans that were removed.</summary>
    private static void RequireFolders(TreeListing listing, PreviousRows? previous)
    {
        if (previous is null) return;
        HashSet<(string, string)> now = [.. listing.Folders.Select(seen => (seen.Folder.Dataset, seen.Folder.Split))];
        string[] gone =
        [
            .. from cell in previous.Folders
               where !now.Contains(cell)
               select Finding.Of(Faults.TreeFolderMissing, observed: "no scan",
                   expected: $"scans of {cell.Dataset}/{cell.Split}, as in the previous snapshot") into finding
               select $"{finding.Code} {finding.Message}",
        ];
        if (gone.Length > 0) throw new RunStoppedException(ExitCode.SourceUnavailable, [.. gone, "pass --accept-shrink if they were removed on purpose"]);
    }

    private void AskGate(PublishGate gate, ResultsSeen seen)
    {
        if (options.AcceptShrink && seen.Count > 0) return;
        IReadOnlyList<string> objections = gate.Objections(seen.Unavailable, pipeline.Thresholds);
        if (objections.Count == 0) return;
        throw new RunStoppedException(ExitCode.Breaker, [.. objections.Select(objection => $"{Faults.RunBreaker.Code} {objection}"), Faults.RunBreaker.Action]);
    }
}
