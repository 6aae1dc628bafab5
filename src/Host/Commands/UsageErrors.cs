using System.CommandLine;
using System.CommandLine.Parsing;
using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Commands;

/// <summary>Words for a command line that makes no sense, with the nearest name for what nobody knows.</summary>
internal static class UsageErrors
{
    public static IReadOnlyList<ConfigProblem> Of(ParseResult parsed)
    {
        List<string> messages = [];
        foreach (string token in parsed.UnmatchedTokens) messages.Add(Unknown(token, parsed.CommandResult));
        foreach (ParseError error in parsed.Errors)
        {
            bool told = parsed.UnmatchedTokens.Any(token => error.Message.Contains($"'{token}'", StringComparison.Ordinal));
            if (!told && !messages.Contains(error.Message)) messages.Add(error.Message);
        }
        return [.. messages.Select(message => ConfigProblem.OnCommandLine(ConfigCodes.Usage, message))];
    }

    /// <summary>An argument may not look like an option: the parser would take a misspelt `--option` for the name of a pipeline.</summary>
    public static void RefuseOptions(ArgumentResult result)
    {
        CommandResult command = (CommandResult)result.Parent!;
        foreach (Token token in result.Tokens.Where(token => token.Value.StartsWith('-')))
            result.AddError(Unknown(token.Value, command));
    }

    private static string Unknown(string token, CommandResult command)
    {
        string name = token.Split('=')[0];
        string[] options = [.. Options(command).Order(StringComparer.Ordinal)];
        if (name.StartsWith('-')) return $"there is no option '{name}'{NearestName.Hint(name, options)}";
        string[] commands = [.. command.Command.Subcommands.Where(child => !child.Hidden).Select(child => child.Name)];
        return commands.Length > 0 ? $"there is no command '{name}'{NearestName.Hint(name, commands)}" : $"'{command.Command.Name}' takes no '{name}'";
    }

    private static IEnumerable<string> Options(CommandResult command)
    {
        IEnumerable<string> own = command.Command.Options.Where(option => !option.Hidden).Select(option => option.Name);
        SymbolResult? parent = command.Parent;
        while (parent is not null and not CommandResult) parent = parent.Parent;
        if (parent is not CommandResult above) return own;
        return own.Concat(above.Command.Options.Where(option => option.Recursive).Select(option => option.Name)).Distinct();
    }
}
