using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Serving;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Host.Serving.People;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>`serve`: runs every pipeline by its schedule until it is stopped.</summary>
internal sealed class ServeCommand
{
    public const int DefaultPort = 5080;

    private readonly Option<int> _port = new("--port")
    {
        HelpName = "n", Description = $"Port; 0 takes a free one [{DefaultPort}]", DefaultValueFactory = _ => DefaultPort,
    };
    private readonly Option<string> _listen = new("--listen")
    {
        HelpName = "address", Description = "Address of this machine to listen on; all but loopback need TLS or a proxy that does it [127.0.0.1]",
    };
    private readonly Option<string[]> _hosts = new("--host")
    {
        HelpName = "name", Description = "Name by which browsers reach the pages, beside localhost; may be given again",
    };
    private readonly Option<string> _certificate = new("--certificate")
    {
        HelpName = "file", Description = "Serve TLS with this PEM certificate and those after it in the file",
    };
    private readonly Option<string> _certificateKey = new("--certificate-key") { HelpName = "file", Description = "Its PEM key, readable by its owner only" };
    private readonly Option<string[]> _proxies = new("--proxy")
    {
        HelpName = "address",
        Description = "A proxy that ends TLS in front of this; only it may ask, and its X-Forwarded-For and -Proto are believed; may be given again",
    };
    private readonly Option<bool> _noSignIn = new("--no-sign-in")
    {
        Description = "Whoever gets through may look; to act takes the operator's sign-in all the same",
    };

    private ServeCommand()
    {
        _port.MustBe(text => ValueRules.WholeNumber(text, 0, IPEndPoint.MaxPort) is not null, $"a whole number from 0 to {IPEndPoint.MaxPort}");
        _listen.MustBe(IsAddress, "an IP address");
        _proxies.MustBe(IsAddress, "an IP address");
    }

    public static Command Build(CommandSetup setup)
    {
        ServeCommand serve = new();
        Command command = new("serve", "Run pipelines by their schedules, with pages to look at")
        {
            serve._port, serve._listen, serve._hosts, serve._certificate, serve._certificateKey, serve._proxies, serve._noSignIn, setup.Options.State,
        };
        return setup.Command(setup.Acting(command), serve.Serve);
    }

    private async Task<int> Serve(CommandContext context)
    {
        string path = Path.GetFullPath(context.ConfigPath);
        if (PipelinesFile.Read(path, context.Time, out IReadOnlyList<ConfigProblem> problems) is not PipelinesFile file) throw new UsageException(problems);
        ServeOptions options = Options(context);
        if (options.Objections() is { Count: > 0 } objections) throw new UsageException(objections);
        context.Reply.Warnings(problems);

        await using Logger log = context.OpenStandingLog();
        await using SharedStorage? shared = file.Store == JobStore.Postgres ? await SharedReach.Reach(context) : null;
        using StopSignals stop = new(context.Token);
        PipelineSet pipelines = new(file, context.Time, log);
        await using WebApplication app = Build(() => ServedHost.Build(pipelines, options, context.Time, log, shared), out string? firstPassword);
        try
        {
            await app.StartAsync(stop.Token);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new CommandFailedException(ExitCode.Configuration, CannotListen(options, error));
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return stop.ExitCode;
        }
        app.Services.GetRequiredService<Trail>().Add(Deed.Started, "verse-etl serve", null, BuildVersion.Text);
        TextWriter people = context.Terminal.Out;
        await people.WriteLineAsync($"serving {string.Join(", ", file.Pipelines.Select(pipeline => pipeline.Name))} at {app.Urls.First()}");
        if (firstPassword is not null) await people.WriteLineAsync(Welcome(context.Terminal, app.Services.GetRequiredService<Accounts>(), firstPassword));
        await people.FlushAsync(CancellationToken.None);
        await Ended(app, stop.Token);
        bool asked = stop.Token.IsCancellationRequested;
        await app.StopAsync(CancellationToken.None);
        return asked ? stop.ExitCode : ExitCode.Internal;
    }

    /// <param name="firstPassword">The operator's, where the accounts were made just now.</param>
    private static WebApplication Build(Func<WebApplication> build, out string? firstPassword)
    {
        try
        {
            WebApplication app = build();
            firstPassword = Prepared(app);
            return app;
        }
        catch (Exception error) when (StorageException.Covers(error) || error is CryptographicException)
        {
            throw new CommandFailedException(ExitCode.Configuration, $"the certificate cannot be used: {error.Message}");
        }
    }

    private static string? Prepared(WebApplication app)
    {
        try
        {
            return app.Services.GetRequiredService<Accounts>().Prepare();
        }
        catch (AccountsUnusableException unusable)
        {
            throw new CommandFailedException(ExitCode.Configuration, $"the accounts cannot be used: {unusable.Message}");
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            string folder = app.Services.GetRequiredService<ServeOptions>().StateFolder;
            throw new CommandFailedException(ExitCode.Configuration,
                $"the accounts cannot be kept in {folder}: {error.Message}; name a folder that can be written with --state or VERSEETL_STATE");
        }
    }

    private static string CannotListen(ServeOptions options, Exception error)
    {
        string way = (error as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressNotAvailable => "no interface of this machine has it; `ip address` lists those that are there, for --listen",
            SocketError.AccessDenied => "ports below 1024 need a right of their own; choose another --port",
            SocketError.AddressFamilyNotSupported => "this machine does not speak that protocol; choose another --listen",
            _ => "choose another --port",
        };
        return $"cannot listen on {new IPEndPoint(options.Address, options.Port)}: {error.Message}; {way}";
    }

    private static async Task Ended(WebApplication app, CancellationToken stop)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop, app.Lifetime.ApplicationStopping);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (end.Token.Register(ended.SetResult)) await ended.Task;
    }

    // the password itself only where a person reads along, never where a log may keep it
    private static string Welcome(Terminal terminal, Accounts accounts, string firstPassword) => terminal.Width is null
        ? $"sign in as {Role.Operator}; the password is in {accounts.FirstPasswordFile}, delete it once read"
        : $"sign in as {Role.Operator} with the password {firstPassword} (also in {accounts.FirstPasswordFile}, delete it once read)";

    private ServeOptions Options(CommandContext context) => new()
    {
        Address = context.Value(_listen) is string address ? IPAddress.Parse(address) : IPAddress.Loopback,
        Port = context.Value(_port),
        Hosts = context.Value(_hosts) ?? [],
        Certificate = context.Value(_certificate),
        CertificateKey = context.Value(_certificateKey),
        Proxies = [.. (context.Value(_proxies) ?? []).Select(IPAddress.Parse)],
        SignInToLook = !context.Value(_noSignIn),
        StateFolder = context.StateFolder,
    };

    private static bool IsAddress(string text) => IPAddress.TryParse(text, out _);
}
