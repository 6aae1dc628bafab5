using Hangfire;

namespace VerseEtl.Host.Jobs;

/// <summary>What a host needs to share work.</summary>
internal static class SharingServices
{
    public static IServiceCollection AddSharing(this IServiceCollection services, SharedStorage storage)
    {
        services.AddSingleton(storage).AddSingleton<SharedRuns>().AddSingleton<DividedRuns>().AddSingleton<SourceViews>().AddSingleton<MeasureJob>();
        services.AddSingleton(provider => new JobSurroundings(provider.GetRequiredService<IBackgroundJobClient>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Serilog.ILogger>()));
        services.AddSingleton<HostAgreement>().AddHostedService(provider => provider.GetRequiredService<HostAgreement>());
        services.AddHostedService<WorkWatch>().AddHostedService<ClockWatch>().AddHostedService<SharingServers>();
        return services;
    }
}
