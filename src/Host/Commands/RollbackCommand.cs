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
        return choice.Command(setup.Acting(command), context => GoBack(context, context.Snapshot(context.Command.Required(sequence)).Sequence));
    }

    public static Command Release(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Command command = new("release", "End the hold that `rollback` set: scheduled runs publish again") { choice.Pipeline, choice.Folder };
        return choice.Command(setup.Acting(command), context =>
        {
            bool held = Warehouse.Open(context.Destination.Path).Release();
            return context.Reply.With(new { Released = held }, [held ? "released: scheduled runs publish again" : "there was no hold"]);
        });
    }

    private static async Task<int> GoBack(WarehouseContext context, long sequence)
    {
        Rollback rollback = new(context.Destination.Path, sequence, context.Command.Time);
        RunRecord run = await rollback.Execute(context.Token);
        DestinationCopy? copy = run.ExitCode == ExitCode.Done
            ? await DestinationCopy.Of(Warehouse.Open(context.Destination.Path), context.Destination, context.Token) : null;
        return context.Reply.With(new { RolledBackTo = sequence, Sequence = run.CurrentSequence, run.RunId },
            copy is null ? [run.Message!] : [run.Message!, copy.Line()], Math.Max(run.ExitCode!.Value, copy?.ExitCode ?? ExitCode.Done));
    }
}
