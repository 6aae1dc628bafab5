using System.CommandLine;

namespace VerseEtl.Host.Commands;

/// <summary>`schema`: the published tables, for people or machines.</summary>
internal static class SchemaCommand
{
    public static Command Build(CommandOptions options, Terminal terminal)
    {
        Command command = new("schema", "Describe the published tables: Markdown, or JSON with --json");
        command.SetAction(int (parsed) => throw new NotSupportedException());
        return command;
    }
}
