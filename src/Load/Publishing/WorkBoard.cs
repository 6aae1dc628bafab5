using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using VerseEtl.Load.Storage;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>
/// work/ of a warehouse: plans of runs whose scans several hosts measure, and marks of what is done. Everything is a file that appears
/// whole or not at all, so any host may die at any moment, and two that do the same thing do no harm.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class WorkBoard
{
    private const string PlanName = "plan.json", Done = "done-", HandedOut = "handed-out", Asked = "asked";

    // a host whose clock of life stands still this long is taken for stopped, although it holds the lock
    private static readonly TimeSpan StoppedAfter = TimeSpan.FromMinutes(1), Beat = TimeSpan.FromSeconds(10);

    private readonly string _root;
    private readonly string _trash;

    internal WorkBoard(WarehouseLayout layout) => (_root, _trash) = (layout.Work, layout.Trash);

    /// <summary>Run keys that have a plan.</summary>
    public IReadOnlyList<string> RunKeys() => Guard(() =>
        Directory.Exists(_root)
            ? Directory.GetDirectories(_root).Where(folder => File.Exists(Path.Combine(folder, PlanName)))
                .Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal).ToArray()
            : []);

    /// <summary>The plan of a run; null if there is none.</summary>
    public WorkPlan? Find(string runKey) => Guard(() =>
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(FolderOf(runKey), PlanName)), LoadJson.Default.WorkPlan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    });

    /// <summary>Puts a plan up unless the run has one.</summary>
    /// <returns>The plan that stands.</returns>
    public WorkPlan Put(WorkPlan plan) => Guard(() =>
    {
        string folder = FolderOf(plan.RunKey), prepared = Path.Combine(folder, Durable.TemporaryPrefix + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        Durable.WriteNew(prepared, JsonSerializer.SerializeToUtf8Bytes(plan, LoadJson.Default.WorkPlan));
        bool mine = Durable.TryLink(prepared, Path.Combine(folder, PlanName));
        Durable.Unlink(prepared);
        Durable.SyncDirectory(folder);
        return mine ? plan : Find(plan.RunKey) ?? plan;
    });

    /// <summary>The plan's chunks that are not marked as done.</summary>
    public IReadOnlyList<int> Open(WorkPlan plan) => Guard(() =>
    {
        HashSet<string> marks = [.. Directory.Exists(FolderOf(plan.RunKey))
            ? Directory.GetFiles(FolderOf(plan.RunKey), Done + "*").Select(mark => Path.GetFileName(mark))
            : []];
        return (IReadOnlyList<int>)[.. Enumerable.Range(0, plan.Chunks.Count).Where(chunk => !marks.Contains(Mark(chunk)))];
    });

    /// <summary>Marks a chunk as done; one whose plan is gone is not marked.</summary>
    public void MarkDone(string runKey, int chunk) => Touch(runKey, Mark(chunk));

    /// <summary>Every chunk was put into the queue.</summary>
    public bool IsHandedOut(string runKey) => File.Exists(Path.Combine(FolderOf(runKey), HandedOut));

    public void MarkHandedOut(string runKey) => Touch(runKey, HandedOut);

    /// <summary>The queue may have lost chunks: they are to be handed out again.</summary>
    public void Recall(string runKey) => Durable.Unlink(Path.Combine(FolderOf(runKey), HandedOut));

    /// <summary>Notes that somebody was asked to go on with the run.</summary>
    public void MarkAsked(string runKey) => Touch(runKey, Asked);

    /// <summary>How long ago somebody was asked to go on with the run; null if nobody was.</summary>
    public TimeSpan? SinceAsked(string runKey) => Guard(() => Age(Path.Combine(FolderOf(runKey), Asked)));

    /// <summary>How long ago anything happened to the run's plan.</summary>
    public TimeSpan Idle(string runKey) => Guard(() =>
    {
        string folder = FolderOf(runKey);
        string? newest = Directory.Exists(folder) ? Directory.GetFiles(folder).MaxBy(File.GetLastWriteTimeUtc) : null;
        return newest is null ? TimeSpan.Zero : Age(newest) ?? TimeSpan.Zero;
    });

    /// <summary>Takes a plan down, with its marks.</summary>
    public void Remove(string runKey) => Guard(() =>
    {
        string gone = Path.Combine(_trash, Guid.NewGuid().ToString("N"));
        if (Directory.Exists(FolderOf(runKey)) && Durable.TryRename(FolderOf(runKey), gone)) Durable.RemoveTree(gone);
        return true;
    });

    /// <summary>
    /// The right to plan and publish here, until the result is disposed or the process ends. Saves work, not correctness: a host that holds
    /// it and stands still is passed by.
    /// </summary>
    /// <returns>Null while another host that is alive has it.</returns>
    public IDisposable? TryHold() => Guard<IDisposable?>(() =>
    {
        Directory.CreateDirectory(_root);
        string name = Path.Combine(_root, "hold");
        if (Durable.TryLock(name) is IDisposable held) return new Heartbeat(name, held);
        return Age(name) > StoppedAfter ? new Heartbeat(name, null) : null;
    });

    private void Touch(string runKey, string mark) => Guard(() =>
    {
        if (Directory.Exists(FolderOf(runKey))) Durable.Replace(Path.Combine(FolderOf(runKey), mark), []);
        return true;
    });

    /// <summary>Since a file was written, by the clock of the file server: those of the hosts may be wrong.</summary>
    private TimeSpan? Age(string file)
    {
        if (!File.Exists(file)) return null;
        string probe = Path.Combine(_root, Durable.TemporaryPrefix + Guid.NewGuid().ToString("N"));
        Durable.WriteNew(probe, []);
        TimeSpan age = File.GetLastWriteTimeUtc(probe) - File.GetLastWriteTimeUtc(file);
        Durable.Unlink(probe);
        return age;
    }

    private string FolderOf(string runKey)
    {
        if (runKey.Length is 0 or > 100 || !runKey.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is ':' or '-' or '_'))
            throw new ArgumentException("A run key is 1 to 100 of a-z, 0-9, ':', '-' and '_'.", nameof(runKey));
        return Path.Combine(_root, runKey);
    }

    private static string Mark(int chunk) => Done + chunk.ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>Shows that the holder is alive.</summary>
    private sealed class Heartbeat : IDisposable
    {
        private readonly IDisposable? _held;
        private readonly Timer _timer;

        public Heartbeat(string name, IDisposable? held)
        {
            _held = held;
            _timer = new Timer(_ => Show(name), null, TimeSpan.Zero, Beat);
        }

        public void Dispose()
        {
            _timer.Dispose();
            _held?.Dispose();
        }

        private static void Show(string name)
        {
            try
            {
                File.WriteAllBytes(name, [1]);
            }
            catch (Exception e) when (StorageException.Covers(e))
            {
                // seen as standing still, which at worst doubles work
            }
        }
    }
}
