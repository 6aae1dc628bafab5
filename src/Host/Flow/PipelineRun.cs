using System.Collections.Concurrent;
using Serilog.Events;
using Serilog;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Extract;
using VerseEtl.Host.AuditPage;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Spools;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>
/// One run of one pipeline: list the scans, measure each, put the tables together, ask the gate, publish. Every way it can end is a
/// report with an exit code; only a stop of the process leaves as an exception.
/// </summary>
public sealed partial class PipelineRun(Pipeline pipeline, RunOptions options, TimeProvider time, ILogger log)
{
    private const int MostOvertaken = 10, MostNamed = 100;

    /// <summary>Measures one scan; tests put a failing one in its place.</summary>
    public Func<ScanFiles, ReadingLimits, CancellationToken, ScanResult> Measure { get; init; } = new ScanMeasuring().Measure;

    /// <summary>Its name in the ledger; null takes a new one.</summary>
    public string? RunId { get; init; }

    /// <summary>Who ended the run on purpose; null, as long as nobody did.</summary>
    public Func<string?> CancelledBy { get; init; } = () => null;

    /// <exception cref="RunInterruptedException">Stopped before the commit; nothing was published.</exception>
    public async Task<RunReport> Execute(IProgress<RunStep>? progress, CancellationToken token)
    {
        using Attempt attempt = new(pipeline, options, RunId ?? Flow.RunId.New(time), time, log);
        RunReport report = await Guarded(attempt, attempt.Heard(progress), token);
        bool published = report.ExitCode is ExitCode.Done or ExitCode.PublishedWithErrors;
        attempt.Log.Write(published ? LogEventLevel.Information : LogEventLevel.Warning,
            "Run {Ending} with code {ExitCode}: {Scans} scans, {Failed} failed, snapshot {Sequence}, {ElapsedMs} ms; {Reasons}",
            report.Ending, report.ExitCode, report.ScansFound, report.ScansFailed, report.Sequence, (long)(report.ElapsedSeconds * 1000), report.Reasons);
        return report;
    }

    private async Task<RunReport> Guarded(Attempt attempt, IProgress<RunStep> progress, CancellationToken token)
    {
        try
        {
            return await attempt.Recorded(await Run(attempt, progress, token));
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested && CancelledBy() is not null)
        {
            return await attempt.Recorded(
                attempt.NotPublished(ExitCode.Interrupted, [$"cancelled by {CancelledBy()}"]) with { Ending = RunEnding.Cancelled });
        }
        catch (OperationCanceledException stopped) when (token.IsCancellationRequested)
        {
            attempt.Log.Warning("Run stopped; nothing was published");
            throw new RunInterruptedException(await attempt.Recorded(attempt.Stopped()), stopped);
        }
        catch (RunStoppedException stop)
        {
            if (stop.FolderSetting.Count > 0) attempt.FolderSetting = stop.FolderSetting;
            return await attempt.Recorded(attempt.NotPublished(stop.ExitCode, stop.Reasons) with { NotMeasured = stop.NotMeasured });
        }
        catch (WarehouseRefusedException refused)
        {
            return attempt.NotPublished(ExitCode.Configuration, [$"{refused.Code} {refused.Message}"]);
        }
        catch (StorageException storage)
        {
            return await attempt.Recorded(attempt.NotPublished(ExitCode.Storage, [$"{storage.Code} {storage.Message}"]));
        }
        catch (ConservationException lost)
        {
            return await attempt.Recorded(attempt.NotPublished(ExitCode.Internal, [$"{Faults.RunConservation.Code} {lost.Message}"]));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            attempt.Log.Error(error, "Run met an unexpected error");
            RunReport report = attempt.NotPublished(ExitCode.Internal, [$"an unexpected {error.GetType().Name}; the log has the rest, please report it"]);
            return await attempt.Recorded(report with { Ending = RunEnding.Failed });
        }
    }

