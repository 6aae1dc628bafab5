using System.CommandLine;
using VerseEtl.Host.Display;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`snapshots`: what is published, whether it is whole, and what retention no longer covers.</summary>
internal static class SnapshotsCommand
{
    private const int MostKept = 100_000;

    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Command command = new("snapshots", "List, check and prune what is published") { choice.Pipeline, choice.Folder };
        command.Add(Verify(setup));
        command.Add(Prune(setup));
        return choice.Command(command, async context =>
        {
            IReadOnlyList<SnapshotEntry> entries = await SnapshotEntry.Of(context.Warehouse, context.Token);
            Hold? hold = context.Warehouse.Hold;
            IEnumerable<string> lines = entries.Count == 0 ? ["no snapshot yet"] : entries.Select(entry => entry.Line());
            if (hold is not null)
                lines = lines.Append(Invariant($"held since {hold.SinceUtc:yyyy-MM-dd HH:mm} UTC ({hold.Reason}): scheduled runs skip until `release`"));
            return context.Reply.With(new { Warehouse = context.Warehouse.Root, Hold = hold, Snapshots = entries }, lines);
        });
    }

    private static Command Verify(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Option<long?> sequence = new("--sequence") { HelpName = "n", Description = "Only this snapshot [all]" };
        Command command = new("verify", "Hash every published file again; ends with 50 where one is damaged") { choice.Pipeline, choice.Folder, sequence };
        return choice.Command(command, async context =>
        {
            long? only = context.Command.Value(sequence);
            IReadOnlyList<DamagedFile> damaged = await context.Warehouse.Verify(only, context.Token);
            int whole = context.Warehouse.Snapshots().Count(snapshot => only is null || snapshot.Sequence == only);
            if (only is long missing && whole + damaged.Count == 0) throw new UsageException(NoSnapshot.With(missing));
            IEnumerable<string> lines = damaged.Select(file => Invariant($"snapshot {file.Sequence} {file.Path}: {file.Fault}")).Append(damaged.Count > 0
                ? Invariant($"{damaged.Count} damaged; `rollback` publishes an older snapshot, a `run --full` makes a new one")
                : Invariant($"{whole} whole"));
            object answer = new { Warehouse = context.Warehouse.Root, Whole = damaged.Count == 0, Damaged = damaged };
            return context.Reply.With(answer, lines, damaged.Count > 0 ? ExitCode.Integrity : ExitCode.Done);
        });
    }

    private static Command Prune(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Option<int?> snapshots = Number("--keep-snapshots", "Newest snapshots that stay"), days = Number("--keep-days", "Days for which every snapshot stays");
        Command command = new("prune", "Remove snapshots that retention no longer covers") { choice.Pipeline, choice.Folder, snapshots, days };
        return choice.Command(command, context =>
        {
            Warehouse warehouse = Warehouse.Open(context.Destination.Path, new WarehouseOptions
            {
                KeepNewest = context.Command.Value(snapshots) ?? context.Destination.KeepSnapshots,
                KeepYoungerThan = TimeSpan.FromDays(context.Command.Value(days) ?? context.Destination.KeepDays),
                Time = context.Command.Time,
            });
            IReadOnlyList<long> gone = warehouse.Prune();
            string line = gone.Count == 0 ? "nothing to remove" : Invariant($"removed {gone.Count}: {string.Join(", ", gone)}");
            return context.Reply.With(new { Warehouse = warehouse.Root, Removed = gone }, [line]);
        });
    }

    private static Option<int?> Number(string name, string description)
    {
        Option<int?> option = new(name) { HelpName = "n", Description = description + " [as the pipeline says]" };
        option.MustBe(value => ValueRules.WholeNumber(value, 0, MostKept) is not null, $"a whole number up to {MostKept}");
        return option;
    }
}
