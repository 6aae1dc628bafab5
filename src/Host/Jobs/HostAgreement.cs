using Hangfire;
using Hangfire.Storage;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>How a host sees what hosts share, as it tells the others.</summary>
/// <param name="Pipelines">Digest of pipelines.yaml.</param>
/// <param name="Measuring">Of the code that measures: other builds may share, other measuring may not.</param>
/// <param name="Warehouses">Ids by pipeline, of those that exist.</param>
/// <param name="Scans">Scans of each source, when it was listed last.</param>
internal sealed record HostRecord(string Name, DateTimeOffset StartedUtc, DateTimeOffset SeenUtc, string Pipelines, int Measuring,
    IReadOnlyDictionary<string, string> Warehouses, IReadOnlyDictionary<string, int> Scans)
{
    /// <summary>What is not the same here; none where this host can take part.</summary>
    public IReadOnlyList<string> DifferencesFrom(HostRecord oldest)
    {
        List<string> all = [];
        if (Pipelines != oldest.Pipelines) all.Add($"pipelines.yaml here is not that of {oldest.Name}");
        if (Measuring != oldest.Measuring)
            all.Add(Invariant($"this build measures as version {Measuring}, {oldest.Name} as {oldest.Measuring}"));
        foreach ((string pipeline, string id) in oldest.Warehouses)
            if (Warehouses.GetValueOrDefault(pipeline) != id)
                all.Add($"the warehouse of {pipeline} here is not that of {oldest.Name}; is the shared file system mounted?");
        return all;
    }
}

/// <summary>
/// Whether this host sees the same as the others: the one that has been there longest is right. A host that differs takes no part, hands out
/// nothing and changes no schedule, until it sees the same. Every host tells in the scheduler's storage how it sees things.
/// </summary>
internal sealed class HostAgreement(PipelineSet pipelines, SourceViews views, JobStorage storage, JobSurroundings around) : BackgroundService
{
    private const string Hosts = "verse-etl:hosts", Record = "record";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2), Alive = TimeSpan.FromMinutes(1), Remembered = TimeSpan.FromDays(1);

    private readonly DateTimeOffset _started = around.Time.GetUtcNow();
    private readonly Lock _lock = new();
    private IReadOnlyList<HostRecord>? _others;
    private IReadOnlyList<string> _differences = [];
    private DateTimeOffset? _away;

    /// <summary>As the scheduler names its servers, without what is unique to one.</summary>
    public string Name { get; init; } = Invariant($"{Environment.MachineName.ToLowerInvariant()}:{Environment.ProcessId}");

    /// <summary>It has looked, and sees what the others see.</summary>
    public bool TakesPart
    {
        get
        {
            lock (_lock) return _others is not null && _differences.Count == 0;
        }
    }

    /// <summary>Why it takes no part, and that the scheduler's storage is away; none where all is well.</summary>
    public IReadOnlyList<string> Objections
    {
        get
        {
            lock (_lock)
                return _away is not DateTimeOffset since
                    ? _differences
                    : [$"the scheduler's database cannot be reached since {IsoTime.Second(since)}", .. _differences];
        }
    }

    /// <summary>Another host that has seen more scans of a pipeline than this one when it listed the source last; null if none has.</summary>
    public string? WhoSeesMore(string pipeline)
    {
        Look();
        int here = views.Scans.GetValueOrDefault(pipeline);
        lock (_lock)
            return _others?.Where(other => other.Scans.GetValueOrDefault(pipeline) > here).MaxBy(other => other.Scans[pipeline])?.Name;
    }

    /// <summary>Tells how this host sees things, and looks how the others do.</summary>
    internal void Look()
    {
        try
        {
            HostRecord mine = Mine();
            IReadOnlyList<HostRecord> others = Exchange(mine);
            HostRecord oldest = others.Append(mine).OrderBy(host => host.StartedUtc).ThenBy(host => host.Name, StringComparer.Ordinal).First();
            IReadOnlyList<string> differences = mine.DifferencesFrom(oldest);
            lock (_lock)
            {
                foreach (string difference in differences.Except(_differences)) around.Log.Error("This host takes no part: {Reason}", difference);
                if (_differences.Count > 0 && differences.Count == 0) around.Log.Information("This host sees what the others see and takes part again");
                (_others, _differences, _away) = ([.. others.Where(other => other.DifferencesFrom(oldest).Count == 0)], differences, null);
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // whatever a storage library throws: this must outlive it
            lock (_lock) _away ??= around.Time.GetUtcNow();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // a large source takes a while: until then nobody knows how much this host sees
        _ = Task.Run(() => ListAll(stoppingToken), CancellationToken.None);
        using PeriodicTimer timer = new(Period, around.Time);
        do Look();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Whoever starts next, with another `pipelines.yaml` perhaps, does not wait for a host that has ended, however soon after its start.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            using JobStorageConnection connection = (JobStorageConnection)storage.GetConnection();
            Forget(connection, Name);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // the others pass it over after a minute
        }
    }

    private async Task ListAll(CancellationToken token)
    {
        foreach (Pipeline pipeline in pipelines.Pipelines.Where(pipeline => pipeline.Schedule is not null))
        {
            try
            {
                await views.Now(pipeline, new ScanRetry(around.Time), token);
            }
            catch (Exception error) when (error is RunStoppedException or OperationCanceledException || StorageException.Covers(error))
            {
                // seen to hold nothing, which a run will tell
            }
        }
    }

    private HostRecord Mine() => new(Name, _started, around.Time.GetUtcNow(), pipelines.Digest, StoredResults.MeasuringVersion,
        pipelines.Pipelines.Select(pipeline => (pipeline.Name, Id: IdOf(pipeline))).Where(known => known.Id is not null)
            .ToDictionary(known => known.Name, known => known.Id!), views.Scans);

    private static string? IdOf(Pipeline pipeline)
    {
        try
        {
            return Warehouse.Exists(pipeline.Load.Path) ? Warehouse.OpenForReading(pipeline.Load.Path).Id : null;
        }
        catch (StorageException)
        {
            return null;
        }
    }

    /// <returns>The other hosts that are alive.</returns>
    private List<HostRecord> Exchange(HostRecord mine)
    {
        using JobStorageConnection connection = (JobStorageConnection)storage.GetConnection();
        using (JobStorageTransaction write = (JobStorageTransaction)connection.CreateWriteTransaction())
        {
            write.AddToSet(Hosts, mine.Name);
            write.SetRangeInHash(KeyOf(mine.Name), [new(Record, Json.Line(mine))]);
            write.ExpireHash(KeyOf(mine.Name), Remembered);
            write.Commit();
        }
        List<HostRecord> others = [];
        foreach (string name in connection.GetAllItemsFromSet(Hosts).Where(name => name != mine.Name))
        {
            HostRecord? other = connection.GetAllEntriesFromHash(KeyOf(name)) is { } entries && entries.TryGetValue(Record, out string? text)
                ? Json.Read<HostRecord>(text) : null;
            if (other is null) Forget(connection, name);
            else if (mine.SeenUtc - other.SeenUtc < Alive) others.Add(other);
        }
        return others;
    }

    private static void Forget(JobStorageConnection connection, string name)
    {
        using IWriteOnlyTransaction write = connection.CreateWriteTransaction();
        write.RemoveFromSet(Hosts, name);
        write.Commit();
    }

    private static string KeyOf(string name) => "verse-etl:host:" + name;
}
