using System.CommandLine;
using VerseEtl.Load.Export;

namespace VerseEtl.Host.Commands;

/// <summary>`schema`: the published tables, for people or machines.</summary>
internal static class SchemaCommand
{
    public static Command Build(CommandSetup setup)
    {
        Command command = new("schema", "Describe the published tables: Markdown, or JSON with --json");
        return setup.Command(command, context =>
        {
            context.Terminal.Out.Write(context.Json ? Host.Json.WithCode(ExitCode.Done, TableDocs.Json()) : TableDocs.Markdown());
            return ExitCode.Done;
        });
    }
}
