using Serilog;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Spools;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>How far one run has come; makes its report wherever it ends and writes it into the warehouse's ledger.</summary>
internal sealed class Attempt(Pipeline pipeline, RunOptions options, string runId, TimeProvider time, ILogger log) : IDisposable
{
    private const string AuditCodes = "AUD_";

    private static readonly PublishedTables Nothing =
        new() { Scans = [], Vertebrae = [], Pairs = [], Spines = [], LabelStatistics = [], DatasetStatistics = [], Findings = [], Audit = [] };

    private readonly DateTimeOffset _startedUtc = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _doneLock = new();
    private readonly CohortTally _done = new();
    private IFindingSorter? _noticed;
    private RunJournal? _journal;
    private bool _isKnown;

    public string RunId { get; } = runId;

    /// <summary>Names the run and the pipeline on every line.</summary>
    public ILogger Log { get; } = log.ForContext(nameof(RunId), runId).ForContext("Pipeline", pipeline.Name);

    /// <summary>Null until it is open; from then on other processes can look on.</summary>
    public Warehouse? Warehouse
    {
        get;
        set
        {
            field = value;
            _journal = value?.BeginJournal(RunId);
        }
    }

    /// <summary>What reading what is published has found; null until then.</summary>
    public Proof? Proof { get; set; }

    /// <inheritdoc cref="RunReport.FolderSetting"/>
    public IReadOnlyList<string> FolderSetting { get; set; } = [];

    /// <summary>What listing the source noticed.</summary>
    public IReadOnlyList<Finding> Listed
    {
        get;
        set
        {
            field = value;
            _done.Add(Nothing with { Findings = value });
        }
    } = [];

    /// <summary>Scans that the walk found.</summary>
    public int Found { get; set; }

    /// <summary>Null until scans are measured.</summary>
    public StoredResults? Stored { get; set; }

    /// <summary>Of all scans; null until they are measured.</summary>
    public ScanSpool? Results { get; set; }

    /// <summary>Null until the tables are put together.</summary>
    public StreamedTables? Tables
    {
        get;
        set
        {
            field?.Dispose();
            field = value;
        }
    }

    /// <summary>Hears what happens, for the ledger and for processes that look on, before whoever watches does.</summary>
    public IProgress<RunStep> Progress => field ??= new Steps(this, Watcher);

    /// <summary>Null where nobody watches.</summary>
    public IProgress<RunStep>? Watcher { get; init; }

    private bool TakesOnly => options.MeasuredOnly;

    public RunReport NotPublished(int exitCode, IReadOnlyList<string> reasons) =>
        Report(CodeWith(exitCode), RunEnding.NotPublished) with { Reasons = [.. Damage.Concat(reasons).Select(Finding.OneLine)] };

    /// <summary>Cut off, with what was measured until then.</summary>
    public RunReport Stopped() => NotPublished(ExitCode.Interrupted,
    [
        _done.Scans == 0 ? "stopped" : Invariant($"stopped: {_done.Scans} of {Found} scans are measured and kept; run again to go on"),
    ]) with
    { Ending = RunEnding.Stopped };

    /// <summary>A part was measured, and nothing can be published as others have no result.</summary>
    /// <param name="missing">Scans that have none.</param>
    public RunReport OfPart(int measured, int failed, int missing)
    {
        bool bad = options.FailOn != FailOn.Never && failed > 0;
        return Report(bad ? ExitCode.PublishedWithErrors : ExitCode.Done, RunEnding.Measured) with
        {
            Reasons =
            [
                Invariant($"nothing was published: {measured} scans are measured and kept, {missing} others have no result yet; run without --scan"),
            ],
        };
    }

    public RunReport Ended(PublishOutcome outcome)
    {
        (RunEnding ending, int code) = outcome.Ending switch
        {
            PublishEnding.Published => (RunEnding.Published, Judge()),
            PublishEnding.Unchanged => (RunEnding.Unchanged, Judge()),
            PublishEnding.AlreadyPublished => (RunEnding.AlreadyPublished, ExitCode.Done),
            PublishEnding.Held => (RunEnding.Held, ExitCode.Done),
            PublishEnding.Overtaken => (RunEnding.Overtaken, ExitCode.Overtaken),
            _ => throw new InvalidOperationException($"Unknown ending {outcome.Ending}."),
        };
        string[] reasons = outcome.Ending == PublishEnding.Held
            ? ["a rollback holds scheduled runs until `release`"] : outcome.Aftermath is string later ? [later] : [];
        if (outcome.Ending is not (PublishEnding.Published or PublishEnding.Unchanged)) (code, reasons) = (CodeWith(code), [.. Damage, .. reasons]);
        return Report(code, ending) with { Sequence = outcome.Current?.Sequence, Snapshot = outcome.Current?.Directory, Reasons = reasons };
    }

