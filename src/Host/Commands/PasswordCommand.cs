using System.CommandLine;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Host.Serving.People;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>`password`: gives one of the two accounts of `serve` a new password; sessions with the old one end at once.</summary>
internal static class PasswordCommand
{
    public static Command Build(CommandSetup setup)
    {
        Argument<string> account = new("account")
        {
            HelpName = string.Join('|', Role.All), Description = "Who may look, or who may also run, cancel, release and roll back",
        };
        account.CompletionSources.Add([.. Role.All]);
        account.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string value }] && !Role.All.Contains(value))
                result.AddError($"the account must be {string.Join(" or ", Role.All)}, found '{value}'");
        });
        Option<bool> input = new("--stdin") { Description = "Read it as one line from standard input, instead of making a random one" };
        Option<bool> close = new("--close") { Description = "Take its password away: nobody signs in as it until it has a new one" };
        Command command = new("password", "Set the password of an account of `serve`; sessions with the old one end")
        {
            account, input, close, setup.Options.State,
        };
        return setup.Command(command, context =>
        {
            Accounts accounts = new(context.StateFolder);
            try
            {
                string whose = context.Required(account);
                string? made = null;
                bool closing = context.Value(close);
                if (closing && context.Value(input)) throw new UsageException("--close and --stdin exclude each other; keep one");
                if (closing) accounts.Close(whose);
                else if (context.Value(input)) accounts.Set(whose, Typed());
                else made = accounts.SetRandom(whose);
                Trail trail = new(context.StateFolder, context.Time, Logger.None);
                trail.Add(closing ? Deed.AccountClosed : Deed.PasswordSet, "verse-etl password", null, whose);
                return context.Reply.With(new { Account = whose, Password = made }, made is null ? [] : [made]);
            }
            catch (Exception error) when (StorageException.Covers(error))
            {
                return context.Reply.Failure(ExitCode.Configuration, $"the accounts cannot be written: {error.Message}");
            }
        });
    }

    private static string Typed()
    {
        string password = Console.In.ReadLine() ?? "";
        return password.Length >= Accounts.ShortestPassword ? password
            : throw new UsageException($"a password has at least {Accounts.ShortestPassword} characters", ConfigCodes.Range);
    }
}
