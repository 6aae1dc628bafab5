using System.CommandLine;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;

namespace VerseEtl.Host.Commands;

/// <summary>`path`: the files to read, resolved once, so that a reader never mixes two snapshots.</summary>
internal static class PathCommand
{
    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<string> table = TableArgument.Build();
        Option<bool> verify = new("--verify") { Description = "Read and hash the files first; ends with 50 where one is damaged [presence and size]" };
        Command command = new("path", "Print the files of a table, one a line") { table, choice.Pipeline, choice.Folder, choice.Sequence, verify };
        return choice.CommandOfEach(command, async context =>
        {
            Snapshot snapshot = context.Snapshot(context.Command.Value(choice.Sequence));
            string name = TableArgument.Find(context.Command.Required(table), snapshot).Name;
            if (context.Command.Value(verify)) Warehouse.Require(snapshot, name, context.Token);
            if (context.Command.Value(verify) && name == PublishedSchema.Scans.Name) await context.Warehouse.RequirePictures(snapshot, context.Token);
            IReadOnlyList<string> files = context.Warehouse.PathOf(name, snapshot);
            return new Told(new { snapshot.Sequence, Files = files }, files);
        }, new EachOptions(NotRun: ExitCode.Storage, Headed: false));
    }
}