    private async Task<RunReport> Run(Attempt attempt, IProgress<RunStep>? progress, CancellationToken token)
    {
        AuditReference reference = AuditReference.Load(pipeline.Reference);
        // what is published is read also on a night on which the source is away
        if (Warehouse.Exists(pipeline.Load.Path)) await Open(attempt, progress, token);
        SourceListing.MakeSample(pipeline, progress, token);
        progress?.Report(new RunStep.Phase("listing scans"));
        TreeListing listing = await List(attempt, token);
        attempt.Found = listing.Count;
        attempt.FolderSetting = FolderSetting.Lines(listing.Folders, listing.Unread);
        // before the first scan is read: a warehouse that cannot be written should not be found out after an hour
        Warehouse warehouse = attempt.Warehouse ?? await Open(attempt, progress, token);
        await attempt.Begun();
        ScanRetry retry = new(time, (error, number) => attempt.Log.Warning("Try {Try} failed: {Kind}", number, error.GetType().Name));
        Lazy<Task<ClinicalInput>> clinicalRead = new(() => ClinicalInput.Read(pipeline.Source.Clinical, listing.Scans, retry, token));
        using StoredResults stored = new(warehouse.CachePath, pipeline, options, time, Measure)
        {
            Workspace = new SpoolWorkspace(warehouse.StagingPath, SpoolSizes.Usual),
        };
        attempt.Stored = stored;
        if (await Unchanged(attempt, stored, listing, async () => Digests.OfOptions(pipeline, reference, (await clinicalRead.Value).Table)) is RunReport same)
            return await WithCopy(same, warehouse, progress, token);
        if (!options.AcceptShrink) RequireFolders(listing, await Previous(warehouse, warehouse.Parent, token));

        TakeOver(attempt, warehouse, progress, token);
        progress?.Report(new RunStep.Listed(listing.Scans.Count));
        ConcurrentBag<string> notMeasured = [];
        ScanResult NotMeasured(ScanFiles scan)
        {
            notMeasured.Add(scan.Key.Text);
            return new ScanResult(scan.ToFailedRow(), [], []);
        }
        Func<ScanFiles, CancellationToken, ScanResult> take = (scan, stop) => stored.Stored(scan, stop) ?? NotMeasured(scan);
        ScanSchedule schedule = new(options.MeasuredOnly ? take : stored.Measure, retry, time, attempt.Log);
        if (options.Scan is not null)
        {
            ScanFiles[] part = [.. listing.Scans.Where(options.IsAbout)];
            if (part.Length == 0) throw new RunStoppedException(ExitCode.Configuration, $"no scan matches '{options.Scan}'; `plan` tells what there is");
            int missing = listing.Scans.Count(scan => !options.IsAbout(scan) && stored.Ahead(scan).Work == ScanWork.Measure);
            if (missing > 0)
            {
                int failed = 0;
                await Measured(schedule, stored, part, (_, result) =>
                {
                    if (result.Scan.Status == ScanStatus.Failed) Interlocked.Increment(ref failed);
                }, (progress, token));
                return attempt.OfPart(part.Length, failed, missing);
            }
        }
        ResultPlaces places = ResultPlaces.Of(listing);
        ScanSpool results = attempt.Results = new(warehouse.StagingPath, places.Count);
        for (int at = 0; at < places.Excluded.Length; at++) results.Put(places.Excluded[at], listing.Excluded[at]);
        await Measured(schedule, stored, listing.Scans, (at, result) => results.Put(places.Scans[at], result), (progress, token));
        if (!notMeasured.IsEmpty) throw Unmeasured([.. notMeasured.Order(StringComparer.Ordinal)]);
        ClinicalInput clinical = await clinicalRead.Value;

        for (int overtaken = 0; ; overtaken++)
        {
            progress?.Report(new RunStep.Phase("making tables"));
            long parent = warehouse.Parent;
            Proof proof = attempt.Proof = warehouse.Account(attempt.Proof!);
            PreviousRows? previous = await Previous(warehouse, parent, token);
            Finding[] others = [.. listing.Findings, .. clinical.Findings, .. stored.Damage, .. proof.Unmended.Select(Mended)];
            using ResultsSeen seen = new(listing);
            StreamedTables tables = attempt.Tables = new StreamedTables(results, new CohortInput
            {
                Others = others,
                Reference = reference.Figures,
                Unread = listing.UnreadScans,
                Clinical = clinical.Table,
                Previous = previous is null ? null : (previous.Scans, previous.LabelStatistics),
                Workspace = new SpoolWorkspace(warehouse.StagingPath, SpoolSizes.Usual),
                Each = seen.Add,
            });
            RequireConservation(attempt, seen);
            AskGate(tables.Gate, seen);

            progress?.Report(new RunStep.Phase("publishing"));
            PublishRequest request = new()
            {
                Tables = tables.Small,
                Pieces = tables.Pieces(),
                RunId = attempt.RunId,
                RunKey = options.RunKey,
                InputDigest = seen.Digest(),
                OptionsDigest = Digests.OfOptions(pipeline, reference, clinical.Table),
                ScansFound = attempt.Found,
                BasedOn = parent,
                Mends = proof.Unmended,
                EvenIfUnchanged = options.Full,
                Attribution = Attribution(seen),
                AuditPage = () => AuditDocument.Render(new AuditView(tables.Tally, tables.Levels)
                {
                    LabelStatistics = tables.Small.LabelStatistics, Reference = reference.Figures, Report = tables.Audit, Drift = tables.Drift,
                }),
            };
            PublishOutcome outcome = await warehouse.Publish(request, token);
            // a run by hand starts again from what it has measured; a scheduled one leaves the night to the other
            if (outcome.Ending != PublishEnding.Overtaken || options.RunKey is not null || overtaken == MostOvertaken)
            {
                if (outcome.Ending == PublishEnding.Published) Prune(stored, warehouse, attempt, token);
                attempt.Proof = warehouse.Account(proof);
                RunReport report = attempt.Ended(outcome);
                if (outcome.Ending is PublishEnding.Published or PublishEnding.Unchanged) Keep(attempt, report, request);
                return await WithCopy(report, warehouse, progress, token);
            }
        }
    }

