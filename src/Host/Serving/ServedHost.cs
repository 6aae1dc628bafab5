using System.Net;
using Hangfire;
using Hangfire.InMemory;
using Microsoft.AspNetCore.DataProtection;
using Serilog;
using VerseEtl.Host.Sharing;

namespace VerseEtl.Host.Serving;

/// <summary>The program that stands there: the scheduler, its dashboard and health, on loopback only. Nothing but the warehouses is remembered.</summary>
internal static class ServedHost
{
    private const int LargestRequest = 64 * 1024;

    // threads that wait cost little, and a trigger that waits for one cannot be skipped in time
    private const int Triggers = 20;

    /// <param name="port">0 takes a free one.</param>
    /// <param name="shared">Where hosts share the work; null keeps the scheduler's jobs in memory.</param>
    /// <param name="control">The dashboard may also trigger, cancel and delete.</param>
    public static WebApplication Build(PipelineSet pipelines, int port, bool control, TimeProvider time, ILogger log, SharedStorage? shared = null)
    {
        // empty: neither environment variables nor files of the framework can bind it anywhere else
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(ServedHost).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
        });
        IServiceCollection services = builder.Services;
        services.AddSerilog(log);
        services.AddSingleton(log).AddSingleton(time).AddSingleton(pipelines);
        services.AddSingleton<IHostLifetime, StoppedByCommand>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
        services.AddRouting().AddAntiforgery();
        // keys of a running process only: nothing is written to a home folder
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddHostFiltering(hosts => hosts.AllowedHosts = ["localhost", "127.0.0.1"]);
        services.AddHangfire(hangfire =>
        {
            hangfire.UseTypeResolver(JobTypes.Resolve);
            if (shared is null) hangfire.UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromDays(7) });
            else shared.Use(hangfire);
        });
        if (shared is not null) services.AddSharing(shared);
        services.AddSingleton<RunningPipelines>().AddSingleton<ScheduledRun>().AddSingleton<PipelineJob>().AddSingleton<RecurringRuns>();
        services.AddHostedService<PipelineWatch>();
        services.AddHangfireServer(server =>
        {
            server.WorkerCount = Triggers;
            server.ServerName = SharingServices.HostName;
            server.SchedulePollingInterval = TimeSpan.FromSeconds(1);
            server.CancellationCheckInterval = TimeSpan.FromSeconds(1);
            server.ShutdownTimeout = TimeSpan.FromSeconds(15);
        });

        WebApplication app = builder.Build();
        app.UseHostFiltering();
        app.Use(LocalOnly.Guard);
        app.UseRouting();
        app.MapGet("/health/live", () => "live");
        app.MapGet("/health/ready", (HttpContext context) => StatusPage.Ready(context, pipelines));
        app.MapGet("/", (HttpContext context) => StatusPage.Write(context, pipelines, time));
        app.MapGet("/audit/{pipeline}", (HttpContext context, string pipeline) => StatusPage.Audit(context, pipelines, pipeline));
        app.MapHangfireDashboard("/hangfire", new DashboardOptions
        {
            Authorization = [new LocalOnly()],
            IsReadOnlyFunc = _ => !control,
            DisplayStorageConnectionString = false,
            AppPath = "/",
            DashboardTitle = "VerseEtl",
        });
        return app;
    }

    /// <summary>The command owns the signals, so that the exit code tells which one came.</summary>
    private sealed class StoppedByCommand : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
