using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Serilog;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Host.Serving.Health;
using VerseEtl.Host.Serving.Notices;
using VerseEtl.Host.Serving.Pages;
using VerseEtl.Host.Serving.People;
using VerseEtl.Host.Serving.Viewer;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Serving;

/// <summary>
/// The program that stands there: the scheduler, its pages and health. Nothing but the warehouses, the people and what was told is remembered.
/// </summary>
internal static class ServedHost
{
    private const string ForCollectors = "collectors";
    private const int LargestRequest = 64 * 1024, LargestHeaders = 16 * 1024, MostWaiting = 4_096;

    // what was sealed is proven before it is opened (AEAD), and old traffic stays closed if the key is lost
    private static readonly TlsCipherSuite[] Ciphers =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    ];

    /// <param name="shared">Where hosts share the work; null keeps the scheduler's jobs in memory.</param>
    /// <exception cref="IOException">The certificate cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It is none.</exception>
    public static WebApplication Build(PipelineSet pipelines, ServeOptions options, TimeProvider time, Serilog.ILogger log, SharedStorage? shared = null)
    {
        // empty: neither environment variables nor files of the framework can bind it anywhere else
        WebApplicationBuilder builder =
            WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(ServedHost).Assembly.GetName().Name });
        ConnectionShares shares = new(options.Proxies);
        Listen(builder, options, shares);
        IServiceCollection services = builder.Services;
        services.AddSerilog(log);
        services.AddSingleton(log).AddSingleton(time).AddSingleton(pipelines).AddSingleton(options);
        services.AddSingleton<IHostLifetime, StoppedByCommand>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        AddAccess(services, options, shared is not null);
        services.AddSingleton(shares);
        AddWatching(services, options);
        AddScheduler(services, shared);

        WebApplication app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(shares.CloseSilent);
        Gate gate = new(options);
        app.Use(shares.Answer);
        app.Use(app.Services.GetRequiredService<Refusals>().Answer);
        app.UseHostFiltering();
        app.Use(gate.Admit);
        if (options.Proxies.Count > 0) app.UseForwardedHeaders();
        app.Use(gate.Answer);
        if (options.IsEncrypted) app.UseHsts();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseAuthentication();
        app.Use(ConnectionShares.Recognise);
        app.UseAuthorization();
        app.Use(Refusals.ReadForm);
        Map(app);
        return app;
    }

    private static void Listen(WebApplicationBuilder builder, ServeOptions options, ConnectionShares shares)
    {
        (X509Certificate2 Own, X509Certificate2Collection Chain)? certificate = options.LoadCertificate();
        CipherSuitesPolicy? ciphers = certificate is null ? null : new(Ciphers);
        // who waits behind it is tried again after a second
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.Backlog = MostWaiting);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Address, options.Port, listen =>
            {
                listen.Use(next => connection => shares.Hold(connection, next));
                if (certificate is not { } loaded)
                {
                    listen.Protocols = HttpProtocols.Http1;
                    return;
                }
                listen.UseHttps(https =>
                {
                    (https.ServerCertificate, https.ServerCertificateChain) = (loaded.Own, loaded.Chain);
                    https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                    https.HandshakeTimeout = TimeSpan.FromSeconds(5);
                    https.OnAuthenticate = (_, ssl) => ssl.CipherSuitesPolicy = ciphers;
                });
            });
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1_000, gracePeriod: TimeSpan.FromSeconds(5));
        });
    }

    private static void AddAccess(IServiceCollection services, ServeOptions options, bool isShared)
    {
        services.AddRouting();
        if (isShared) services.AddSingleton<IKeptTexts>(provider => new KeptInDatabase(provider.GetRequiredService<JobStorage>()));
        else services.AddSingleton<IKeptTexts>(new KeptInFolder(options.StateFolder));
        services.AddDataProtection().SetApplicationName("verse-etl");
        services.AddOptions<KeyManagementOptions>().Configure<IKeptTexts>((keys, kept) => keys.XmlRepository = new KeptKeys(kept));
        services.AddSingleton<StrangerLines>().AddSingleton<Refusals>().AddSingleton<PeopleAnswers>().AddSingleton<PeopleCheck>();
        services.AddSingleton(provider => new Trail(options.StateFolder, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Serilog.ILogger>()));
        services.AddHostFiltering(hosts => (hosts.AllowedHosts, hosts.AllowEmptyHosts) = ([.. options.AllowedHosts], false));
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));
        services.AddSingleton(new Accounts(options.StateFolder));
        services.AddSignIn(options);
        services.AddAuthorization(authorization =>
        {
            // also for what is not mapped: without a sign-in nobody learns what is there
            if (options.SignInToLook) authorization.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
            authorization.AddPolicy(ActionAnswers.MayAct, policy => policy.RequireRole(Role.Operator));
            // counts only, for a collector on this machine; from elsewhere by sign-in
            authorization.AddPolicy(ForCollectors, policy => policy.RequireAssertion(asked =>
                !options.SignInToLook || asked.User.Identity is { IsAuthenticated: true }
                    || (asked.Resource is HttpContext context && Gate.IsFromHere(context))));
        });
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownIPNetworks.Clear();
            forwarded.KnownProxies.Clear();
            foreach (IPAddress proxy in options.Proxies) forwarded.KnownProxies.Add(proxy);
        });
    }

    private static void AddWatching(IServiceCollection services, ServeOptions options)
    {
        services.AddSingleton<PipelineStatuses>().AddSingleton<RunMeter>().AddSingleton<PageAnswers>().AddSingleton<WarehouseCheck>();
        services.AddSingleton<ScanAnswers>().AddSingleton<ScanSources>().AddSingleton<ViewerAnswers>();
        services.AddSingleton<ActionRecord>().AddSingleton<ActionAnswers>().AddSingleton<RunAnswers>();
        services.AddHealthChecks().AddCheck<WarehouseCheck>("warehouses").AddCheck<PeopleCheck>("people");
        services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService("verse-etl"))
            .WithMetrics(metrics => metrics.AddMeter(RunMeter.Name).AddPrometheusExporter());
        services.AddSingleton(provider => new ReportedStates(options.StateFolder, provider.GetRequiredService<Serilog.ILogger>()));
        services.AddSingleton(provider => new Notifier(provider.GetRequiredService<RunningPipelines>(), provider.GetRequiredService<ReportedStates>(),
            new NoticeSurroundings(Environment.GetEnvironmentVariable, path => options.Link(provider.GetRequiredService<IServer>(), path)),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Serilog.ILogger>()));
        services.AddHostedService(provider => provider.GetRequiredService<Notifier>());
    }

    private static void AddScheduler(IServiceCollection services, SharedStorage? shared)
    {
        services.AddSingleton<IJobFilterProvider, OwnJobsOnly>();
        services.AddHangfire(hangfire =>
        {
            hangfire.UseTypeResolver(JobTypes.Resolve);
            if (shared is null) hangfire.UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromDays(7) });
            else shared.Use(hangfire);
        });
        if (shared is not null)
        {
            services.AddSharing(shared);
            services.AddHealthChecks().AddCheck<HostsCheck>("hosts");
        }
        services.AddSingleton<ScanMeasuring>().AddSingleton<RunningPipelines>()
            .AddSingleton<ScheduledRun>().AddSingleton<PipelineJob>().AddSingleton<RecurringRuns>().AddSingleton<RunsByHand>();
        services.AddHostedService(provider => provider.GetRequiredService<RunsByHand>());
        services.AddHostedService<PipelineWatch>();
        if (shared is null) services.AddHangfireServer(JobServers.ForRuns);
    }

    private static void Map(WebApplication app)
    {
        app.MapGet("/health/live", () => "live").AllowAnonymous();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            ResponseWriter = (context, report) => context.Response.WriteAsync(string.Join('\n',
                report.Entries.Values.Where(entry => report.Status == HealthStatus.Healthy || entry.Status != HealthStatus.Healthy)
                    .Select(entry => entry.Description).OfType<string>())),
        }).AllowAnonymous();
        // made now: it must have been there when the first run ends
        _ = app.Services.GetRequiredService<RunMeter>();
        app.MapPrometheusScrapingEndpoint("/metrics").RequireAuthorization(ForCollectors);
        app.MapSignIn();
        PeopleAnswers.Map(app);
        Trail trail = app.Services.GetRequiredService<Trail>();
        app.Services.GetRequiredService<RunningPipelines>().Ended += (pipeline, report) =>
        {
            if (report.Ending == RunEnding.Published) trail.Add(Deed.Published, "serve", null, $"{pipeline.Name}: run {report.RunId}");
        };
        PageAnswers.Map(app);
        ScanAnswers.Map(app);
        ViewerAnswers.Map(app);
        ActionAnswers.Map(app);
        RunAnswers.Map(app);
        app.MapHangfireDashboard("/hangfire", new DashboardOptions
        {
            Authorization = [new DashboardAccess()],
            IsReadOnlyFunc = _ => true,
            DisplayStorageConnectionString = false,
            AppPath = "/",
            DashboardTitle = "VerseEtl",
        }).RequireAuthorization(ActionAnswers.MayAct);
    }

    /// <summary>The command owns the signals, so that the exit code tells which one came.</summary>
    private sealed class StoppedByCommand : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
