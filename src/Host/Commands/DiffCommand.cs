using System.CommandLine;
using System.Text;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.DiffPage;
using VerseEtl.Host.Display;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`diff`: what changed between two snapshots, value by value.</summary>
internal static class DiffCommand
{
    private const int MostRows = 10, MostCells = 4;

    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<string[]> which = new("snapshots")
        {
            HelpName = "before|after",
            Arity = new ArgumentArity(0, 2),
            Description = $"Before and after, each {SnapshotReference.Forms}; one is held against the current snapshot [the current one and the one before it]",
        };
        which.CompletionSources.Add(_ => setup.SnapshotNames());
        Option<bool> all = new("--all") { Description = Invariant($"Every row, not just {MostRows} a table, and every column of it") };
        Option<string> html = new("--html") { HelpName = "file", Description = "Also write it as a page with plots to this file" };
        Command command = new("diff", "Tell what changed between two snapshots") { which, choice.Pipeline, choice.Named, choice.Folder, all, html };
        return choice.Command(command, async context =>
        {
            (Snapshot old, Snapshot now) = Pair(context, context.Command.Value(which) ?? []);
            bool whole = context.Command.Value(all);
            string? file = context.Command.Value(html);
            DiffSummary found = new();
            // only who is told of every row holds what changed
            DiffKept kept = new(whole || context.Command.Json || file is not null ? int.MaxValue : MostRows, found.Add);
            IReadOnlyList<TableDiff> differing = [.. (await Warehouse.Diff(old, now, kept, context.Token)).Where(table => !table.IsEmpty)];
            if (file is not null) await WritePage(context, Path.GetFullPath(file), new DiffView(old, now, differing));
            IReadOnlyList<string> summary = found.Of(differing);
            IEnumerable<string> lines = [$"{Of(old)} -> {Of(now)}", .. summary, .. differing.SelectMany(table => Lines(table, whole))];
            return context.Reply.With(new { Before = old.Sequence, After = now.Sequence, Summary = summary, Tables = differing.Select(Answer) }, lines);
        });
    }

    private static async Task WritePage(WarehouseContext context, string file, DiffView view)
    {
        if (PathRules.IsInside(PathRules.RealPath(file), context.Warehouse.Root))
            throw new UsageException("the file would lie inside the warehouse; put it elsewhere");
        string page = await DiffDocument.Render(view);
        WholeFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
    }

    private static (Snapshot Before, Snapshot After) Pair(WarehouseContext context, string[] which)
    {
        Snapshot after = context.Snapshot(which.Length == 2 ? which[1] : null);
        if (which.Length > 0) return (context.Snapshot(which[0]), after);
        return (context.Warehouse.Snapshots().LastOrDefault(snapshot => snapshot.Sequence < after.Sequence)
            ?? throw new UsageException(Invariant($"snapshot {after.Sequence} is the only one: there is nothing to compare it with")), after);
    }

    private static object Answer(TableDiff table) => new
    {
        table.Table,
        Added = table.Added.Select(key => key.Columns),
        Removed = table.Removed.Select(key => key.Columns),
        Changed = table.Changed.Select(row => new { Key = row.Key.Columns, row.Cells }),
    };

    private static string Of(Snapshot snapshot) => Invariant($"snapshot {snapshot.Sequence} of {IsoTime.Minute(snapshot.CommittedUtc)}");

    private static IEnumerable<string> Lines(TableDiff table, bool whole)
    {
        int rows = whole ? int.MaxValue : MostRows, cells = whole ? int.MaxValue : MostCells;
        yield return DiffText.Counts(table);
        (string, IReadOnlyList<RowKey>, int)[] ofOneOnly = [("+", table.Added, table.AddedCount), ("-", table.Removed, table.RemovedCount)];
        foreach ((string sign, IReadOnlyList<RowKey> keys, int count) in ofOneOnly)
        {
            foreach (RowKey key in keys.Take(rows)) yield return $"  {sign} {DiffText.Key(key)}";
            if (count > rows) yield return Invariant($"  {sign} and {count - rows} more (--all)");
        }
        foreach (RowChange row in table.Changed.Take(rows))
        {
            string more = row.Cells.Count > cells ? Invariant($", and {row.Cells.Count - cells} more columns") : "";
            yield return $"  ~ {DiffText.Key(row.Key)}: {string.Join(", ", row.Cells.Take(cells).Select(DiffText.Cell))}{more}";
        }
        if (table.ChangedCount > rows) yield return Invariant($"  ~ and {table.ChangedCount - rows} more (--all)");
    }
}
