using VerseEtl.Load.Cache;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
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
    internal Task<IReadOnlyList<RoomTaken>> Room(string? source, CancellationToken cancellation = default) => Guard(async () =>
    {
        Commit[] present = Present();
        HashSet<long> due = [.. WouldPrune()];
        string[] forgotten = !Directory.Exists(_layout.Work) ? [] : [.. Directory.GetDirectories(_layout.Work)
            .Where(run => Files(run).All(file => file.LastWriteTimeUtc < (_options.Time.GetUtcNow() - WorkAbandoned).UtcDateTime))];
        bool underWay = RunsUnderWay().Count > 0 || StagingArea.LiveRuns(_layout).Count > 0;
        (HashSet<StoredScan>? named, string? why) = underWay
            ? (null, "a run is under way: all of it stays") : await Named(present.Where(commit => !due.Contains(commit.Sequence)), cancellation);
        DateTime before = (_options.Time.GetUtcNow() - YoungestUnneeded).UtcDateTime;
        DateTimeOffset published = present.LastOrDefault()?.CommittedUtc ?? DateTimeOffset.MinValue;

        StoredEntry[] entries = [.. new ScanCache(_layout.Cache).All()];
        // what was stored since the last publish is there for the next one
        StoredEntry[] unused = named is null ? [] : [.. entries.Where(entry => entry.StoredUtc < before && entry.StoredUtc < published.UtcDateTime
            && (entry.Scan is null || !named.Contains(entry.Scan with { PicturePath = null })))];
        HashSet<string?> shown = [.. (named ?? []).Select(scan => scan.PicturePath), .. entries.Except(unused).Select(entry => entry.Scan?.PicturePath)];
        string[] pictures = named is null ? [] : [.. new PictureStore(Root).StoredBefore(before).Where(picture => !shown.Contains(picture))];
        DateTimeOffset now = _options.Time.GetUtcNow();
        return (IReadOnlyList<RoomTaken>)
        [
            Of("snapshots", [_layout.Snapshots],
                [.. present.Where(commit => due.Contains(commit.Sequence)).Select(commit => _layout.Snapshot(commit.Snapshot))]),
            Of("pictures", [Path.Combine(Root, "pictures")], [.. pictures.Select(picture => Path.Combine(Root, picture))], why),
            Of("cache", [Path.Combine(_layout.Cache, "scans")], [.. unused.Select(entry => entry.Path)], why),
            Of("indexes", Directory.Exists(_layout.Cache) ? Directory.GetFiles(_layout.Cache) : [],
                ScanIndex.UnusedSince(_layout.Cache, source, now - IndexUnused)),
            Of("ledger", [_layout.Runs], LeftOfKilled()),
            Of("work", [_layout.Work], forgotten),
            Of("staging", [_layout.Staging, _layout.Trash], Abandoned()),
        ];
    });

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

    /// <summary>Scans of snapshots: with what their files held, and with their pictures. Null, and why, where one cannot be read.</summary>
    private async Task<(HashSet<StoredScan>? Scans, string? Why)> Named(IEnumerable<Commit> commits, CancellationToken cancellation)
    {
        HashSet<StoredScan> named = [];
        try
        {
            foreach (Commit commit in commits)
            {
                if (_log.SnapshotOf(commit) is not Snapshot snapshot) return (null, Invariant($"snapshot {commit.Sequence} is damaged: all of it stays"));
                foreach (ScanOfSnapshot scan in await ReadTable(snapshot, ScanOfSnapshot.Table, cancellation))
                    named.UnionWith([scan.Stored, scan.Stored with { PicturePath = null }]);
            }
        }
        catch (WarehouseDamagedException damaged)
        {
            return (null, $"{damaged.Damage[0]}: all of it stays");
        }
        return (named, null);
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
        FileInfo[] files = [.. places.SelectMany(Files)];
        return new RoomTaken(kind, files.Length, files.Sum(Length), [.. free.Select(path => Path.GetRelativePath(Root, path))],
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
