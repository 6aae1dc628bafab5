using System.Globalization;
using System.Runtime.Versioning;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Load.Publishing;

/// <summary>runs/: one file per run under its id. Ids begin with the run's start, so names sort by time.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RunLedger(string directory)
{
    private const string Extension = ".json", FindingsExtension = ".findings.parquet";

    // more than an entry and what the file system needs for it
    private const int ReservedBytes = 1 << 16;

    // a minute apart these are a week, a night apart 27 years
    private const int Kept = 10_000;

    // what a run looks through
    private const int LookedThrough = 500;

    /// <summary>Puts room by for the entry of a night on which the disk is full; without it such a night leaves no trace.</summary>
    public void PutRoomBy()
    {
        try
        {
            if (!File.Exists(Reserve)) Durable.Replace(Reserve, new byte[ReservedBytes]);
        }
        catch (StorageException)
        {
            // there is no room to put by
        }
    }

    /// <summary>Writes an entry over an earlier one of the same run, and removes the oldest where there are too many.</summary>
    public void Write(RunRecord run)
    {
        byte[] entry = SealedJson.Write(run, LoadForms.Run);
        bool isNew = !File.Exists(PathOf(run.RunId));
        try
        {
            Durable.Replace(PathOf(run.RunId), entry);
        }
        catch (StorageException full) when (full.IsOfRoom && File.Exists(Reserve))
        {
            Durable.Unlink(Reserve);
            Durable.Replace(PathOf(run.RunId), entry);
        }
        // one that is written over makes them no more
        if (!isNew) return;
        foreach (string name in Names().SkipLast(Kept))
        {
            Durable.Unlink(FindingsOf(name[..^Extension.Length]));
            Durable.Unlink(Path.Combine(directory, name[..^Extension.Length] + RunJournal.Extension));
            Durable.Unlink(Path.Combine(directory, name));
        }
    }

    /// <summary>Writes the findings of a run, as Parquet, and gives what its entry says of them.</summary>
    /// <param name="findings">In key order.</param>
    public async Task<RunFindings> WriteFindings(string runId, IEnumerable<Finding> findings)
    {
        string temporary = Path.Combine(directory, Durable.TemporaryPrefix + Guid.NewGuid().ToString("N"));
        int rows = 0;
        try
        {
            using DurableFile file = Durable.CreateFile(temporary);
            await using (TableFile<Finding> table = await TableFile<Finding>.Begin(PublishedSchema.Findings, file, attribution: null, CancellationToken.None))
            {
                foreach (Finding[] group in findings.Chunk(TableWriter.RowsPerGroup))
                {
                    await table.Add(group, CancellationToken.None);
                    rows += group.Length;
                }
                await table.Complete();
            }
            string sha256 = file.Complete();
            Durable.Rename(temporary, FindingsOf(runId));
            Durable.SyncDirectory(directory);
            return new RunFindings(rows, sha256);
        }
        catch (StorageException)
        {
            Durable.Unlink(temporary);
            throw;
        }
    }

    /// <summary>The file an entry speaks of.</summary>
    /// <exception cref="WarehouseDamagedException">It is not what the entry says.</exception>
    public byte[] ReadFindings(RunRecord run)
    {
        string path = FindingsOf(run.RunId);
        byte[]? bytes = File.Exists(path) ? File.ReadAllBytes(path) : null;
        if (bytes is not null && Sha256.Of(bytes) == run.Findings!.Sha256) return bytes;
        string fault = bytes is null ? "it is missing" : "its SHA-256 is not the one in the run's entry";
        DamagedFile damaged = new(0, Path.Combine(Path.GetFileName(directory), Path.GetFileName(path)), fault);
        throw new WarehouseDamagedException([damaged], "the log of that night has its findings");
    }

    /// <summary>The newest entries, by start time.</summary>
    public LedgerPage Read(int newest) => Read(Names().TakeLast(newest));

    /// <summary>The entries whose id begins so; one whose id is this alone, if there is one.</summary>
    public LedgerPage Find(string prefix)
    {
        string[] names = [.. Names().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
        return Read(names.Contains(prefix + Extension) ? [prefix + Extension] : names);
    }

    /// <summary>Of the newest entries, writes those that cannot be read anew: that there was such a run, and that it is not known how it ended.</summary>
    public void ReplaceDamaged()
    {
        foreach (DamagedFile damaged in Read(LookedThrough).Damaged)
        {
            string id = Path.GetFileNameWithoutExtension(damaged.Path);
            DateTimeOffset started = DateTimeOffset.TryParseExact(id.Split('-')[0], "yyyyMMdd'T'HHmmss",
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset stated)
                ? stated : new DateTimeOffset(File.GetLastWriteTimeUtc(PathOf(id)));
            Write(new RunRecord
            {
                RunId = id,
                StartedUtc = started,
                Outcome = RunEnding.Lost,
                Message = $"its entry was damaged ({damaged.Fault}); how it ended is not known",
            });
        }
    }

    public int Count => Names().Count;

    private List<string> Names()
    {
        if (!Directory.Exists(directory)) return [];
        return [.. Directory.EnumerateFiles(directory, "*" + Extension).Select(file => Path.GetFileName(file))
            .Where(name => !name.StartsWith(Durable.TemporaryPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private LedgerPage Read(IEnumerable<string> names)
    {
        List<RunRecord> runs = [];
        List<DamagedFile> damaged = [];
        foreach (string name in names)
        {
            try
            {
                SealedValue<RunRecord> read = SealedJson.Read(File.ReadAllBytes(Path.Combine(directory, name)), LoadForms.Run);
                string? fault = read.Fault ?? (read.Value!.RunId + Extension == name ? null : $"it is the entry of {read.Value.RunId}");
                if (fault is null) runs.Add(read.Value!);
                else damaged.Add(new DamagedFile(0, Path.Combine(Path.GetFileName(directory), name), fault));
            }
            catch (FileNotFoundException)
            {
            }
        }
        return new LedgerPage([.. runs.OrderBy(run => run.StartedUtc).ThenBy(run => run.RunId, StringComparer.Ordinal)], damaged);
    }

    private string Reserve => Path.Combine(directory, "reserve");

    private string FindingsOf(string id) => Path.Combine(directory, id + FindingsExtension);

    private string PathOf(string id) => Path.Combine(directory, id + Extension);
}

/// <summary>Entries of the ledger, by start time, and those that could not be read.</summary>
internal sealed record LedgerPage(IReadOnlyList<RunRecord> Runs, IReadOnlyList<DamagedFile> Damaged);
