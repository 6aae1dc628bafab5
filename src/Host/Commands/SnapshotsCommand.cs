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
            (IReadOnlyList<SnapshotEntry> entries, IReadOnlyList<DamagedFile> damaged) =
                await SnapshotEntry.Of(context.Warehouse, context.Command.Time.GetUtcNow(), context.Token);
            Hold? hold = null;
            try
            {
                hold = context.Warehouse.Hold;
            }
            catch (WarehouseDamagedException unreadable)
            {
                damaged = [.. damaged, .. unreadable.Damage];
            }
            int code = Code(damaged);
            IEnumerable<string> lines = entries.Count + damaged.Count == 0
                ? ["no snapshot yet"]
                : entries.Select(entry => entry.Line()).Concat(damaged.Select(Line));
            if (code != ExitCode.Done) lines = lines.Append(Advice);
            if (hold is not null)
                lines = lines.Append(Invariant($"held since {IsoTime.Minute(hold.SinceUtc)} ({hold.Reason}): scheduled runs skip until `release`"));
            return context.Reply.With(new { Warehouse = context.Warehouse.Root, Hold = hold, Snapshots = entries, Damaged = damaged }, lines, code);
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
            long[] present = [.. context.Warehouse.Snapshots().Select(snapshot => snapshot.Sequence).Where(at => only is null || at == only)];
            if (only is long missing && present.Length + damaged.Count == 0) throw new UsageException(NoSnapshot.With(missing));
            int code = Code(damaged), whole = present.Except(damaged.Select(file => file.Sequence)).Count();
            IEnumerable<string> lines = damaged.Select(Line).Append(code == ExitCode.Done ? Invariant($"{whole} whole") : Advice);
            return context.Reply.With(new { Warehouse = context.Warehouse.Root, Whole = code == ExitCode.Done, Damaged = damaged }, lines, code);
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

    private const string Advice = "`run` publishes the tables anew and accounts for what is damaged; `rollback` publishes an older snapshot that is whole";

    /// <summary>What a later commit accounts for is a known loss.</summary>
    private static int Code(IReadOnlyList<DamagedFile> damaged) => damaged.All(file => file.MendedBy is not null) ? ExitCode.Done : ExitCode.Integrity;

    private static string Line(DamagedFile file) =>
        Invariant($"{file}{(file.MendedBy is long by ? Invariant($" (lost; snapshot {by} was published for it)") : "")}");

    private static Option<int?> Number(string name, string description)
    {
        Option<int?> option = new(name) { HelpName = "n", Description = description + " [as the pipeline says]" };
        option.MustBe(value => ValueRules.WholeNumber(value, 0, MostKept) is not null, $"a whole number up to {MostKept}");
        return option;
    }
}
