using System.CommandLine;
using System.Globalization;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`diff`: which rows two snapshots do not share.</summary>
internal static class DiffCommand
{
    private const int MostShown = 5;

    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Argument<long> before = new("before") { HelpName = "before", Description = "Sequence of a snapshot" }, after = new("after") { HelpName = "after", Description = "Sequence of another one" };
        Command command = new("diff", "Tell which rows differ between two snapshots") { before, after, choice.Name, choice.Folder };
        command.SetAction((parsed, token) => choice.Use(parsed, (destination, json) => Compare(choice, destination, parsed.GetValue(before), parsed.GetValue(after), json, token)));
        return command;
    }

    private static async Task<int> Compare(WarehouseChoice choice, Destination destination, long before, long after, bool json, CancellationToken token)
    {
        Warehouse warehouse = Warehouse.OpenForReading(destination.Path);
        if (warehouse.Find(before) is not Snapshot old) return choice.Unknown(json, Invariant($"there is no snapshot {before}; `snapshots` lists them"));
        if (warehouse.Find(after) is not Snapshot now) return choice.Unknown(json, Invariant($"there is no snapshot {after}; `snapshots` lists them"));
        IReadOnlyList<TableDiff> tables = await Warehouse.Diff(old, now, token);
        IEnumerable<string> lines = tables.All(table => table.IsEmpty) ? ["no row differs"] : tables.Where(table => !table.IsEmpty).SelectMany(Lines);
        return choice.Answer(json, ExitCode.Done, new { ExitCode = ExitCode.Done, Before = before, After = after, Tables = tables.Where(table => !table.IsEmpty) }, lines);
    }

    private static IEnumerable<string> Lines(TableDiff table)
    {
        yield return Invariant($"{table.Table}: {table.Added.Count} added, {table.Removed.Count} removed, {table.Changed.Count} changed");
        foreach ((string sign, IReadOnlyList<string> keys) in new[] { ("+", table.Added), ("-", table.Removed), ("~", table.Changed) })
        {
            foreach (string key in keys.Take(MostShown)) yield return $"  {sign} {key}";
            if (keys.Count > MostShown) yield return Invariant($"  {sign} and {keys.Count - MostShown} more (--json has all)");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
