using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Serving;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`serve`: runs every pipeline by its schedule until it is stopped.</summary>
internal sealed class ServeCommand
{
    public const int DefaultPort = 5080;

    private readonly CommandOptions _options;
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;
    private readonly Option<int> _port = new("--port") { HelpName = "n", Description = $"Port; 0 takes a free one [{DefaultPort}]", DefaultValueFactory = _ => DefaultPort };
    private readonly Option<string> _listen = new("--listen") { HelpName = "address", Description = "Address of this machine to listen on; all but loopback need TLS or a proxy that does it [127.0.0.1]" };
    private readonly Option<string[]> _hosts = new("--host") { HelpName = "name", Description = "Name by which browsers reach the pages, beside localhost; may be given again" };
    private readonly Option<string> _certificate = new("--certificate") { HelpName = "file", Description = "Serve TLS with this PEM certificate and those after it in the file" };
    private readonly Option<string> _certificateKey = new("--certificate-key") { HelpName = "file", Description = "Its PEM key, readable by its owner only" };
    private readonly Option<string[]> _proxies = new("--proxy") { HelpName = "address", Description = "A proxy that ends TLS in front of this; only it may ask, and its X-Forwarded-For and -Proto are believed; may be given again" };
    private readonly Option<bool> _noSignIn = new("--no-sign-in") { Description = "Whoever gets through may look; to act takes the operator's sign-in all the same" };

    private ServeCommand(CommandOptions options, Terminal terminal, TimeProvider time) => (_options, _terminal, _time) = (options, terminal, time);

    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        ServeCommand serve = new(options, terminal, time);
        serve._port.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string text }] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > IPEndPoint.MaxPort))
                result.AddError($"--port must be a whole number from 0 to {IPEndPoint.MaxPort}, found '{text}'");
        });
        serve._listen.Validators.Add(RequireAddresses);
        serve._proxies.Validators.Add(RequireAddresses);
        Command command = new("serve", "Run pipelines by their schedules, with pages to look at")
        {
            serve._port, serve._listen, serve._hosts, serve._certificate, serve._certificateKey, serve._proxies, serve._noSignIn, options.State,
        };
        command.SetAction(serve.Serve);
        return command;
    }

    private async Task<int> Serve(ParseResult parsed, CancellationToken token)
    {
        bool json = parsed.GetValue(_options.Json);
        PipelineChoice choice = new(parsed, _options, _terminal, _time);
        ServeOptions serve = Options(parsed, choice);
        if (serve.Objections() is { Count: > 0 } objections) return ProblemReport.Write(_terminal, json, objections);
        string path = Path.GetFullPath(choice.Text(_options.Config, "VERSEETL_CONFIG") ?? PipelinesFile.DefaultName);
        if (PipelinesFile.Read(path, _time, out IReadOnlyList<ConfigProblem> problems) is not PipelinesFile file) return ProblemReport.Write(_terminal, json, problems);
        ProblemReport.WriteWarnings(_terminal, problems);
        Logger log;
        try
        {
            log = Logs.Create(parsed.GetValue(_options.Verbose), choice.Text(_options.LogFile, "VERSEETL_LOG_FILE"), standing: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failure.Write(_terminal, json, ExitCode.Storage, $"the log file cannot be written: {error.Message}");
        }
        await using (log)
        {
            (SharedStorage? shared, string? objection) = file.Store == JobStore.Postgres ? await SharedReach.Reach(_terminal, _time, token) : (null, null);
            await using SharedStorage? storage = shared;
            if (objection is not null) return Failure.Write(_terminal, json, shared is null ? ExitCode.Configuration : ExitCode.Storage, objection);
            using StopSignals signals = new();
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(token, signals.Token);
            WebApplication app;
            string? firstPassword;
            try
            {
                app = ServedHost.Build(new PipelineSet(file, _time, log), serve, _time, log, shared);
                firstPassword = app.Services.GetRequiredService<Accounts>().Prepare();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or System.Text.Json.JsonException)
            {
                return Failure.Write(_terminal, json, ExitCode.Configuration, $"certificate or accounts cannot be used: {Finding.OneLine(error.Message)}");
            }
            await using (app) return await Stay(app, file, serve, firstPassword, json, signals, stop);
        }
    }

    private async Task<int> Stay(WebApplication app, PipelinesFile file, ServeOptions serve, string? firstPassword, bool json, StopSignals signals, CancellationTokenSource stop)
    {
        try
        {
            await app.StartAsync(stop.Token);
        }
        catch (IOException error)
        {
            return Failure.Write(_terminal, json, ExitCode.Configuration, $"cannot listen on {serve.Address}:{serve.Port}: {Finding.OneLine(error.Message)}; choose another --port");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return signals.Code != 0 ? signals.Code : ExitCode.Interrupted;
        }
        await _terminal.Out.WriteLineAsync($"serving {string.Join(", ", file.Pipelines.Select(pipeline => pipeline.Name))} at {app.Urls.First()}");
        if (firstPassword is not null) await _terminal.Out.WriteLineAsync(Welcome(app.Services.GetRequiredService<Accounts>(), firstPassword));
        await _terminal.Out.FlushAsync(CancellationToken.None);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, app.Lifetime.ApplicationStopping);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (end.Token.Register(ended.SetResult)) await ended.Task;
        bool asked = stop.IsCancellationRequested;
        await app.StopAsync(CancellationToken.None);
        return signals.Code != 0 ? signals.Code : asked ? ExitCode.Interrupted : ExitCode.Internal;
    }

    // the password itself only where a person reads along, never where a log may keep it
    private string Welcome(Accounts accounts, string firstPassword) => _terminal.Width is null
        ? $"sign in as {Role.Operator}; the password is in {accounts.FirstPasswordFile}, delete it once read"
        : $"sign in as {Role.Operator} with the password {firstPassword} (also in {accounts.FirstPasswordFile}, delete it once read)";

    private ServeOptions Options(ParseResult parsed, PipelineChoice choice) => new()
    {
        Address = parsed.GetValue(_listen) is string address ? IPAddress.Parse(address) : IPAddress.Loopback,
        Port = parsed.GetValue(_port),
        Hosts = parsed.GetValue(_hosts) ?? [],
        Certificate = parsed.GetValue(_certificate),
        CertificateKey = parsed.GetValue(_certificateKey),
        Proxies = [.. (parsed.GetValue(_proxies) ?? []).Select(IPAddress.Parse)],
        SignInToLook = !parsed.GetValue(_noSignIn),
        StateFolder = choice.StateFolder(),
    };

    private static void RequireAddresses(OptionResult result)
    {
        foreach (Token token in result.Tokens.Where(token => !IPAddress.TryParse(token.Value, out _)))
            result.AddError($"{result.IdentifierToken?.Value} must be an IP address, found '{token.Value}'");
    }
}
