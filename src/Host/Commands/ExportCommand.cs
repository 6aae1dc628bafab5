using System.CommandLine;
using System.Text;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Export;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;

namespace VerseEtl.Host.Commands;

/// <summary>`export`: a published table for programs without Parquet.</summary>
internal static class ExportCommand
{
    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<string> table = TableArgument.Build();
        Option<string> format = new("--format") { HelpName = "csv|arrow", Description = "CSV by RFC 4180, or Arrow IPC (Feather version 2) [csv]" };
        format.MustBeOneOf("csv", "arrow");
        Option<string> to = new("--to") { HelpName = "file", Description = "File to write [standard output]" };
        Option<string> nullText = new("--null") { HelpName = "text", Description = "What CSV has for null, e.g. \\N [nothing; an empty text is \"\"]" };
        Command command = new("export", "Write a published table as CSV or Arrow")
            { table, choice.Pipeline, choice.Folder, format, to, nullText, choice.Sequence };
        return choice.Command(command, async context =>
        {
            CommandContext typed = context.Command;
            Snapshot snapshot = context.Snapshot(typed.Value(choice.Sequence));
            string? file = typed.Value(to) is string given ? Path.GetFullPath(given) : null;
            bool arrow = typed.Value(format) == "arrow";
            if (file is not null && PathRules.IsInside(PathRules.RealPath(file), context.Warehouse.Root))
                throw new UsageException("the file would lie inside the warehouse; put it elsewhere");
            if (file is null && typed.Json) throw new UsageException("--json needs --to: standard output cannot carry both");
            if (file is null && arrow) throw new UsageException("--format arrow needs --to: it is no text");

            string ofNull = typed.Value(nullText) ?? "";
            if (ofNull.AsSpan().IndexOfAny(",\"\r\n") >= 0) throw new UsageException("--null takes no comma, no quote and no line break");
            if (ofNull.Length > 0 && arrow) throw new UsageException("--null is for CSV: Arrow has nulls");

            TableSchema schema = TableArgument.Find(typed.Required(table), snapshot);
            // of a table with a damaged file nothing is written
            Warehouse.Require(snapshot, schema.Name, context.Token);
            IEnumerable<IReadOnlyList<object?>> values = Warehouse.Values(snapshot, schema, context.Token);
            if (file is null)
            {
                CsvExport.Write(schema, values, typed.Terminal.Out, ofNull);
                return ExitCode.Done;
            }
            SourceAttribution? attribution = snapshot.Manifest.Source == SourceAttribution.Verse.Source ? SourceAttribution.Verse : null;
            WholeFile.Write(file, stream =>
            {
                if (arrow) ArrowExport.Write(schema, values, stream, attribution);
                else using (StreamWriter writer = new(stream, new UTF8Encoding(false), leaveOpen: true)) CsvExport.Write(schema, values, writer, ofNull);
            });
            long rows = snapshot.Manifest.FilesOf(schema.Name).Sum(part => part.Rows ?? 0);
            return context.Reply.With(new { Table = schema.Name, snapshot.Sequence, Rows = rows, File = file },
                [Invariant($"{rows} rows of {schema.Name}, snapshot {snapshot.Sequence}, in {file}")]);
        });
    }
}
