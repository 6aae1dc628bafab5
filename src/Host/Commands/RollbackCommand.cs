using System.CommandLine;
using System.Globalization;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`rollback` and `release`: an older snapshot published again, and scheduled runs let on afterwards.</summary>
internal static class RollbackCommand
{
    public static Command Rollback(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Argument<long> sequence = new("sequence") { HelpName = "sequence", Description = "Of the snapshot to go back to" };
        Command command = new("rollback", "Publish an older snapshot again and hold scheduled runs until `release`") { sequence, choice.Name, choice.Folder };
        command.SetAction((parsed, token) => choice.Use(parsed, (destination, json) => GoBack(choice, destination, parsed.GetValue(sequence), json, time, token)));
        return command;
    }

    public static Command Release(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Command command = new("release", "End the hold that `rollback` set: scheduled runs publish again") { choice.Name, choice.Folder };
        command.SetAction((parsed, _) => choice.Use(parsed, (destination, json) =>
        {
            Warehouse.OpenForReading(destination.Path);
            bool held = Warehouse.Open(destination.Path).Release();
            return Task.FromResult(choice.Answer(json, ExitCode.Done, new { ExitCode = ExitCode.Done, Released = held }, [held ? "released: scheduled runs publish again" : "there was no hold"]));
        }));
        return command;
    }

    private static async Task<int> GoBack(WarehouseChoice choice, Destination destination, long sequence, bool json, TimeProvider time, CancellationToken token)
    {
        Warehouse reading = Warehouse.OpenForReading(destination.Path);
        if (reading.Find(sequence) is null) return choice.Unknown(json, Invariant($"there is no snapshot {sequence}; `snapshots` lists them"));
        DateTimeOffset started = time.GetUtcNow();
        // whoever goes back wants nothing removed at that moment
        Warehouse warehouse = Warehouse.Open(destination.Path, new WarehouseOptions { KeepNewest = int.MaxValue, Time = time, CodeVersion = PipelineRun.CodeVersion });
        string runId = RunId.New(time);
        PublishOutcome outcome = await warehouse.Rollback(sequence, runId, token);
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
        return choice.Answer(json, code, new { ExitCode = code, RolledBackTo = sequence, Sequence = outcome.Current?.Sequence, RunId = runId }, [line]);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
