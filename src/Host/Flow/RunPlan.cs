using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>What a run of one pipeline would find, from names alone.</summary>
public sealed record RunPlan
{
    public required string Pipeline { get; init; }
    public required string Source { get; init; }
    public required string Output { get; init; }

    /// <summary>0, or the code with which the run would end before it measured anything.</summary>
    public int ExitCode { get; init; }

    /// <summary>Why the run would end before it measured anything, the cause first; none where it would not.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>What the run would do first.</summary>
    public string? Note { get; init; }
    public IReadOnlyList<Folder> Folders { get; init; } = [];

    /// <inheritdoc cref="RunReport.FolderSetting"/>
    public IReadOnlyList<string> FolderSetting { get; init; } = [];
    public int Scans { get; init; }

    /// <summary>Scans among them that `source.exclude` leaves out.</summary>
    public int Excluded { get; init; }

    /// <summary>Scans that the current snapshot does not have.</summary>
    public int Added { get; init; }
    public int Known { get; init; }

    /// <summary>Scans of the current snapshot that were not found.</summary>
    public int Gone { get; init; }
    public IReadOnlyList<FindingCount> Findings { get; init; } = [];

    /// <summary>Of the current snapshot; null if there is none.</summary>
    public long? Sequence { get; init; }
    public DateTimeOffset? NextScheduled { get; init; }

    /// <summary>The same on the clock of the schedule's zone, with its offset.</summary>
    public string? NextLocal { get; init; }

    /// <summary>Scans that would be measured without further ado.</summary>
    public int ToMeasure { get; init; }

    /// <summary>Scans whose stored result lacks a picture: they would be read again for it, their rows stay.</summary>
    public int ToPaint { get; init; }

    /// <summary>
    /// Scans whose files would be hashed: copied, moved or touched since they were measured. Those that hold something else are measured;
    /// of all others the stored result is taken.
    /// </summary>
    public int ToHash { get; init; }

    /// <summary>Scans whose stored result would be taken as it is.</summary>
    public int ToTake => Scans - Excluded - ToMeasure - ToHash - ToPaint;

    /// <summary>A folder that would be read.</summary>
    /// <param name="Rule">How files of a dataset of one's own were paired; null for VerSe's names.</param>
    public sealed record Folder(string Path, string Dataset, string Split, int Scans, string? Rule);

    private static readonly TableSchema<ScanRow> Keys =
        TableSchema<ScanRow>.Narrow(PublishedSchema.Scans, [.. PublishedSchema.Scans.TypedColumns.Where(column => column.Name is "scan_key")]);

    /// <param name="planned">Told of every scan that is not left out, in key order, as soon as it was looked at.</param>
    public static async Task<RunPlan> Make(Pipeline pipeline, TimeProvider time, CancellationToken token, Action<PlannedScan>? planned = null)
    {
        DateTimeOffset? next = pipeline.Schedule is Schedule schedule ? ScheduledInstants.Next(schedule, time.GetUtcNow()) : null;
        RunPlan plan = new()
        {
            Pipeline = pipeline.Name,
            Source = pipeline.Source.Path,
            Output = pipeline.Load.Path,
            NextScheduled = next,
            NextLocal = next is DateTimeOffset at ? IsoTime.Minute(at, pipeline.Schedule!.Zone) : null,
        };
        Snapshot? current = Warehouse.Exists(pipeline.Load.Path) ? Warehouse.OpenForReading(pipeline.Load.Path).Current : null;
        if (current is not null) Warehouse.Require(current, PublishedSchema.Scans.Name, token);
        plan = plan with { Sequence = current?.Sequence };
        if (pipeline.Source.IsSample && !SampleDataset.Exists(pipeline.Source.Path))
            return plan with { Note = "the sample dataset is not there yet; a run generates it first" };
        try
        {
            TreeListing listing = SourceListing.Walk(pipeline.Source.At(time.GetUtcNow()), room: null, token);
            IReadOnlyDictionary<ScanWork, int> work = Work(pipeline, listing, time, planned, token);
            (int before, Counted<string> gone) = GoneSince(listing, current, token);
            string[] refusals = before > 0 && PublishGate.Shrunk(before, gone, pipeline.Thresholds) is string shrunk
                ? [$"{Faults.RunBreaker.Code} {shrunk}", Faults.RunBreaker.Action] : [];
            return plan with
            {
                ExitCode = refusals.Length == 0 ? Host.ExitCode.Done : Host.ExitCode.Breaker,
                Reasons = refusals,
                Folders = [.. listing.Folders.Select(seen => new Folder(seen.Folder.Path, seen.Folder.Dataset, seen.Folder.Split, seen.Scans, seen.Rule))],
                FolderSetting = Flow.FolderSetting.Lines(listing.Folders, listing.Unread),
                Scans = listing.Count,
                Excluded = listing.Excluded.Count,
                Added = listing.Count - before + gone.Count,
                Known = before - gone.Count,
                Gone = gone.Count,
                ToMeasure = work.GetValueOrDefault(ScanWork.Measure),
                ToPaint = work.GetValueOrDefault(ScanWork.Paint),
                ToHash = work.GetValueOrDefault(ScanWork.Hash),
                Findings = FindingCount.Of(listing.Findings.Concat(listing.Scans.SelectMany(scan => scan.Findings))
                    .Concat(listing.Excluded.SelectMany(result => result.Findings))),
            };
        }
        catch (RunStoppedException stop)
        {
            return plan with { ExitCode = stop.ExitCode, Reasons = stop.Reasons, FolderSetting = stop.FolderSetting };
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            return plan with { ExitCode = Host.ExitCode.SourceUnavailable, Reasons = [$"{pipeline.Source.Path} cannot be listed: {error.Message}"] };
        }
    }

    /// <summary>How many scans the current snapshot has, and those of them that were not found.</summary>
    private static (int Before, Counted<string> Gone) GoneSince(TreeListing listing, Snapshot? current, CancellationToken token)
    {
        Counted<string> gone = [];
        if (current is null) return (0, gone);
        int before = 0;
        using IEnumerator<string> found = listing.Keys.GetEnumerator();
        bool any = found.MoveNext();
        foreach (string key in Warehouse.Rows(current, Keys, token).Select(scan => scan.ScanKey))
        {
            before++;
            while (any && string.CompareOrdinal(found.Current, key) < 0) any = found.MoveNext();
            if (!any || found.Current != key) gone.Add(key);
        }
        return (before, gone);
    }

    private static Dictionary<ScanWork, int> Work(Pipeline pipeline, TreeListing listing, TimeProvider time,
        Action<PlannedScan>? planned, CancellationToken token)
    {
        string? warehouse = Warehouse.Exists(pipeline.Load.Path) ? Warehouse.OpenForReading(pipeline.Load.Path).Id : null;
        // results are taken from a cache whose snapshots are gone as well
        using StoredResults stored =
            new(Path.Join(pipeline.Load.Path, StoredResults.CacheFolder), pipeline, new RunOptions(), time, new ScanMeasuring().Measure);
        Dictionary<ScanWork, int> counts = [];
        foreach (ScanFiles scan in listing.Scans)
        {
            token.ThrowIfCancellationRequested();
            ScanWork work = stored.Ahead(scan).Work;
            planned?.Invoke(PlannedScan.Of(scan, pipeline, work, warehouse));
            counts[work] = counts.GetValueOrDefault(work) + 1;
        }
        return counts;
    }
}
