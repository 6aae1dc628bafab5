using System.CommandLine;
using System.Globalization;
using System.Text;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Export;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Commands;

/// <summary>`export`: a published table for programs without Parquet.</summary>
internal static class ExportCommand
{
    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Argument<string> table = TableArgument.Build();
        Option<string> format = new("--format") { HelpName = "csv|arrow", Description = "CSV by RFC 4180, or Arrow IPC (Feather version 2) [csv]" };
        format.CompletionSources.Add("csv", "arrow");
        format.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("csv" or "arrow") and string found }]) result.AddError($"--format must be csv or arrow, found '{found}'");
        });
        Option<string> to = new("--to") { HelpName = "file", Description = "File to write [standard output]" };
        Option<long?> sequence = new("--sequence") { HelpName = "n", Description = "Of this snapshot [the current one]" };
        Command command = new("export", "Write a published table as CSV or Arrow") { table, choice.Name, choice.Folder, format, to, sequence };
        command.SetAction((parsed, token) => choice.Use(parsed, async (destination, json) =>
        {
            Warehouse warehouse = Warehouse.OpenForReading(destination.Path);
            long? wanted = parsed.GetValue(sequence);
            if ((wanted is long number ? warehouse.Find(number) : warehouse.Current) is not Snapshot snapshot)
                return choice.Unknown(json, wanted is null ? $"{destination.Path} has no snapshot yet; run first" : string.Create(CultureInfo.InvariantCulture, $"there is no snapshot {wanted}; `snapshots` lists them"));
            string? file = parsed.GetValue(to) is string given ? Path.GetFullPath(given) : null;
            if (file is not null && PathRules.IsInside(PathRules.RealPath(file), warehouse.Root)) return choice.Unknown(json, "the file would lie inside the warehouse; put it elsewhere");
            if (file is null && json) return choice.Unknown(json, "--json needs --to: standard output cannot carry both");
            bool arrow = parsed.GetValue(format) == "arrow";
            if (file is null && arrow) return choice.Unknown(json, "--format arrow needs --to: it is no text");
            string name = parsed.GetRequiredValue(table);
            var tables = await Warehouse.ReadTables(snapshot, token);
            if (file is null)
            {
                CsvExport.Write(TableArgument.Find(name), tables, terminal.Out);
                return ExitCode.Done;
            }
            try
            {
                string half = $"{file}.{Environment.ProcessId}.tmp";
                if (arrow) WriteArrow(half, name, tables, snapshot.Manifest);
                else using (StreamWriter writer = new(half, append: false, new UTF8Encoding(false))) CsvExport.Write(TableArgument.Find(name), tables, writer);
                File.Move(half, file, overwrite: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return Failure.Write(terminal, json, ExitCode.Storage, $"the file cannot be written: {error.Message}");
            }
            int rows = TableArgument.Find(name).CountRows(tables);
            return choice.Answer(json, ExitCode.Done, new { ExitCode = ExitCode.Done, Table = name, snapshot.Sequence, Rows = rows, File = file },
                [string.Create(CultureInfo.InvariantCulture, $"{rows} rows of {name}, snapshot {snapshot.Sequence}, in {file}")]);
        }));
        return command;
    }

    private static void WriteArrow(string path, string name, PublishedTables tables, Manifest manifest)
    {
        SourceAttribution? attribution = manifest.Source == SourceAttribution.Verse.Source ? SourceAttribution.Verse : null;
        using FileStream stream = File.Create(path);
        ArrowExport.Write(TableArgument.Find(name), tables, stream, attribution);
    }
}
