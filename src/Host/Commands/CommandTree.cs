using System.CommandLine;
using System.CommandLine.Help;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>The command line: what can be typed, and what happens to what cannot.</summary>
public static class CommandTree
{
    public const string Name = "verse-etl";

    private static string Description => $"""
        Per-vertebra tables from VerSe: measures every vertebra of a spine CT dataset and publishes Parquet tables.

        Examples:
          verse-etl run                                        every pipeline of pipelines.yaml
          verse-etl run --source /data/verse --output tables   your copy of VerSe, without a pipelines.yaml
          verse-etl plan                                       what a run would do; writes nothing
          verse-etl serve                                      runs pipelines by their schedules, until it is stopped
          verse-etl audit                                      the published snapshot against the dataset card
          verse-etl report sub-verse012 -o report.html         one scan as a page, with its picture
          verse-etl inspect sub-verse012_seg-vert_msk.nii.gz   header, geometry, labels and volumes of one mask
          verse-etl sample ./sample                            a generated dataset to try things on

        Exit codes:
        {string.Join(Environment.NewLine, ExitCode.All.Select(known => $"  {known.Code,3}  {known.Meaning}"))}
        """;

    private static readonly (string Name, Func<CommandSetup, Command> Build)[] Commands =
    [
        ("run", RunCommand.Build),
        ("plan", PlanCommand.Build),
        ("measure", MeasureCommand.Build),
        ("audit", AuditCommand.Build),
        ("report", ReportCommand.Build),
        ("serve", ServeCommand.Build),
        ("password", PasswordCommand.Build),
        ("trail", TrailCommand.Build),
        ("runs", RunsCommand.Build),
        ("findings", FindingsCommand.Build),
        ("snapshots", SnapshotsCommand.Build),
        ("gc", GcCommand.Build),
        ("diff", DiffCommand.Build),
        ("rollback", RollbackCommand.Rollback),
        ("release", RollbackCommand.Release),
        ("path", PathCommand.Build),
        ("export", ExportCommand.Build),
        ("sample", SampleCommand.Build),
        ("inspect", InspectCommand.Build),
        ("schema", SchemaCommand.Build),
        ("completion", CompletionCommand.Build),
    ];

    public static RootCommand Build(Terminal terminal, TimeProvider time) => Build(new CommandSetup(terminal, time), []);

    /// <summary>The command that a command line begins with, without the others, whose making is a tenth of a short run; all for any other line.</summary>
    internal static RootCommand BuildFor(string[] args, Terminal terminal, TimeProvider time) => Build(new CommandSetup(terminal, time), args);

    private static RootCommand Build(CommandSetup setup, string[] args)
    {
        CommandOptions options = setup.Options;
        bool known = args.Length > 0 && Commands.Any(command => command.Name == args[0]);
        RootCommand root = new(known ? "" : Description) { options.Config, options.Json, options.Quiet, options.Verbose, options.LogFile };
        foreach ((string name, Func<CommandSetup, Command> build) in Commands)
        {
            if (!known || name == args[0]) root.Add(build(setup));
        }
        root.SetAction(parsed =>
        {
            new HelpAction().Invoke(parsed);
            return ExitCode.Configuration;
        });
        return root;
    }

    /// <summary>Runs one command line; whatever happens ends as an exit code.</summary>
    public static async Task<int> Invoke(string[] args, Terminal terminal, TimeProvider time)
    {
        Reply reply = new(terminal, args.Contains("--json"));
        if (!OperatingSystem.IsLinux())
        {
            const string Why = "runs on Linux only: safe publishing relies on its system calls; use a container or WSL";
            return reply.Refusal([ConfigProblem.OnCommandLine(ConfigCodes.Usage, $"{Name} {Why}")]);
        }
        CommandSetup setup = new(terminal, time);
        ParseResult parsed = Build(setup, args).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        int code = parsed.Errors.Count > 0 && parsed.Action is null or System.CommandLine.Invocation.ParseErrorAction
            ? reply.Refusal(UsageErrors.Of(parsed))
            : await Invoke(parsed, terminal, reply);
        await terminal.Out.FlushAsync(CancellationToken.None);
        if (terminal.OutputFault is not string fault) return code;
        terminal.Warn($"{Name}: standard output is not complete: {fault}");
        // what is done is done, and ends as it stands in the ledger
        return setup.Acts(parsed.CommandResult.Command) ? code : Math.Max(code, ExitCode.Storage);
    }

    private static async Task<int> Invoke(ParseResult parsed, Terminal terminal, Reply reply)
    {
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (StorageException storage)
        {
            return reply.Failure(ExitCode.Of(storage), $"{storage.Code} {storage.Message}");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            if (parsed.Tokens.Any(token => token.Value is "--verbose" or "-v")) await terminal.Error.WriteLineAsync(error.ToString());
            return reply.Failure(ExitCode.Internal, $"an unexpected {error.GetType().Name}; run it again with --verbose and report what that prints");
        }
    }
}