    private async Task<RunReport> WithCopy(RunReport report, Warehouse warehouse, IProgress<RunStep>? progress, CancellationToken token)
    {
        if (pipeline.Load.PublishTo is not null) progress?.Report(new RunStep.Phase("copying to the object store"));
        return await DestinationCopy.Of(warehouse, pipeline.Load, token) is DestinationCopy copy ? report.With(copy) : report;
    }

    private void TakeOver(Attempt attempt, Warehouse warehouse, IProgress<RunStep>? progress, CancellationToken token)
    {
        if (options.From.Count > 0) progress?.Report(new RunStep.Phase("taking over results"));
        foreach (string folder in options.From)
        {
            CacheMerge merge = StoredResults.TakeOver(warehouse.CachePath, folder, token);
            attempt.Log.Information("Took {Results} results over from {Folder}", merge.Taken, folder);
            foreach (string damaged in merge.Damaged) attempt.Log.Warning("A result in {Folder} is damaged and was left: {Key}", folder, damaged);
        }
    }

    private static RunStoppedException Unmeasured(string[] scans) => new(ExitCode.Breaker,
    [
        Invariant($"{scans.Length} {(scans.Length == 1 ? "scan has" : "scans have")} no stored result; `measure` them, then run again"),
        .. scans.Take(MostNamed).Select(scan => $"not measured: {scan}"),
        .. scans.Length > MostNamed ? [Invariant($"and {scans.Length - MostNamed} more; `plan --json-lines` names them all")] : Array.Empty<string>(),
    ])
    { NotMeasured = scans };

