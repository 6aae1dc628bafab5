using System.CommandLine;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>One command line being carried out: what was typed, how to answer, and the clock. Flags win over the environment, that over defaults.</summary>
internal sealed class CommandContext(CommandSetup setup, ParseResult parsed, CancellationToken token)
{
    public CommandOptions Options => setup.Options;
    public Terminal Terminal => setup.Terminal;
    public TimeProvider Time => setup.Time;
    public CancellationToken Token => token;
    public bool Json { get; } = parsed.GetValue(setup.Options.Json);
    public Reply Reply { get; } = new(setup.Terminal, parsed.GetValue(setup.Options.Json));

    public T? Value<T>(Option<T> option) => parsed.GetValue(option);

    public T? Value<T>(Argument<T> argument) => parsed.GetValue(argument);

    public T Required<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    /// <summary>It was typed, and is no default.</summary>
    public bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>What was typed, else what the environment variable says; null where neither does.</summary>
    public string? Text(Option<string> option, string variable) => IsGiven(option) ? Value(option) : Terminal.Variable(variable);

    /// <summary>Path of pipelines.yaml, as it was given.</summary>
    public string ConfigPath => Text(Options.Config, "VERSEETL_CONFIG") ?? PipelinesFile.DefaultName;

    /// <summary>Absolute path of the folder for what `serve` keeps beside the warehouses.</summary>
    /// <exception cref="UsageException">Nothing says where, and the user has no home.</exception>
    public string StateFolder => Path.GetFullPath(Text(Options.State, "VERSEETL_STATE") ?? Accounts.DefaultFolder(Terminal.Environment)
        ?? throw new UsageException("there is no home to keep the accounts in; name a folder with --state or VERSEETL_STATE"));

    /// <exception cref="CommandFailedException">The log file cannot be written.</exception>
    public LateLog OpenLog() => Log(Logs.Open);

    /// <summary>For a process that has no summary: people get a line per run.</summary>
    /// <inheritdoc cref="OpenLog"/>
    public Logger OpenStandingLog() => Log((verbose, file, tell) => Logs.Create(verbose, file, tell, standing: true));

    private T Log<T>(Func<bool, string?, Action<string>, T> open)
    {
        try
        {
            return open(Value(Options.Verbose), Text(Options.LogFile, "VERSEETL_LOG_FILE"), text => Terminal.Warn($"{CommandTree.Name}: {text}"));
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw new CommandFailedException(ExitCode.Storage, $"the log file cannot be written: {error.Message}");
        }
    }
}
