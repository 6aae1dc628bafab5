using System.CommandLine;
using System.Globalization;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`path`: the files to read, resolved once, so that a reader never mixes two snapshots.</summary>
internal static class PathCommand
{
    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Argument<string> table = TableArgument.Build();
        Option<long?> sequence = new("--sequence") { HelpName = "n", Description = "Of this snapshot [the current one]" };
        Command command = new("path", "Print the files of a table, one a line") { table, choice.Name, choice.Folder, sequence };
        command.SetAction((parsed, _) => choice.Use(parsed, (destination, json) =>
        {
            Warehouse warehouse = Warehouse.OpenForReading(destination.Path);
            long? wanted = parsed.GetValue(sequence);
            Snapshot? snapshot = wanted is long number ? warehouse.Find(number) : warehouse.Current;
            if (snapshot is null)
                return Task.FromResult(choice.Unknown(json, wanted is null ? $"{destination.Path} has no snapshot yet; run first" : string.Create(CultureInfo.InvariantCulture, $"there is no snapshot {wanted}; `snapshots` lists them")));
            IReadOnlyList<string> files = warehouse.PathOf(parsed.GetRequiredValue(table), snapshot);
            return Task.FromResult(choice.Answer(json, ExitCode.Done, new { ExitCode = ExitCode.Done, snapshot.Sequence, Files = files }, files));
        }));
        return command;
    }
}
