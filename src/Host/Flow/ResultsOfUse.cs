using System.Globalization;
using VerseEtl.Load.Cache;
using VerseEtl.Transform.Cohort;

namespace VerseEtl.Host.Flow;

/// <summary>The keys of the stored results that scans of a run have, noted in a workspace. Safe to add to from several threads.</summary>
internal sealed class ResultsOfUse(IWorkspace workspace) : IDisposable
{
    // of a file that is no entry
    private const int NoFolder = 256;

    private readonly Lock _adding = new();
    private readonly IBuckets<TextKey> _keys = workspace.Buckets<TextKey>();

    public void Add(string key)
    {
        lock (_adding) _keys.Add(FolderOf(key), TextKey.Of(key));
    }

    /// <summary>Removes the results of a cache that are of no use and were stored before a time.</summary>
    /// <returns>How many.</returns>
    public int Prune(ScanCache cache, DateTimeOffset before)
    {
        // entries come folder by folder, and so do keys: those of one folder are held
        (int folder, HashSet<TextKey> used) = (-1, []);
        return cache.Prune(key =>
        {
            if (FolderOf(key) != folder) (folder, used) = (FolderOf(key), [.. _keys.Ascending(FolderOf(key))]);
            return used.Contains(TextKey.Of(key));
        }, before);
    }

    public void Dispose() => _keys.Dispose();

    // of the cache: a key begins with it
    private static int FolderOf(string key)
    {
        ReadOnlySpan<char> digits = key.AsSpan(0, Math.Min(2, key.Length));
        return byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte folder) ? folder : NoFolder;
    }
}
