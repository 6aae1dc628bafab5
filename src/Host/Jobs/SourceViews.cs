using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Jobs;

/// <summary>How this host sees the sources: listed once for a run, not for each of its parts, and how many scans there were.</summary>
internal sealed class SourceViews(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Run, Task<TreeListing> Listing)> _listed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _scans = new(StringComparer.Ordinal);

    /// <summary>Scans of each pipeline that was listed, when it was listed last.</summary>
    public IReadOnlyDictionary<string, int> Scans
    {
        get
        {
            lock (_lock) return _scans.ToDictionary();
        }
    }

    /// <summary>The source as it was listed for a run.</summary>
    /// <inheritdoc cref="Now"/>
    public async Task<TreeListing> Of(Pipeline pipeline, string run, ScanRetry retry, CancellationToken token)
    {
        Task<TreeListing> listing;
        lock (_lock)
        {
            if (!_listed.TryGetValue(pipeline.Name, out (string Run, Task<TreeListing> Listing) known) || known.Run != run || known.Listing.IsFaulted)
                _listed[pipeline.Name] = known = (run, Task.Run(() => Now(pipeline, retry, CancellationToken.None), CancellationToken.None));
            listing = known.Listing;
        }
        return await listing.WaitAsync(token);
    }

    /// <summary>The source as it is.</summary>
    /// <exception cref="RunStoppedException">There is nothing to read.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public async Task<TreeListing> Now(Pipeline pipeline, ScanRetry retry, CancellationToken token)
    {
        try
        {
            TreeListing listing = await SourceListing.Walk(pipeline.Source.At(time.GetUtcNow()), room: null, retry, token);
            lock (_lock) _scans[pipeline.Name] = listing.Count;
            return listing;
        }
        catch (RunStoppedException)
        {
            lock (_lock) _scans[pipeline.Name] = 0;
            throw;
        }
    }
}
