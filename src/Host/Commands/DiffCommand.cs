using System.CommandLine;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`diff`: which rows two snapshots do not share.</summary>
internal static class DiffCommand
{
    private const int MostShown = 5;

    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<long> before = new("before") { HelpName = "before", Description = "Sequence of a snapshot" };
        Argument<long> after = new("after") { HelpName = "after", Description = "Sequence of another one" };
        Command command = new("diff", "Tell which rows differ between two snapshots") { before, after, choice.Pipeline, choice.Folder };
        return choice.Command(command, async context =>
        {
            Snapshot old = context.Snapshot(context.Command.Value(before)), now = context.Snapshot(context.Command.Value(after));
            IReadOnlyList<TableDiff> differing = [.. (await Warehouse.Diff(old, now, context.Token)).Where(table => !table.IsEmpty)];
            IEnumerable<string> lines = differing.Count == 0 ? ["no row differs"] : differing.SelectMany(Lines);
            return context.Reply.With(new { Before = old.Sequence, After = now.Sequence, Tables = differing }, lines);
        });
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
}