    /// <summary>Nothing changed, and what there is was reported before.</summary>
    public RunReport Ended(PublishOutcome unchanged, KnownReport known)
    {
        _isKnown = true;
        bool bad = options.FailOn != FailOn.Never && (known.ScansFailed > 0 || known.Findings.Any(IsBad));
        return known.In(Report(bad ? ExitCode.PublishedWithErrors : ExitCode.Done, RunEnding.Unchanged)) with
        {
            Sequence = unchanged.Current?.Sequence,
            Snapshot = unchanged.Current?.Directory,
            Reasons = unchanged.Aftermath is string later ? [later] : [],
        };
    }

    private bool IsBad(FindingCount finding) =>
        finding.Severity >= (options.FailOn == FailOn.Warning ? Severity.Warning : Severity.Error)
            && !finding.Code.StartsWith(AuditCodes, StringComparison.Ordinal);

    /// <summary>Writes into the ledger that the run goes on: what remains of one that is killed.</summary>
    public Task Begun()
    {
        _journal?.Write(new RunNote { Findings = Listed });
        return Write(Entry() with { ScansFound = Found }, []);
    }

    /// <summary>Nobody looks on any more: how the run ended stands in the ledger.</summary>
    public void Dispose()
    {
        _journal?.Dispose();
        Tables?.Dispose();
        Results?.Dispose();
        _noticed?.Dispose();
    }

    /// <summary>Writes how the run ended; a ledger that cannot be written does not change how the run ended.</summary>
    /// <returns>The report itself.</returns>
    public async Task<RunReport> Recorded(RunReport report)
    {
        bool published = report.Ending == RunEnding.Published || report.Ending == RunEnding.Unchanged || report.Ending == RunEnding.AlreadyPublished;
        RunRecord entry = Entry() with
        {
            EndedUtc = time.GetUtcNow(),
            Outcome = report.Ending,
            ExitCode = report.ExitCode,
            Sequence = report.Ending == RunEnding.Published ? report.Sequence : null,
            CurrentSequence = report.Sequence,
            ScansFound = report.ScansFound,
            ScansOk = report.ScansOk,
            ScansWarning = report.ScansWarning,
            ScansFailed = report.ScansFailed,
            ScansExcluded = report.ScansExcluded,
            ScansMeasured = Tables is not null || _isKnown ? report.ScansFound - report.ScansExcluded - report.ScansFromCache
                : _done.Scans > 0 ? _done.Scans - report.ScansFromCache : null,
            Message = report.Reasons.Count == 0 ? null : string.Join("; ", report.Reasons),
        };
        await Write(entry, published ? [] : Unpublished());
        return report;
    }

    private RunRecord Entry() =>
        new() { RunId = RunId, RunKey = options.RunKey, By = options.By, Pipeline = pipeline.Name, StartedUtc = _startedUtc, Outcome = RunEnding.Unfinished };

    private async Task Write(RunRecord entry, IEnumerable<Finding> unpublished)
    {
        try
        {
            // a run that never came to open the warehouse makes none
            Warehouse? ledger = Warehouse ?? (Warehouse.Exists(pipeline.Load.Path) ? Warehouse.OpenForRecording(pipeline.Load.Path) : null);
            if (unpublished.Any() && ledger is not null) await ledger.Record(entry, unpublished);
            else ledger?.Record(entry);
        }
        catch (StorageException error)
        {
            Log.Warning("The ledger could not be written: {Reason}", error.Message);
        }
    }

    /// <summary>That readers are refused the current snapshot; none once it was published anew.</summary>
    private IEnumerable<string> Damage => Proof?.OfNewest.Select(damaged => $"{damaged}; not published anew") ?? [];

    /// <summary>A current snapshot that is damaged and was not mended is worse than any other reason not to publish.</summary>
    private int CodeWith(int exitCode) => exitCode != ExitCode.Interrupted && Proof?.OfNewest.Count > 0 ? ExitCode.Integrity : exitCode;

