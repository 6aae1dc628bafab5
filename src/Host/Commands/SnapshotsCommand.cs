using System.CommandLine;
using System.Globalization;
using VerseEtl.Host.Display;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`snapshots`: what is published, whether it is whole, and what retention no longer covers.</summary>
internal static class SnapshotsCommand
{
    private const int MostKept = 100_000;

    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Command command = new("snapshots", "List what is published, the newest first; check, prune and name it") { choice.Pipeline, choice.Folder };
        command.Add(Verify(setup));
        command.Add(Prune(setup));
        command.Add(Copy(setup));
        command.Add(Tag(setup));
        command.Add(Untag(setup));
        return choice.CommandOfEach(command, List, new EachOptions());
    }

    private static async Task<Told> List(WarehouseContext context)
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
        return new Told(new { Warehouse = context.Warehouse.Root, Hold = hold, Snapshots = entries, Damaged = damaged }, lines, code);
    }

    private static Command Verify(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Option<string> sequence = new("--sequence", "--snapshot") { HelpName = "snapshot", Description = $"Only this one: {SnapshotReference.Forms} [all]" };
        Command command = new("verify", "Hash every published file again; ends with 50 where one is damaged") { choice.Pipeline, choice.Folder, sequence };
        return choice.Command(command, async context =>
        {
            // a damaged one is what is asked about: by its number it is not looked up first
            string? which = context.Command.Value(sequence);
            long? only = which is null ? null
                : long.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : context.Snapshot(which).Sequence;
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
        Option<int?> snapshots = Number("--keep-snapshots", "Newest snapshots that stay", 2),
            days = Number("--keep-days", "Days for which every snapshot stays", 1);
        Option<bool> dry = new("--dry-run") { Description = "Only tell what would go" };
        Command command = new("prune", "Remove snapshots that retention no longer covers") { choice.Pipeline, choice.Folder, snapshots, days, dry };
        return choice.Command(setup.Acting(command), context =>
        {
            Warehouse warehouse = Warehouse.Open(context.Destination.Path, new WarehouseOptions
            {
                KeepNewest = context.Command.Value(snapshots) ?? context.Destination.KeepSnapshots,
                KeepYoungerThan = TimeSpan.FromDays(context.Command.Value(days) ?? context.Destination.KeepDays),
                Time = context.Command.Time,
            });
            bool only = context.Command.Value(dry);
            IReadOnlyList<long> gone = only ? warehouse.WouldPrune() : warehouse.Prune();
            string line = gone.Count == 0 ? "nothing to remove" : Invariant($"{(only ? "would remove" : "removed")} {gone.Count}: {string.Join(", ", gone)}");
            return context.Reply.With(new { Warehouse = warehouse.Root, DryRun = only, Removed = gone }, [line]);
        });
    }

    private static Command Copy(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Command command = new("copy", "Put what is missing at load.publish_to, and remove there what is pruned here") { choice.Pipeline };
        return choice.Command(setup.Acting(command), async context =>
        {
            DestinationCopy copy = await DestinationCopy.Of(Warehouse.Open(context.Destination.Path), context.Destination, context.Token)
                ?? throw new UsageException("the pipeline names no load.publish_to");
            CopyOutcome? done = copy.Outcome;
            return context.Reply.With(new { done?.Place, done?.Objects, done?.Bytes, done?.Removed, copy.Trouble }, [copy.Line()], copy.ExitCode);
        });
    }

    private static Command Tag(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<string> name = new("name") { Description = "A letter, then letters, digits, '.', '_' and '-': paper-2026" };
        Argument<string> which = new("snapshot") { HelpName = "snapshot", Description = SnapshotReference.Forms };
        which.CompletionSources.Add(_ => setup.SnapshotNames());
        Command command = new("tag", "Give a snapshot a name: it is never pruned, and the name goes wherever a sequence does")
        {
            name, which, choice.Pipeline, choice.Folder,
        };
        return choice.Command(setup.Acting(command), context =>
        {
            long sequence = context.Snapshot(context.Command.Required(which)).Sequence;
            string wanted = context.Command.Required(name);
            try
            {
                if (!Warehouse.Open(context.Destination.Path).AddName(wanted, sequence))
                    throw new UsageException($"'{wanted}' is another snapshot's; `snapshots untag {wanted}` gives it up");
            }
            catch (ArgumentException refused)
            {
                throw new UsageException(refused.Message.Split(" (Parameter")[0]);
            }
            string path = Path.Join(context.Warehouse.Root, "names", wanted);
            return context.Reply.With(new { Name = wanted, Sequence = sequence, Path = path }, [Invariant($"snapshot {sequence} is {wanted}: {path}")]);
        });
    }

    private static Command Untag(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<string> name = new("name");
        Command command = new("untag", "Give a name up; a snapshot older than what retention keeps goes with its last name")
        {
            name, choice.Pipeline, choice.Folder,
        };
        return choice.Command(setup.Acting(command), context =>
        {
            string wanted = context.Command.Required(name);
            (long sequence, bool removed) = Warehouse.Open(context.Destination.Path).RemoveName(wanted)
                ?? throw new UsageException($"there is no name '{wanted}'; `snapshots` lists them");
            string line = Invariant($"snapshot {sequence} is no longer {wanted}{(removed ? ", and went with it: newer ones are pruned" : "")}");
            return context.Reply.With(new { Name = wanted, Sequence = sequence, Removed = removed }, [line]);
        });
    }

    private const string Advice = "`run` publishes the tables anew and accounts for what is damaged; `rollback` publishes an older snapshot that is whole";

    /// <summary>What a later commit accounts for is a known loss.</summary>
    private static int Code(IReadOnlyList<DamagedFile> damaged) => damaged.All(file => file.MendedBy is not null) ? ExitCode.Done : ExitCode.Integrity;

    private static string Line(DamagedFile file) =>
        Invariant($"{file}{(file.MendedBy is long by ? Invariant($" (lost; snapshot {by} was published for it)") : "")}");

    // the least is that of pipelines.yaml: a reader that opened the snapshot before the current one must not lose it
    private static Option<int?> Number(string name, string description, int least)
    {
        Option<int?> option = new(name) { HelpName = "n", Description = description + " [as the pipeline says]" };
        option.MustBe(value => ValueRules.WholeNumber(value, least, MostKept) is not null, $"a whole number from {least} to {MostKept}");
        return option;
    }
}
