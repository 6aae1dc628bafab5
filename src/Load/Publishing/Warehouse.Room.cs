using VerseEtl.Load.Cache;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Cohort;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>What takes room, and what of it nothing needs.</summary>
public sealed partial class Warehouse
{
    // what a run under way has stored is younger, and so is what a person has just put back
    private static readonly TimeSpan YoungestUnneeded = TimeSpan.FromDays(1);

    // an index of another path may be that of another host, which uses it every night
    private static readonly TimeSpan IndexUnused = TimeSpan.FromDays(30);

    private static readonly TimeSpan WorkAbandoned = TimeSpan.FromDays(7);

    /// <summary>Looks, and takes nothing away.</summary>
    /// <param name="source">Path of the source whose index is in use; null if it is not known.</param>
    internal Task<IReadOnlyList<RoomTaken>> Room(string? source, CancellationToken cancellation = default) => Task.Run(() => Guard(() =>
    {
        Commit[] present = Present();
        HashSet<long> due = [.. WouldPrune()];
        string[] forgotten = !Directory.Exists(_layout.Work) ? [] : [.. Directory.GetDirectories(_layout.Work)
            .Where(run => Files(run).All(file => file.LastWriteTimeUtc < (_options.Time.GetUtcNow() - WorkAbandoned).UtcDateTime))];
        bool underWay = RunsUnderWay().Count > 0 || StagingArea.LiveRuns(_layout).Count > 0;
        (NeededScans? needed, string? why) = underWay
            ? (null, "a run is under way: all of it stays") : Needed(present.Where(commit => !due.Contains(commit.Sequence)), cancellation);
        DateTime before = (_options.Time.GetUtcNow() - YoungestUnneeded).UtcDateTime;
        DateTimeOffset published = present.LastOrDefault()?.CommittedUtc ?? DateTimeOffset.MinValue;

        List<string> unused = [], pictures = [];
        if (needed is not null)
        {
            foreach (StoredEntry entry in new ScanCache(_layout.Cache).All())
            {
                cancellation.ThrowIfCancellationRequested();
                // what was stored since the last publish is there for the next one
                bool old = entry.StoredUtc < before && entry.StoredUtc < published.UtcDateTime;
                if (old && !needed.Has(entry.Scan)) unused.Add(entry.Path);
                else needed.AddPicture(entry.Scan?.PicturePath);
            }
            IEnumerable<string> shownByNothing = new PictureStore(Root).StoredBefore(before).Where(picture => !needed.HasPicture(picture));
            pictures.AddRange(shownByNothing.Select(picture => Path.Combine(Root, picture)));
        }
        DateTimeOffset now = _options.Time.GetUtcNow();
        return (IReadOnlyList<RoomTaken>)
        [
            Of("snapshots", [_layout.Snapshots],
                [.. present.Where(commit => due.Contains(commit.Sequence)).Select(commit => _layout.Snapshot(commit.Snapshot))]),
            Of("pictures", [Path.Combine(Root, "pictures")], pictures, why),
            Of("cache", [Path.Combine(_layout.Cache, "scans")], unused, why),
            Of("indexes", Directory.Exists(_layout.Cache) ? Directory.GetFiles(_layout.Cache) : [],
                ScanIndex.UnusedSince(_layout.Cache, source, now - IndexUnused)),
            Of("ledger", [_layout.Runs], LeftOfKilled()),
            Of("work", [_layout.Work], forgotten),
            Of("staging", [_layout.Staging, _layout.Trash], Abandoned()),
        ];
    }), cancellation);

    /// <summary>
    /// Takes away what nothing needs: what retention no longer covers, what killed writers left, and of the rest what neither a snapshot that
    /// stays nor a run under way has any use for. Safe beside runs and after a kill at any moment: each thing goes by itself, and nothing that
    /// goes is needed by what stays.
    /// </summary>
    /// <returns>What went.</returns>
    internal async Task<IReadOnlyList<RoomTaken>> FreeRoom(string? source, CancellationToken cancellation = default)
    {
        RequireWritable();
        IReadOnlyList<RoomTaken> room = await Room(source, cancellation);
        return Guard(() =>
        {
            using (StagingArea area = StagingArea.Create(_layout, "gc-" + Guid.NewGuid().ToString("N")))
                Recovery.Run(_layout, _log, area, _options.Time.GetUtcNow());
            Pruning.Run(_layout, _log.ReadChain(), _options);
            foreach (RoomTaken kind in room.Where(kind => kind.Kind is not ("snapshots" or "staging")))
                foreach (string path in kind.Free)
                {
                    cancellation.ThrowIfCancellationRequested();
                    At(PublishSteps.Freeing);
                    Take(Path.Combine(Root, path), kind.Kind);
                }
            return room;
        });
    }