    private async Task<Warehouse> Open(Attempt attempt, IProgress<RunStep>? progress, CancellationToken token)
    {
        progress?.Report(new RunStep.Phase("proving what is published"));
        Warehouse warehouse = attempt.Warehouse = Warehouse.Open(pipeline.Load.Path, new WarehouseOptions
        {
            SourcePath = pipeline.Source.Folder,
            KeepNewest = pipeline.Load.KeepSnapshots,
            KeepYoungerThan = TimeSpan.FromDays(pipeline.Load.KeepDays),
            Delta = pipeline.Load.Delta,
            DeltaChangeFeed = pipeline.Load.DeltaChangeFeed,
            Time = time,
            CodeVersion = BuildVersion.Text,
        });
        attempt.Proof = await warehouse.Prove(everything: options.Verify, token);
        foreach (DamagedFile damaged in attempt.Proof.Unmended) attempt.Log.Warning("Damaged: {Damaged}", damaged.ToString());
        return warehouse;
    }

    private static Finding Mended(DamagedFile damaged) =>
        Finding.Of(Faults.SnapshotMended, new(Path: damaged.Path, Field: Invariant($"snapshot {damaged.Sequence}")), damaged.Fault);

    private static void Prune(StoredResults stored, Warehouse warehouse, Attempt attempt, CancellationToken token)
    {
        try
        {
            stored.Prune();
            stored.PrunePictures(() => warehouse.Snapshots().SelectMany(snapshot => Warehouse.PicturesOf(snapshot, token)));
        }
        catch (WarehouseDamagedException damaged)
        {
            attempt.Log.Warning("Pictures are kept while a snapshot is damaged: {Reason}", damaged.Message);
        }
        catch (StorageException storage)
        {
            attempt.Log.Warning("The scan cache could not be pruned: {Reason}", storage.Message);
        }
    }

    private async Task Measured(ScanSchedule schedule, StoredResults stored,
        IReadOnlyList<ScanFiles> scans, Action<int, ScanResult> done, (IProgress<RunStep>? Progress, CancellationToken Token) watch)
    {
        bool whole = false;
        try
        {
            await schedule.Measure(scans, pipeline.Workers, done, watch.Progress, watch.Token);
            whole = true;
        }
        finally
        {
            // also when stopped: the next run goes on from here
            stored.Save(whole);
        }
    }

    private async Task<TreeListing> List(Attempt attempt, CancellationToken token)
    {
        try
        {
            ScanRetry retry = new(time, (error, number) => attempt.Log.Warning("Listing, try {Try} failed: {Kind}", number, error.GetType().Name));
            TreeListing listing = await SourceListing.Walk(pipeline.Source.At(time.GetUtcNow()), attempt.Warehouse?.StagingPath, retry, token);
            attempt.Listed = listing.Findings;
            string[] missing = [.. listing.Findings.Where(IsMissingFolder).Select(finding => $"{finding.Code} {finding.Message}")];
            if (missing.Length > 0 && !options.AcceptShrink) throw new RunStoppedException(ExitCode.SourceUnavailable, missing);
            return listing;
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw new RunStoppedException(ExitCode.SourceUnavailable, $"the source cannot be listed: {error.Message}");
        }
    }

    private static bool IsMissingFolder(Finding finding) => finding.Code == Faults.TreeFolderMissing.Code && finding.Severity == Severity.Error;

    private async Task<PreviousRows?> Previous(Warehouse warehouse, long parent, CancellationToken token)
    {
        try
        {
            return await PreviousRows.UpTo(warehouse, parent, evenIfUnmended: true, token);
        }
        catch (RunStoppedException) when (options.AcceptShrink)
        {
            return null;
        }
    }

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

    // a generated dataset, or one whose owner claims a licence of their own, is nobody's to cite
    private SourceAttribution? Attribution(ResultsSeen seen) =>
        !pipeline.Source.IsSample && pipeline.Source.Tree.Licence is null && seen.AnyEdition
            ? SourceAttribution.Verse
            : null;
}
