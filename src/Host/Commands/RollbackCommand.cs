using System.CommandLine;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`rollback` and `release`: an older snapshot published again, and scheduled runs let on afterwards.</summary>
internal static class RollbackCommand
{
    public static Command Rollback(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<string> sequence = new("snapshot") { HelpName = "snapshot", Description = $"To go back to: {SnapshotReference.Forms}" };
        sequence.CompletionSources.Add(_ => setup.SnapshotNames());
        Command command = new("rollback", "Publish an older snapshot again and hold scheduled runs until `release`")
        {
            sequence, choice.Pipeline, choice.Folder,
        };
        return choice.Command(command, context => GoBack(context, context.Snapshot(context.Command.Required(sequence)).Sequence));
    }

    public static Command Release(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Command command = new("release", "End the hold that `rollback` set: scheduled runs publish again") { choice.Pipeline, choice.Folder };
        return choice.Command(command, context =>
        {
            bool held = Warehouse.Open(context.Destination.Path).Release();
            return context.Reply.With(new { Released = held }, [held ? "released: scheduled runs publish again" : "there was no hold"]);
        });
    }

    private static async Task<int> GoBack(WarehouseContext context, long sequence)
    {
        TimeProvider time = context.Command.Time;
        DateTimeOffset started = time.GetUtcNow();
        // whoever goes back wants nothing removed at that moment
        WarehouseOptions options = new() { KeepNewest = int.MaxValue, Time = time, CodeVersion = BuildVersion.Text };
        Warehouse warehouse = Warehouse.Open(context.Destination.Path, options);
        string runId = RunId.New(time);
        PublishOutcome outcome = await warehouse.Rollback(sequence, runId, context.Token);
        bool done = outcome.Ending == PublishEnding.Published;
        int code = done ? ExitCode.Done : ExitCode.Overtaken;
        string line = done
            ? Invariant($"snapshot {outcome.Current?.Sequence} is current, with the content of {sequence}; scheduled runs skip until `release`")
            : "not rolled back: other writers kept publishing; scheduled runs are held, try again";
        warehouse.Record(new RunRecord
        {
            RunId = runId,
            StartedUtc = started,
            EndedUtc = time.GetUtcNow(),
            Outcome = done ? RunEnding.RolledBack : RunEnding.Overtaken,
            ExitCode = code,
            Sequence = done ? outcome.Current?.Sequence : null,
            Message = line,
        });
        return context.Reply.With(new { RolledBackTo = sequence, outcome.Current?.Sequence, RunId = runId }, [line], code);
    }
}
