using System.Runtime.Versioning;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>
/// staging/&lt;run_id&gt;/: private to one live process, which holds the lock file in it. Whoever can take the lock of another's area
/// knows that its owner is dead and may clear it away.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class StagingArea : IDisposable
{
    private const string LockName = "lock";
    private readonly WarehouseLayout _layout;
    private readonly IDisposable _held;

    private StagingArea(WarehouseLayout layout, string path, IDisposable held) => (_layout, Path, _held) = (layout, path, held);

    public string Path { get; }

    /// <exception cref="StorageException">STO_BUSY: a live process uses this run id.</exception>
    public static StagingArea Create(WarehouseLayout layout, string runId)
    {
        string path = System.IO.Path.Combine(layout.Staging, runId);
        for (int tries = 0; tries < 50; tries++)
        {
            Directory.CreateDirectory(path);
            if (Durable.TryLock(System.IO.Path.Combine(path, LockName)) is IDisposable held)
            {
                foreach (string entry in Directory.GetFileSystemEntries(path))
                    if (System.IO.Path.GetFileName(entry) != LockName)
                        Durable.RemoveTree(entry);
                return new StagingArea(layout, path, held);
            }
            Thread.Sleep(20); // recovery elsewhere may hold the lock while it moves a dead area away
        }
        throw new StorageException("STO_BUSY", $"another process is publishing under run id {runId}; let it end or use another id");
    }

    /// <summary>The hashes of the run ids whose owners are alive.</summary>
    public static HashSet<string> LiveRuns(WarehouseLayout layout)
    {
        HashSet<string> live = [];
        foreach (string path in Directory.GetDirectories(layout.Staging))
        {
            using IDisposable? dead = Durable.TryLock(System.IO.Path.Combine(path, LockName));
            if (dead is null && Directory.Exists(path)) live.Add(WarehouseLayout.Run8(System.IO.Path.GetFileName(path)));
        }
        return live;
    }

    /// <summary>Moves the areas of dead processes to trash/.</summary>
    public static void ClearDead(WarehouseLayout layout)
    {
        foreach (string path in Directory.GetFileSystemEntries(layout.Staging))
        {
            if (!Directory.Exists(path))
            {
                Durable.Unlink(path);
                continue;
            }
            using IDisposable? dead = Durable.TryLock(System.IO.Path.Combine(path, LockName));
            if (dead is not null) Durable.TryRename(path, layout.NewTrash());
        }
    }

    public void Dispose()
    {
        // out of the way first, so that the directory vanishes whole; then the lock
        string trash = _layout.NewTrash();
        try
        {
            if (Durable.TryRename(Path, trash)) Durable.RemoveTree(trash);
        }
        catch (Exception e) when (e is StorageException || StorageException.Covers(e))
        {
            // recovery clears it away; the failure that led here matters more
        }
        _held.Dispose();
    }
}
