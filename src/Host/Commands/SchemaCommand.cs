using System.CommandLine;
using VerseEtl.Load.Export;

namespace VerseEtl.Host.Commands;

/// <summary>`schema`: the published tables, for people or machines.</summary>
internal static class SchemaCommand
{
    public static Command Build(CommandOptions options, Terminal terminal)
    {
        Command command = new("schema", "Describe the published tables: Markdown, or JSON with --json");
        command.SetAction(parsed =>
        {
            terminal.Out.Write(parsed.GetValue(options.Json) ? TableDocs.Json() : TableDocs.Markdown());
            return ExitCode.Done;
        });
        return command;
    }
}
