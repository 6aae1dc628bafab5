using System.CommandLine;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Commands;

/// <summary>`password`: gives one of the two accounts of `serve` a new password; sessions with the old one end at once.</summary>
internal static class PasswordCommand
{
    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        Argument<string> role = new("account") { HelpName = string.Join('|', Role.All), Description = "Who may look, or who may also trigger, cancel and delete" };
        role.CompletionSources.Add([.. Role.All]);
        role.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string value }] && !Role.All.Contains(value)) result.AddError($"the account must be {string.Join(" or ", Role.All)}, found '{value}'");
        });
        Option<bool> input = new("--stdin") { Description = "Read it as one line from standard input, instead of making a random one" };
        Command command = new("password", "Set the password of an account of `serve`") { role, input, options.State };
        command.SetAction(parsed => Set(parsed, parsed.GetValue(role)!, parsed.GetValue(input), options, terminal, time));
        return command;
    }

    private static int Set(ParseResult parsed, string role, bool input, CommandOptions options, Terminal terminal, TimeProvider time)
    {
        bool json = parsed.GetValue(options.Json);
        Accounts accounts = new(new PipelineChoice(parsed, options, terminal, time).StateFolder());
        try
        {
            if (!input)
            {
                terminal.Out.WriteLine(accounts.SetRandom(role));
                return ExitCode.Done;
            }
            string password = Console.In.ReadLine() ?? "";
            if (password.Length < Accounts.ShortestPassword)
                return ProblemReport.Write(terminal, json, [new(null, 0, 0, ConfigCodes.Range, $"a password has at least {Accounts.ShortestPassword} characters")]);
            accounts.Set(role, password);
            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Text.Json.JsonException)
        {
            return Failure.Write(terminal, json, ExitCode.Configuration, $"the accounts cannot be written: {error.Message}");
        }
    }
}
