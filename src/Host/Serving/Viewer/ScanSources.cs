using System.Collections.Concurrent;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Serving.Viewer;

/// <summary>Where the files of a snapshot's scans are, by a walk over the source that is made once for a snapshot.</summary>
internal sealed class ScanSources(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Listed> _known = new(StringComparer.Ordinal);

    /// <returns>Null where the source has no such scan any more.</returns>
    /// <exception cref="RunStoppedException">The source cannot be listed.</exception>
    /// <exception cref="IOException">The same, for a reason that may pass.</exception>
    public ScanFiles? Find(Pipeline pipeline, Snapshot snapshot, string scanKey, CancellationToken token)
    {
        if (!_known.TryGetValue(pipeline.Name, out Listed? known) || known.Snapshot != snapshot.Directory || !ReferenceEquals(known.Pipeline, pipeline))
        {
            TreeListing listing = SourceListing.Walk(pipeline.Source.At(time.GetUtcNow()), room: null, token);
            known = new Listed(pipeline, snapshot.Directory, listing);
            _known[pipeline.Name] = known;
        }
        return known.Listing.Find(scanKey);
    }

    private sealed record Listed(Pipeline Pipeline, string Snapshot, TreeListing Listing);
}
