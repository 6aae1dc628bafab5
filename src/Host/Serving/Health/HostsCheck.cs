using Microsoft.Extensions.Diagnostics.HealthChecks;
using VerseEtl.Host.Jobs;

namespace VerseEtl.Host.Serving.Health;

/// <summary>Where hosts share the work, ready means too: this one sees what the others see, and reaches the database.</summary>
internal sealed class HostsCheck(HostAgreement hosts) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(hosts.Objections is { Count: > 0 } objections
            ? HealthCheckResult.Unhealthy(string.Join('\n', objections))
            : HealthCheckResult.Healthy());
}
