using System.CommandLine;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`runs`: the warehouse's ledger, how every run ended.</summary>
internal static class RunsCommand
{
    private const int Newest = 30, MostErrors = 50;

    private const string Ahead = "  ahead: its clock was wrong, it does not count";

    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Option<bool> all = new("--all") { Description = $"Every run, not just the newest {Newest}" };
        Command command = new("runs", "List past runs and how they ended, the newest first") { choice.Pipeline, choice.Folder, all };
        command.Add(Show(setup));
        return choice.CommandOfEach(command, context => Task.FromResult(List(context, context.Command.Value(all))), new EachOptions());
    }

    private static Told List(WarehouseContext context, bool all)
    {
        LedgerPage page = context.Warehouse.Ledger(all ? int.MaxValue : Newest);
        RunRecord[] runs = [.. page.Runs.Reverse()];
        int count = context.Warehouse.RunCount, shown = runs.Length + page.Damaged.Count;
        string[] ahead = [.. runs.Where(run => run.StartedUtc.IsAhead(context.Command.Time.GetUtcNow())).Select(run => run.RunId)];
        IEnumerable<string> lines = shown == 0 ? ["no run yet"] : runs.Select(run => Line(run) + (ahead.Contains(run.RunId) ? Ahead : ""));
        lines = lines.Concat(page.Damaged.Select(damaged => $"{damaged} (`run` writes it anew as {RunEnding.Lost})"));
        if (count > shown) lines = lines.Append(Invariant($"and {count - shown} older ones (--all)"));
        object answer = new { Count = count, Runs = runs, Ahead = ahead, page.Damaged };
        return new Told(answer, lines, page.Damaged.Count == 0 ? ExitCode.Done : ExitCode.Integrity);
    }

    private static Command Show(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<string> id = new("id") { HelpName = "id", Description = "Of the run, or how it begins" };
        Command command = new("show", "Tell one run in full") { id, choice.Pipeline, choice.Folder };
        return choice.CommandOfRun(command, id, async context =>
        {
            RunRecord run = Find(context.Warehouse, context.Command.Required(id));
            IEnumerable<Finding> findings = await context.Warehouse.RowsOfFindings(run, context.Token) ?? [];
            IEnumerable<Finding> errors = findings.Where(finding => finding.Severity == Severity.Error);
            bool underWay = run.Outcome == RunEnding.Unfinished && context.Warehouse.IsUnderWay(run.RunId);
            (int done, int of)? reached = run.Outcome == RunEnding.Unfinished ? Reached(context.Warehouse, run) : null;
            return context.Reply.With(new { Run = run, UnderWay = underWay, ScansDone = reached?.done, Errors = errors },
                Lines(run, underWay, reached).Concat(Errors(run, errors)));
        });
    }

    /// <summary>The run whose id begins so.</summary>
    /// <exception cref="UsageException">None, or several do.</exception>
    public static RunRecord Find(Warehouse warehouse, string wanted)
    {
        LedgerPage page = warehouse.FindRuns(wanted);
        if (page.Damaged.Count > 0) throw new WarehouseDamagedException(page.Damaged, "`run` writes it anew");
        if (page.Runs.Count == 0) throw new UsageException($"there is no run '{wanted}'; `runs` lists them");
        if (page.Runs.Count > 1) throw new UsageException(Invariant($"{page.Runs.Count} runs begin with '{wanted}'; give more of the id"));
        return page.Runs[0];
    }

    private static IEnumerable<string> Errors(RunRecord run, IEnumerable<Finding> errors)
    {
        int count = 0;
        foreach (Finding error in errors)
            if (count++ < MostErrors) yield return $"error      {error.ScanKey ?? "-"}: {error.Code} {error.Message}";
        if (count > MostErrors) yield return Invariant($"and {count - MostErrors} more errors: `findings --run {run.RunId}`");
    }

    private static string Line(RunRecord run)
    {
        string scans = Invariant($"{run.ScansFound ?? 0,6} scans, {run.ScansMeasured ?? 0} measured");
        string exit = run.ExitCode is int code ? Invariant($"  exit {code}") : "";
        return $"{run.RunId}  {Started(run)}  {Took(run),8}  {run.Outcome,-17}  {Snapshot(run),-12}  {scans}{exit}";
    }

    /// <summary>How many scans a run has done that goes on or was killed, as far as its journal tells.</summary>
    private static (int Done, int Of)? Reached(Warehouse warehouse, RunRecord run)
    {
        using JournalReader? journal = warehouse.ReadJournal(run.RunId);
        return journal is null ? null : (journal.Next().Count(note => note.ScanKey is not null), run.ScansFound ?? 0);
    }

    private static IEnumerable<string> Lines(RunRecord run, bool underWay, (int Done, int Of)? reached)
    {
        yield return $"run        {run.RunId}";
        if (run.Pipeline is not null) yield return $"pipeline   {run.Pipeline}";
        if (run.RunKey is not null) yield return $"schedule   {run.RunKey}";
        yield return $"started    {Started(run)}{(run.EndedUtc is null ? "" : $", took {Took(run)}")}";
        yield return run.ExitCode is int code
            ? Invariant($"ended      {run.Outcome}, exit {code} ({ExitCode.Meaning(code)})")
            : $"ended      {run.Outcome}: {(underWay ? "it goes on" : "it was killed, or its machine was")}";
        if (reached is (int done, int of)) yield return Invariant($"scans      {done} of {of} are done, what was measured is kept");
        if (run.Sequence is not null) yield return Snapshot(run).Replace("snapshot", "snapshot  ", StringComparison.Ordinal);
        if (run.ScansMeasured is int measured)
        {
            string found = Invariant($"{run.ScansFound} found: {run.ScansOk} ok, {run.ScansWarning} warning, {run.ScansFailed} failed{Excluded(run)}");
            int looked = (run.ScansOk + run.ScansWarning + run.ScansFailed) ?? measured, left = (run.ScansFound ?? 0) - (run.ScansExcluded ?? 0) - looked;
            string rest = left > 0 ? Invariant($"{looked - measured} unchanged, {left} not looked at") : "the others unchanged";
            yield return Invariant($"scans      {found}; {measured} measured, {rest}");
        }
        if (run.Message is not null) yield return $"because    {run.Message}";
    }

    private static string Excluded(RunRecord run) => run.ScansExcluded is > 0 and int excluded ? Invariant($", {excluded} excluded") : "";

    private static string Started(RunRecord run) => IsoTime.Second(run.StartedUtc);

    private static string Took(RunRecord run)
    {
        if (run.EndedUtc - run.StartedUtc is not TimeSpan took) return "";
        return took < TimeSpan.FromMinutes(2) ? Invariant($"{took.TotalSeconds:0.0} s") : Invariant($"{took.TotalMinutes:0} min");
    }

    private static string Snapshot(RunRecord run) => run.Sequence is long sequence ? Invariant($"snapshot {sequence}") : "";
}
