using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Flow;

/// <summary>An older snapshot of a warehouse published again, with its entry in the ledger.</summary>
internal sealed class Rollback(string warehouse, long sequence, TimeProvider time)
{
    /// <summary>Whose ledger it stands in; null where the warehouse alone was named.</summary>
    public string? Pipeline { get; init; }

    public string RunId { get; init; } = Flow.RunId.New(time);

    /// <summary>Account that asked for it on the page.</summary>
    public string? By { get; init; }

    /// <summary>Why, in the words of who asked.</summary>
    public string? Reason { get; init; }

    /// <returns>What the ledger says, the message always.</returns>
    /// <exception cref="ArgumentException">There is no such snapshot (any more).</exception>
    /// <exception cref="WarehouseDamagedException">It is damaged; nothing was published and nothing is held.</exception>
    /// <exception cref="Load.Storage.StorageException">The warehouse's storage failed.</exception>
    public async Task<RunRecord> Execute(CancellationToken token)
    {
        DateTimeOffset started = time.GetUtcNow();
        // whoever goes back wants nothing removed at that moment
        WarehouseOptions options = new() { KeepNewest = int.MaxValue, Time = time, CodeVersion = BuildVersion.Text };
        Warehouse opened = Warehouse.Open(warehouse, options);
        PublishOutcome outcome = await opened.Rollback(sequence, RunId, Reason, token);
        bool done = outcome.Ending == PublishEnding.Published;
        string why = Reason is null ? "" : $": {Reason}";
        RunRecord run = new()
        {
            RunId = RunId,
            Pipeline = Pipeline,
            By = By,
            StartedUtc = started,
            EndedUtc = time.GetUtcNow(),
            Outcome = done ? RunEnding.RolledBack : RunEnding.Overtaken,
            ExitCode = done ? ExitCode.Done : ExitCode.Overtaken,
            Sequence = done ? outcome.Current?.Sequence : null,
            CurrentSequence = outcome.Current?.Sequence,
            Message = done
                ? Invariant($"snapshot {outcome.Current?.Sequence} is current, with the content of {sequence}{why}; scheduled runs skip until `release`")
                : "not rolled back: other writers kept publishing; scheduled runs are held, try again",
        };
        opened.Record(run);
        return run;
    }
}
