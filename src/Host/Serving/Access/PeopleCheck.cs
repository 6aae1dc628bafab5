using Microsoft.Extensions.Diagnostics.HealthChecks;
using VerseEtl.Host.Serving.People;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.Access;

/// <summary>Ready means too: people can sign in, and what they do is kept.</summary>
internal sealed class PeopleCheck(Accounts accounts, Sessions sessions, Trail trail) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string[] objections = [.. Objections()];
        return Task.FromResult(objections.Length > 0 ? HealthCheckResult.Unhealthy(string.Join('\n', objections)) : HealthCheckResult.Healthy());
    }

    private IEnumerable<string> Objections()
    {
        if (!CanBeRead(() => accounts.Stamp(Role.Operator))) yield return "the accounts cannot be read: nobody can sign in";
        if (!CanBeRead(sessions.Open)) yield return "sessions cannot be read";
        if (trail.HasFailed) yield return "what people do cannot be kept";
    }

    private static bool CanBeRead(Func<object?> look)
    {
        try
        {
            _ = look();
            return true;
        }
        catch (Exception error) when (error is StorageException || StorageException.Covers(error))
        {
            return false;
        }
    }
}
