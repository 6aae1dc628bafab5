using Hangfire;
using VerseEtl.Host.Jobs;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>What the page tells of the hosts that share the work.</summary>
/// <param name="Known">Null while the scheduler's database cannot be reached.</param>
public sealed record HostsView(SharedHosts? Known)
{
    /// <param name="shared">Null where this host does all the work: there is nothing to tell.</param>
    internal static HostsView? Of(JobStorage storage, SharedStorage? shared)
    {
        if (shared is null) return null;
        try
        {
            return new HostsView(SharedHosts.Of(storage));
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // whatever a storage library throws: the pipelines are shown all the same
            return new HostsView(Known: null);
        }
    }
}
