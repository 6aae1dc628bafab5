using Hangfire;
using VerseEtl.Host.AuditPage;
using VerseEtl.Host.Jobs;

namespace VerseEtl.Host.Serving.Page;

/// <summary>The hosts that share the work and what waits for them; nothing where this host does all of it.</summary>
internal sealed class HostsCard(JobStorage storage, TimeProvider time, SharedStorage? shared = null)
{
    public HtmlText Draw()
    {
        if (shared is null) return new HtmlText();
        try
        {
            return Draw(SharedHosts.Of(storage), time.GetUtcNow());
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // whatever a storage library throws: the pipelines are shown all the same
            return HtmlText.Of($"<article>\n<h2>Hosts</h2>\n<p class=\"trouble\">The scheduler's database cannot be reached.</p>\n</article>\n");
        }
    }

    internal static HtmlText Draw(SharedHosts all, DateTimeOffset now)
    {
        HtmlText card = HtmlText.Of($"<article>\n<h2>Hosts</h2>\n<p class=\"quiet\">{all.Waiting} {(all.Waiting == 1 ? "chunk waits" : "chunks wait")} for a host.</p>\n<div class=\"scroll\"><table class=\"stack\">\n<tr><th class=\"l\">host</th><th class=\"l\">started</th><th class=\"l\">last seen</th><th class=\"l\">at work on</th></tr>\n");
        foreach (SharedHost host in all.Hosts)
            card.Add($"<tr><td class=\"l\"><b>{host.Name}</b></td><td class=\"l\" data-name=\"started\">{Words.From(now, host.StartedUtc)}</td><td class=\"l\" data-name=\"seen\">{Words.From(now, host.SeenUtc)}</td><td class=\"l w\">{(host.Doing.Count == 0 ? "nothing" : string.Join(", ", host.Doing))}</td></tr>\n");
        return card.Add($"</table></div>\n</article>\n");
    }
}
