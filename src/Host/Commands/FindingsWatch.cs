using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Commands;

/// <summary>Follows a run under way, in this process or another one, to its end, and tells what it notices as scans end.</summary>
/// <param name="tell">Is given each finding once, as long as the run goes on.</param>
internal sealed class FindingsWatch(WarehouseContext context, Action<Finding> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200), Between = TimeSpan.FromSeconds(10);

    private readonly HashSet<Finding> _told = [];
    private int _done, _failed;
    private int? _of;

    /// <summary>The run that was asked for, else the newest one under way; null if it is not under way.</summary>
    public static string? Find(Warehouse warehouse, string? wanted) =>
        warehouse.RunsUnderWay().LastOrDefault(run => wanted is null || run.StartsWith(wanted, StringComparison.Ordinal));

    /// <summary>Whether a finding was told while the run went on.</summary>
    public bool HasTold(Finding finding) => _told.Contains(finding);

    /// <returns>The run as it ended; as it began, if it was killed.</returns>
    public async Task<RunRecord> ToItsEnd(string run)
    {
        using JournalReader? journal = context.Warehouse.ReadJournal(run);
        long last = context.Command.Time.GetTimestamp();
        Progress($"run {run} is under way");
        for (bool underWay = true; underWay && journal is not null;)
        {
            // what is written before the lock is given up is read after it was looked at
            underWay = context.Warehouse.IsUnderWay(run);
            foreach (RunNote note in journal.Next()) Hear(note);
            if (_done > 0 && context.Command.Time.GetElapsedTime(last) >= Between)
            {
                Progress(Tally);
                last = context.Command.Time.GetTimestamp();
            }
            if (underWay) await Task.Delay(Look, context.Command.Time, context.Token);
        }
        if (_done > 0) Progress(Tally);
        return context.Warehouse.FindRuns(run).Runs is [RunRecord ended] ? ended
            : throw new CommandFailedException(ExitCode.Storage, $"run {run} was killed before it stood in the ledger");
    }

    private string Tally => Invariant($"{_done} of {_of ?? _done} scans{(_failed > 0 ? Invariant($", {_failed} failed") : "")}");

    private void Hear(RunNote note)
    {
        _of = note.Scans ?? _of;
        if (note.ScanKey is not null) _done++;
        if (note.Status == ScanStatus.Failed) _failed++;
        if (note.Phase is string phase) Progress(phase);
        foreach (Finding finding in note.Findings ?? [])
            if (_told.Add(finding)) tell(finding);
    }

    private void Progress(string text)
    {
        if (!context.Command.Value(context.Command.Options.Quiet)) context.Command.Terminal.Warn(text);
    }
}
