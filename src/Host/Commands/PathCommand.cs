using System.CommandLine;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`path`: the files to read, resolved once, so that a reader never mixes two snapshots.</summary>
internal static class PathCommand
{
    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<string> table = TableArgument.Build();
        Command command = new("path", "Print the files of a table, one a line") { table, choice.Pipeline, choice.Folder, choice.Sequence };
        return choice.Command(command, context =>
        {
            Snapshot snapshot = context.Snapshot(context.Command.Value(choice.Sequence));
            IReadOnlyList<string> files = context.Warehouse.PathOf(context.Command.Required(table), snapshot);
            return context.Reply.With(new { snapshot.Sequence, Files = files }, files);
        });
    }
}
