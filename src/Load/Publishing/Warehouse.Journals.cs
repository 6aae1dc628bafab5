using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>Runs under way, as other processes see them.</summary>
public sealed partial class Warehouse
{
    /// <summary>For a run that begins; to be disposed of at its end.</summary>
    internal RunJournal BeginJournal(string runId)
    {
        RequireWritable();
        RequireRunId(runId);
        return RunJournal.Begin(JournalOf(runId));
    }

    /// <summary>Ids of the runs that are at work, here or in other processes, by start time.</summary>
    internal IReadOnlyList<string> RunsUnderWay() => Guard(() =>
        (IReadOnlyList<string>)[.. Directory.EnumerateFiles(_layout.Runs, "*" + RunJournal.Extension).Where(RunJournal.IsHeld)
            .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]);

    /// <summary>A run that has not ended is at work; else it was killed.</summary>
    internal bool IsUnderWay(string runId) => Guard(() => RunJournal.IsHeld(JournalOf(runId)));

    /// <summary>The journal of a run under way, or of one that was killed; null where there is none.</summary>
    internal JournalReader? ReadJournal(string runId) => Guard(() =>
    {
        try
        {
            return new JournalReader(JournalOf(runId));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    });

    private string JournalOf(string runId) => Path.Combine(_layout.Runs, runId + RunJournal.Extension);
}
