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
    private const int MostOvertaken = 10;

    /// <summary>Measures one scan; tests put a failing one in its place.</summary>
    public Func<ScanFiles, ReadingLimits, CancellationToken, ScanResult> Measure { get; init; } = new ScanMeasuring().Measure;

    /// <summary>Its name in the ledger; null takes a new one.</summary>
    public string? RunId { get; init; }

    /// <summary>Who ended the run on purpose; null, as long as nobody did.</summary>
    public Func<string?> CancelledBy { get; init; } = () => null;

    /// <exception cref="RunInterruptedException">Stopped before the commit; nothing was published.</exception>
    public async Task<RunReport> Execute(IProgress<RunStep>? progress, CancellationToken token)
    {
        using Attempt attempt = new(pipeline, options, RunId ?? Flow.RunId.New(time), time, log) { Watcher = progress };
        RunReport report = await Guarded(attempt, token);
        bool published = report.ExitCode is ExitCode.Done or ExitCode.PublishedWithErrors;
        attempt.Log.Write(published ? LogEventLevel.Information : LogEventLevel.Warning,
            "Run {Ending} with code {ExitCode}: {Scans} scans, {Failed} failed, snapshot {Sequence}, {ElapsedMs} ms; {Reasons}",
            report.Ending, report.ExitCode, report.ScansFound, report.ScansFailed, report.Sequence, (long)(report.ElapsedSeconds * 1000), report.Reasons);
        return report;
    }

    private async Task<RunReport> Guarded(Attempt attempt, CancellationToken token)
    {
        try
        {
            return await attempt.Recorded(await Run(attempt, token));
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

    private async Task<RunReport> Run(Attempt attempt, CancellationToken token)
    {
        AuditReference reference = AuditReference.Load(pipeline.Reference);
        // what is published is read also on a night on which the source is away
        if (Warehouse.Exists(pipeline.Load.Path)) await Open(attempt, token);
        SourceListing.MakeSample(pipeline, attempt.Progress, token);
        attempt.Progress.Report(new RunStep.Phase("listing scans"));
        TreeListing listing = await List(attempt, token);
        attempt.Found = listing.Count;
        attempt.FolderSetting = FolderSetting.Lines(listing.Folders, listing.Unread);
        // before the first scan is read: a warehouse that cannot be written should not be found out after an hour
        Warehouse warehouse = attempt.Warehouse ?? await Open(attempt, token);
        await attempt.Begun();
        ScanRetry retry = new(time, (error, number) => attempt.Log.Warning("Try {Try} failed: {Kind}", number, error.GetType().Name));
        Lazy<Task<ClinicalInput>> clinical = new(() => ClinicalInput.Read(pipeline.Source.Clinical, listing.Scans, retry, token));
        using StoredResults stored = new(warehouse.CachePath, pipeline, options, time, Measure)
        {
            OfUse = new ResultsOfUse(new SpoolWorkspace(warehouse.StagingPath, SpoolSizes.Usual)),
        };
        attempt.Stored = stored;
        if (await Unchanged(attempt, listing, async () => Digests.OfOptions(pipeline, reference, (await clinical.Value).Table)) is RunReport same)
            return await WithCopy(same, attempt, token);
        if (!options.AcceptShrink) RequireFolders(listing, await Previous(warehouse, warehouse.Parent, token));

        TakeOver(attempt, warehouse, token);
        attempt.Progress.Report(new RunStep.Listed(listing.Scans.Count));
        if (await PartAlone(attempt, listing, retry, token) is RunReport part) return part;
        await MeasureAll(attempt, listing, retry, token);
        return await WithCopy(await Publish(attempt, new RunInputs(listing, reference, await clinical.Value), token), attempt, token);
    }

    /// <summary>Measures the scans that the run is about, where others have no result yet.</summary>
    /// <returns>Null where all scans are to be gone through.</returns>
    private async Task<RunReport?> PartAlone(Attempt attempt, TreeListing listing, ScanRetry retry, CancellationToken token)
    {
        if (options.Scan is null) return null;
        StoredResults stored = attempt.Stored!;
        ScanFiles[] part = [.. listing.Scans.Where(options.IsAbout)];
        if (part.Length == 0) throw new RunStoppedException(ExitCode.Configuration, $"no scan matches '{options.Scan}'; `plan` tells what there is");
        int missing = listing.Scans.Count(scan => !options.IsAbout(scan) && stored.Ahead(scan).Work == ScanWork.Measure);
        if (missing == 0) return null;
        int failed = 0;
        ConcurrentBag<string> notMeasured = [];
        await GoThrough(attempt, part, Schedule(attempt, retry, notMeasured), (_, result) =>
        {
            if (result.Scan.Status == ScanStatus.Failed) Interlocked.Increment(ref failed);
        }, token);
        return attempt.OfPart(part.Length, failed, missing);
    }

    /// <summary>Puts a result of every scan into <see cref="Attempt.Results"/>.</summary>
    private async Task MeasureAll(Attempt attempt, TreeListing listing, ScanRetry retry, CancellationToken token)
    {
        ResultPlaces places = ResultPlaces.Of(listing);
        ScanSpool results = attempt.Results = new(attempt.Warehouse!.StagingPath, places.Count);
        for (int at = 0; at < places.Excluded.Length; at++) results.Put(places.Excluded[at], listing.Excluded[at]);
        ConcurrentBag<string> notMeasured = [];
        await GoThrough(attempt, listing.Scans, Schedule(attempt, retry, notMeasured), (at, result) => results.Put(places.Scans[at], result), token);
        if (!notMeasured.IsEmpty) throw Unmeasured([.. notMeasured.Order(StringComparer.Ordinal)]);
    }

    /// <param name="notMeasured">Gets the keys of scans that a run which only takes results has none of.</param>
    private ScanSchedule Schedule(Attempt attempt, ScanRetry retry, ConcurrentBag<string> notMeasured)
    {
        StoredResults stored = attempt.Stored!;
        ScanResult NotMeasured(ScanFiles scan)
        {
            notMeasured.Add(scan.Key.Text);
            return new ScanResult(scan.ToFailedRow(), [], []);
        }
        Func<ScanFiles, CancellationToken, ScanResult> take = (scan, stop) => stored.Stored(scan, stop) ?? NotMeasured(scan);
        return new ScanSchedule(options.MeasuredOnly ? take : stored.Measure, retry, time, attempt.Log);
    }

    /// <summary>Makes the tables of the results and publishes them; once more where another run was faster, if nobody waits for this very night.</summary>
    private async Task<RunReport> Publish(Attempt attempt, RunInputs inputs, CancellationToken token)
    {
        Warehouse warehouse = attempt.Warehouse!;
        for (int overtaken = 0; ; overtaken++)
        {
            attempt.Progress.Report(new RunStep.Phase("making tables"));
            long parent = warehouse.Parent;
            Proof proof = attempt.Proof = warehouse.Account(attempt.Proof!);
            using ResultsSeen seen = new(inputs.Listing);
            StreamedTables tables = attempt.Tables = Tables(attempt, inputs, await Previous(warehouse, parent, token), seen);
            RequireConservation(attempt, seen);
            AskGate(tables.Gate, seen);

            attempt.Progress.Report(new RunStep.Phase("publishing"));
            PublishRequest request = new()
            {
                Tables = tables.Small,
                Pieces = tables.Pieces(),
                RunId = attempt.RunId,
                RunKey = options.RunKey,
                InputDigest = seen.Digest(),
                OptionsDigest = Digests.OfOptions(pipeline, inputs.Reference, inputs.Clinical.Table),
                ScansFound = attempt.Found,
                BasedOn = parent,
                Mends = proof.Unmended,
                EvenIfUnchanged = options.Full,
                Attribution = Attribution(seen),
                AuditPage = () => AuditDocument.Render(new AuditView(tables.Tally, tables.Levels)
                {
                    LabelStatistics = tables.Small.LabelStatistics, Reference = inputs.Reference.Figures, Report = tables.Audit, Drift = tables.Drift,
                }),
            };
            PublishOutcome outcome = await warehouse.Publish(request, token);
            // a run by hand starts again from what it has measured; a scheduled one leaves the night to the other
            if (outcome.Ending == PublishEnding.Overtaken && options.RunKey is null && overtaken < MostOvertaken) continue;
            if (outcome.Ending == PublishEnding.Published) Prune(attempt, token);
            attempt.Proof = warehouse.Account(proof);
            RunReport report = attempt.Ended(outcome);
            if (outcome.Ending is PublishEnding.Published or PublishEnding.Unchanged) Keep(attempt, report, request);
            return report;
        }
    }

    private static StreamedTables Tables(Attempt attempt, RunInputs inputs, PreviousRows? previous, ResultsSeen seen) => new(attempt.Results!, new CohortInput
    {
        Others = [.. inputs.Listing.Findings, .. inputs.Clinical.Findings, .. attempt.Stored!.Damage, .. attempt.Proof!.Unmended.Select(Mended)],
        Reference = inputs.Reference.Figures,
        Unread = inputs.Listing.UnreadScans,
        Clinical = inputs.Clinical.Table,
        Previous = previous is null ? null : (previous.Scans, previous.LabelStatistics),
        Workspace = new SpoolWorkspace(attempt.Warehouse!.StagingPath, SpoolSizes.Usual),
        Each = seen.Add,
    });

    private async Task<RunReport> WithCopy(RunReport report, Attempt attempt, CancellationToken token)
    {
        if (pipeline.Load.PublishTo is not null) attempt.Progress.Report(new RunStep.Phase("copying to the object store"));
        return await DestinationCopy.Of(attempt.Warehouse!, pipeline.Load, token) is DestinationCopy copy ? report.With(copy) : report;
    }

    private void TakeOver(Attempt attempt, Warehouse warehouse, CancellationToken token)
    {
        if (options.From.Count > 0) attempt.Progress.Report(new RunStep.Phase("taking over results"));
        foreach (string folder in options.From)
        {
            CacheMerge merge = StoredResults.TakeOver(warehouse.CachePath, folder, token);
            attempt.Log.Information("Took {Results} results over from {Folder}", merge.Taken, folder);
            foreach (string damaged in merge.Damaged) attempt.Log.Warning("A result in {Folder} is damaged and was left: {Key}", folder, damaged);
        }
    }

    private async Task<Warehouse> Open(Attempt attempt, CancellationToken token)
    {
        attempt.Progress.Report(new RunStep.Phase("proving what is published"));
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

    private static void Prune(Attempt attempt, CancellationToken token)
    {
        Warehouse warehouse = attempt.Warehouse!;
        try
        {
            attempt.Stored!.Prune(() => warehouse.Snapshots().SelectMany(snapshot => Warehouse.PicturesOf(snapshot, token)));
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

    private async Task GoThrough(Attempt attempt, IReadOnlyList<ScanFiles> scans, ScanSchedule schedule, Action<int, ScanResult> done, CancellationToken token)
    {
        bool whole = false;
        try
        {
            await schedule.Measure(scans, pipeline.Workers, done, attempt.Progress, token);
            whole = true;
        }
        finally
        {
            // also when stopped: the next run goes on from here
            attempt.Stored!.Save(whole);
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

    // a generated dataset, or one whose owner claims a licence of their own, is nobody's to cite
    private SourceAttribution? Attribution(ResultsSeen seen) =>
        !pipeline.Source.IsSample && pipeline.Source.Tree.Licence is null && seen.AnyEdition
            ? SourceAttribution.Verse
            : null;

    /// <summary>What the tables of a run are made from beside the results of its scans.</summary>
    private sealed record RunInputs(TreeListing Listing, AuditReference Reference, ClinicalInput Clinical);
}