    private void Take(string path, string kind)
    {
        if (Directory.Exists(path))
        {
            string trash = _layout.NewTrash();
            if (Durable.TryRename(path, trash)) Durable.RemoveTree(trash);
            return;
        }
        // a run that began meanwhile may have stored or used it again
        bool usedAgain = kind is "pictures" or "cache" && File.GetLastWriteTimeUtc(path) >= (_options.Time.GetUtcNow() - YoungestUnneeded).UtcDateTime;
        if (!usedAgain) Durable.Unlink(path);
    }

    private Commit[] Present() => [.. _log.ReadChain().Commits.Where(commit => Directory.Exists(_layout.Snapshot(commit.Snapshot)))];

    /// <summary>What snapshots need. Null, and why, where one cannot be read.</summary>
    private (NeededScans? Needed, string? Why) Needed(IEnumerable<Commit> commits, CancellationToken cancellation)
    {
        NeededScans needed = new();
        try
        {
            foreach (Commit commit in commits)
            {
                if (_log.SnapshotOf(commit) is not Snapshot snapshot) return (null, Invariant($"snapshot {commit.Sequence} is damaged: all of it stays"));
                foreach (ScanOfSnapshot scan in Rows(snapshot, ScanOfSnapshot.Table, cancellation)) needed.Add(scan.Stored);
            }
        }
        catch (WarehouseDamagedException damaged)
        {
            return (null, $"{damaged.Damage[0]}: all of it stays");
        }
        return (needed, null);
    }

    /// <summary>Journals whose run has ended, or that never stood in the ledger: what was killed within moments.</summary>
    private string[] LeftOfKilled() =>
    [
        .. Directory.GetFiles(_layout.Runs, "*" + RunJournal.Extension).Where(path => !RunJournal.IsHeld(path)
            && _ledger.Find(Path.GetFileNameWithoutExtension(path)).Runs is not [{ Outcome.Word: "unfinished" }]),
    ];

    /// <summary>Areas of dead writers, and what lies in the trash.</summary>
    private string[] Abandoned()
    {
        HashSet<string> live = StagingArea.LiveRuns(_layout);
        return [.. Directory.GetDirectories(_layout.Staging).Where(area => !live.Contains(WarehouseLayout.Run8(Path.GetFileName(area)))),
            .. Directory.GetFileSystemEntries(_layout.Trash)];
    }

    private RoomTaken Of(string kind, IEnumerable<string> places, IReadOnlyList<string> free, string? kept = null)
    {
        (int files, long bytes) = (0, 0);
        foreach (FileInfo file in places.SelectMany(Files)) (files, bytes) = (files + 1, bytes + Length(file));
        return new RoomTaken(kind, files, bytes, [.. free.Select(path => Path.GetRelativePath(Root, path))],
            free.SelectMany(Files).Sum(Length), kept);
    }

    private static IEnumerable<FileInfo> Files(string path)
    {
        EnumerationOptions all = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        if (File.Exists(path)) return [new FileInfo(path)];
        return Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles("*", all) : [];
    }

    /// <summary>0 for one that went while it was looked at.</summary>
    private static long Length(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>
    /// Which results and pictures are needed, each as 128 bits of a SHA-256 of what names it. Two that were taken for one would keep what is not needed;
    /// what is needed is always in here.
    /// </summary>
    private sealed class NeededScans
    {
        private readonly HashSet<TextKey> _scans = [], _pictures = [];

        public void Add(StoredScan scan)
        {
            _scans.Add(Of(scan));
            AddPicture(scan.PicturePath);
        }

        public void AddPicture(string? path)
        {
            if (path is not null) _pictures.Add(TextKey.Of(path));
        }

        public bool Has(StoredScan? scan) => scan is not null && _scans.Contains(Of(scan));

        public bool HasPicture(string path) => _pictures.Contains(TextKey.Of(path));

        // whatever its picture: options of pictures change none of the rows
        private static TextKey Of(StoredScan scan) => TextKey.Of($"{scan.ScanKey}\n{scan.CtSha256 ?? "-"}\n{scan.MaskSha256 ?? "-"}");
    }

    /// <summary>Of a scan: what its files held, and its picture.</summary>
    private sealed record ScanOfSnapshot
    {
        public required string ScanKey { get; init; }
        public string? CtSha256 { get; init; }
        public string? MaskSha256 { get; init; }
        public string? PicturePath { get; init; }

        public StoredScan Stored => new(ScanKey, CtSha256, MaskSha256, PicturePath);

        public static TableSchema<ScanOfSnapshot> Table { get; } = TableSchema<ScanOfSnapshot>.Narrow(PublishedSchema.Scans,
            Columns<ScanOfSnapshot>.Text("scan_key", row => row.ScanKey, new("")),
            Columns<ScanOfSnapshot>.OptionalText("ct_sha256", row => row.CtSha256, new("")),
            Columns<ScanOfSnapshot>.OptionalText("mask_sha256", row => row.MaskSha256, new("")),
            Columns<ScanOfSnapshot>.OptionalText("picture_path", row => row.PicturePath, new("")));
    }
}