    private int Judge()
    {
        if (options.FailOn == FailOn.Never) return ExitCode.Done;
        Severity line = options.FailOn == FailOn.Warning ? Severity.Warning : Severity.Error;
        // what the audit says about published figures is the business of `audit`
        bool bad = Tally.Groups.Any(group => group.Severity >= line && !group.Code.StartsWith(AuditCodes, StringComparison.Ordinal))
            || Tally.Count(ScanStatus.Failed) > 0;
        return bad ? ExitCode.PublishedWithErrors : ExitCode.Done;
    }

    private RunReport Report(int exitCode, RunEnding ending) => new()
    {
        Pipeline = pipeline.Name,
        RunId = RunId,
        ExitCode = exitCode,
        Ending = ending,
        ScansFound = Found,
        ScansOk = Tally.Count(ScanStatus.Ok),
        ScansWarning = Tally.Count(ScanStatus.Warning),
        ScansFailed = Tally.Count(ScanStatus.Failed),
        ScansExcluded = Tally.Count(ScanStatus.Excluded),
        Failed = [.. Tally.Failed.Select(scan => new FailedEntry(scan.ScanKey, scan.Code))],
        ScansFromCache = Stored?.Taken ?? 0,
        ScansHashed = Stored?.Hashed ?? 0,
        BytesRead = Stored?.BytesRead ?? 0,
        Rows = Tables is null ? new Dictionary<string, int>() : new Dictionary<string, int>(
            Tables.Small.Clinical is ClinicalTable clinical ? [new(ClinicalSchema.Name, clinical.Rows.Count)] : [])
        {
            ["vertebrae"] = Tally.Vertebrae,
            ["scans"] = Tally.Scans,
            ["pairs"] = Tally.Pairs,
            ["spines"] = Tally.Spines,
            ["label_statistics"] = Tables.Small.LabelStatistics.Count,
            ["dataset_statistics"] = Tables.Small.DatasetStatistics.Count,
            ["findings"] = Tally.Findings,
            ["audit"] = Tables.Small.Audit.Count,
        },
        Findings = Tables is null && _done.Scans == 0 ? [] : FindingCount.Of(Tally),
        FolderSetting = FolderSetting,
        Warehouse = pipeline.Load.Path,
        Source = pipeline.Source.Path,
        ElapsedSeconds = time.GetElapsedTime(_started).TotalSeconds,
    };

    /// <summary>What the tables hold, or before there are any the scans that are done.</summary>
    private CohortTally Tally
    {
        get
        {
            try
            {
                return Tables?.Tally ?? _done;
            }
            catch (StorageException)
            {
                // what ended the run keeps the rows from being made
                return _done;
            }
        }
    }

    /// <summary>What was noticed, in key order.</summary>
    private IEnumerable<Finding> Unpublished()
    {
        if (Tables is not null) return Tables.Findings();
        IFindingSorter all = _noticed ?? new MemoryWorkspace().Findings();
        foreach (Finding finding in Listed) all.Add(finding);
        return all.InKeyOrder();
    }

    private sealed class Steps(Attempt attempt, IProgress<RunStep>? watcher) : IProgress<RunStep>
    {
        public void Report(RunStep value)
        {
            // where nothing is measured, scans without a result are not what happened to them
            if (value is RunStep.Measured { Result: ScanResult result } && !attempt.TakesOnly)
            {
                lock (attempt._doneLock)
                {
                    attempt._done.Add(Nothing with { Scans = [result.Scan], Vertebrae = result.Vertebrae, Findings = result.Findings });
                    attempt._noticed ??= new SpoolWorkspace(attempt.Warehouse!.StagingPath, SpoolSizes.Usual).Findings();
                    foreach (Finding finding in result.Findings) attempt._noticed.Add(finding);
                }
                attempt._journal?.Write(new RunNote { ScanKey = result.Scan.ScanKey, Status = result.Scan.Status, Findings = result.Findings });
            }
            else if (value is RunStep.Listed listed) attempt._journal?.Write(new RunNote { Scans = listed.Scans });
            else if (value is RunStep.Phase phase) attempt._journal?.Write(new RunNote { Phase = phase.Text });
            watcher?.Report(value);
        }
    }
}
