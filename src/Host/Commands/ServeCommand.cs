using System.CommandLine;
using System.Globalization;
using System.Net;
using Npgsql;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Serving;
using VerseEtl.Host.Sharing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`serve`: runs every pipeline by its schedule until it is stopped.</summary>
internal static class ServeCommand
{
    public const int DefaultPort = 5080;

    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        Option<int> port = new("--port") { HelpName = "n", Description = $"Port on 127.0.0.1; 0 takes a free one [{DefaultPort}]", DefaultValueFactory = _ => DefaultPort };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > IPEndPoint.MaxPort))
                result.AddError($"--port must be a whole number from 0 to {IPEndPoint.MaxPort}, found '{text}'");
        });
        Option<bool> control = new("--control") { Description = "The dashboard may also trigger and cancel runs" };
        Command command = new("serve", "Run pipelines by their schedules, with a dashboard on this machine") { port, control };
        command.SetAction((parsed, token) => Serve(parsed, parsed.GetValue(port), parsed.GetValue(control), options, terminal, time, token));
        return command;
    }

    private static async Task<int> Serve(ParseResult parsed, int port, bool control, CommandOptions options, Terminal terminal, TimeProvider time, CancellationToken token)
    {
        bool json = parsed.GetValue(options.Json);
        PipelineChoice choice = new(parsed, options, terminal, time);
        string path = Path.GetFullPath(choice.Text(options.Config, "VERSEETL_CONFIG") ?? PipelinesFile.DefaultName);
        if (PipelinesFile.Read(path, time, out IReadOnlyList<ConfigProblem> problems) is not PipelinesFile file) return ProblemReport.Write(terminal, json, problems);
        ProblemReport.WriteWarnings(terminal, problems);
        Logger log;
        try
        {
            log = Logs.Create(parsed.GetValue(options.Verbose), choice.Text(options.LogFile, "VERSEETL_LOG_FILE"), standing: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failure.Write(terminal, json, ExitCode.Storage, $"the log file cannot be written: {error.Message}");
        }
        await using (log)
        {
            (SharedStorage? shared, string? objection) = file.Store == JobStore.Postgres ? await ReachShared(terminal, time, token) : (null, null);
            await using SharedStorage? storage = shared;
            if (objection is not null) return Failure.Write(terminal, json, shared is null ? ExitCode.Configuration : ExitCode.Storage, objection);
            using StopSignals signals = new();
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(token, signals.Token);
            await using WebApplication app = ServedHost.Build(new PipelineSet(file, time, log), port, control, time, log, shared);
            try
            {
                await app.StartAsync(stop.Token);
            }
            catch (IOException error)
            {
                return Failure.Write(terminal, json, ExitCode.Configuration, $"cannot listen on 127.0.0.1:{port}: {Finding.OneLine(error.Message)}; choose another --port");
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return signals.Code != 0 ? signals.Code : ExitCode.Interrupted;
            }
            await terminal.Out.WriteLineAsync($"serving {string.Join(", ", file.Pipelines.Select(pipeline => pipeline.Name))} at {app.Urls.First()}");
            await terminal.Out.FlushAsync(CancellationToken.None);
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, app.Lifetime.ApplicationStopping);
            TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using (end.Token.Register(ended.SetResult)) await ended.Task;
            bool asked = stop.IsCancellationRequested;
            await app.StopAsync(CancellationToken.None);
            return signals.Code != 0 ? signals.Code : asked ? ExitCode.Interrupted : ExitCode.Internal;
        }
    }

    /// <summary>The database, or why it cannot be used.</summary>
    private static async Task<(SharedStorage? Storage, string? Objection)> ReachShared(Terminal terminal, TimeProvider time, CancellationToken token)
    {
        SharedStorage? storage = null;
        try
        {
            string? connection = terminal.Environment(SharedStorage.Variable);
            if (string.IsNullOrEmpty(connection) && terminal.Environment(SharedStorage.FileVariable) is { Length: > 0 } file)
            {
                if ((File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0) return (null, $"others may read {file} ({SharedStorage.FileVariable}); chmod 600 it");
                connection = (await File.ReadAllTextAsync(file, token)).Trim();
            }
            if (string.IsNullOrEmpty(connection)) return (null, $"'storage: postgres' needs a connection string in {SharedStorage.Variable}, or in a file that {SharedStorage.FileVariable} names");
            storage = new SharedStorage(connection);
            TimeSpan offset = await ClockWatch.Offset(storage, time, token);
            return offset.Duration() <= ClockWatch.Most ? (storage, null) : (storage, string.Create(CultureInfo.InvariantCulture, $"this machine's clock is {offset.TotalSeconds:0} s from PostgreSQL's; set it and start again"));
        }
        catch (ArgumentException)
        {
            return (null, "the connection string for PostgreSQL cannot be understood; see docs/scale.md for one");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, $"the file that {SharedStorage.FileVariable} names cannot be read: {error.GetType().Name}");
        }
        catch (NpgsqlException error)
        {
            return (storage, $"PostgreSQL cannot be reached: {Finding.OneLine(error.Message)}");
        }
    }
}
