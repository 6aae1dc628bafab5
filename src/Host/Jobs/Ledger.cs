using VerseEtl.Host.Schedules;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Jobs;

/// <summary>What the warehouse remembers about a pipeline's newest runs; the scheduler itself forgets everything when it stops.</summary>
internal sealed record Ledger(IReadOnlyList<RunRecord> Runs, Hold? Hold)
{
    // far more than can lie between a run and the one that settled its instant
    private const int Newest = 500;

    /// <summary>Nothing where there is no warehouse yet.</summary>
    /// <exception cref="StorageException">It is there and cannot be read.</exception>
    /// <param name="now">Runs of a time to come are left out: a clock was wrong, and what they did is done again.</param>
    public static Ledger Of(string pipeline, string warehouse, DateTimeOffset now)
    {
        if (!Warehouse.Exists(warehouse)) return new Ledger([], null);
        Warehouse opened = Warehouse.OpenForReading(warehouse);
        return new Ledger([.. opened.Runs(Newest).Where(run => run.Pipeline == pipeline && !run.StartedUtc.IsAhead(now))], HoldOf(opened, now));
    }

    /// <summary>A hold that cannot be read holds as well.</summary>
    private static Hold? HoldOf(Warehouse warehouse, DateTimeOffset now)
    {
        try
        {
            return warehouse.Hold;
        }
        catch (WarehouseDamagedException damaged)
        {
            return new Hold(now, 0, damaged.Message);
        }
    }

    /// <summary>The newest instant for which nothing is left to do: a scheduled run that ended, or any run that refreshed the tables.</summary>
    public DateTimeOffset? DoneUntil => Runs.Select(Done).Max();

    private static DateTimeOffset? Done(RunRecord run) => RunKey.Parse(run.RunKey) is RunKey key
        ? run.Outcome.WasCutOff ? key.DueUtc.AddTicks(-1) : key.DueUtc
        : run.Outcome.RefreshedTables ? run.StartedUtc : null;

    /// <summary>How a scheduled run ended, if it came to an end that another try would not change.</summary>
    public RunRecord? Settlement(RunKey key) => Runs.LastOrDefault(run => run.RunKey == key.ToString() && run.Outcome.SettlesInstant);
}
