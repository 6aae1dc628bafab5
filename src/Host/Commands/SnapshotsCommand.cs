using System.CommandLine;
using System.Globalization;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Display;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`snapshots`: what is published, whether it is whole, and what retention no longer covers.</summary>
internal static class SnapshotsCommand
{
    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Command command = new("snapshots", "List, check and prune what is published") { choice.Name, choice.Folder };
        command.SetAction((parsed, token) => choice.Use(parsed, (destination, json) => List(choice, destination, json, token)));
        command.Add(Verify(options, terminal, time));
        command.Add(Prune(options, terminal, time));
        return command;
    }

    private static async Task<int> List(WarehouseChoice choice, Destination destination, bool json, CancellationToken token)
    {
        Warehouse warehouse = Warehouse.OpenForReading(destination.Path);
        IReadOnlyList<SnapshotEntry> entries = await SnapshotEntry.Of(warehouse, token);
        Hold? hold = warehouse.Hold;
        IEnumerable<string> lines = entries.Select(entry => entry.Line());
        if (entries.Count == 0) lines = ["no snapshot yet"];
        if (hold is not null) lines = lines.Append(string.Create(CultureInfo.InvariantCulture, $"held since {hold.SinceUtc:yyyy-MM-dd HH:mm} UTC ({hold.Reason}): scheduled runs skip until `release`"));
        return choice.Answer(json, ExitCode.Done, new { ExitCode = ExitCode.Done, Warehouse = warehouse.Root, Hold = hold, Snapshots = entries }, lines);
    }

    private static Command Verify(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Option<long?> sequence = new("--sequence") { HelpName = "n", Description = "Only this snapshot [all]" };
        Command command = new("verify", "Hash every published file again; ends with 50 where one is damaged") { choice.Name, choice.Folder, sequence };
        command.SetAction((parsed, token) => choice.Use(parsed, async (destination, json) =>
        {
            Warehouse warehouse = Warehouse.OpenForReading(destination.Path);
            long? only = parsed.GetValue(sequence);
            IReadOnlyList<DamagedFile> damaged = await warehouse.Verify(only, token);
            int checkedCount = warehouse.Snapshots().Count(snapshot => only is null || snapshot.Sequence == only);
            if (only is long missing && checkedCount + damaged.Count == 0) return choice.Unknown(json, Invariant($"there is no snapshot {missing}; `snapshots` lists them"));
            int code = damaged.Count > 0 ? ExitCode.Integrity : ExitCode.Done;
            IEnumerable<string> lines = damaged.Select(file => Invariant($"snapshot {file.Sequence} {file.Path}: {file.Fault}"))
                .Append(damaged.Count > 0 ? Invariant($"{damaged.Count} damaged; `rollback` publishes an older snapshot, a `run --full` makes a new one") : Invariant($"{checkedCount} whole"));
            return choice.Answer(json, code, new { ExitCode = code, Warehouse = warehouse.Root, Whole = damaged.Count == 0, Damaged = damaged }, lines);
        }));
        return command;
    }

    private static Command Prune(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Option<int?> snapshots = Number("--keep-snapshots", "Newest snapshots that stay"), days = Number("--keep-days", "Days for which every snapshot stays");
        Command command = new("prune", "Remove snapshots that retention no longer covers") { choice.Name, choice.Folder, snapshots, days };
        command.SetAction((parsed, _) => choice.Use(parsed, (destination, json) =>
        {
            Warehouse.OpenForReading(destination.Path);
            Warehouse warehouse = Warehouse.Open(destination.Path, new WarehouseOptions
            {
                KeepNewest = parsed.GetValue(snapshots) ?? destination.KeepSnapshots,
                KeepYoungerThan = TimeSpan.FromDays(parsed.GetValue(days) ?? destination.KeepDays),
                Time = time,
            });
            IReadOnlyList<long> gone = warehouse.Prune();
            string line = gone.Count == 0 ? "nothing to remove" : Invariant($"removed {gone.Count}: {string.Join(", ", gone)}");
            return Task.FromResult(choice.Answer(json, ExitCode.Done, new { ExitCode = ExitCode.Done, Warehouse = warehouse.Root, Removed = gone }, [line]));
        }));
        return command;
    }

    private static Option<int?> Number(string name, string description)
    {
        Option<int?> option = new(name) { HelpName = "n", Description = description + " [as the pipeline says]" };
        option.Validators.Add(result =>
        {
            if (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > 100_000)
                result.AddError($"{name} must be a whole number up to 100000, found '{result.Tokens[0].Value}'");
        });
        return option;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
