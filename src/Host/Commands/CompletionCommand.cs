using System.CommandLine;
using System.Reflection;

namespace VerseEtl.Host.Commands;

/// <summary>`completion`: the lines that make a shell ask the program what may come next.</summary>
internal static class CompletionCommand
{
    public static readonly IReadOnlyList<string> Shells = ["bash", "zsh", "fish"];

    public static Command Build(CommandSetup setup)
    {
        Argument<string> shell = new("shell") { HelpName = string.Join('|', Shells), Description = "Which shell" };
        shell.AcceptOnlyFromAmong([.. Shells]);
        Command command = new("completion", "Print what makes a shell complete commands, pipelines, tables and snapshots") { shell };
        return setup.Command(command, context =>
        {
            string script = Script(context.Required(shell));
            return context.Reply.With(new { Script = script }, script.TrimEnd('\n').Split('\n'));
        });
    }

    public static string Script(string shell)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"completion/{shell}")!;
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
