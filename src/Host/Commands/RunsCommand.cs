using System.CommandLine;
using System.Globalization;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`runs`: the warehouse's ledger, how every run ended.</summary>
internal static class RunsCommand
{
    private const int Newest = 30;

    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Option<bool> all = new("--all") { Description = $"Every run, not just the newest {Newest}" };
        Command command = new("runs", "List past runs and how they ended") { choice.Name, choice.Folder, all };
        command.SetAction((parsed, _) => choice.Use(parsed, (destination, json) =>
        {
            Warehouse warehouse = Warehouse.OpenForReading(destination.Path);
            IReadOnlyList<RunRecord> shown = parsed.GetValue(all) ? warehouse.Runs() : warehouse.Runs(Newest);
            int count = warehouse.RunCount;
            IEnumerable<string> lines = shown.Count == 0 ? ["no run yet"] : shown.Select(Line);
            if (count > shown.Count) lines = lines.Append(Invariant($"and {count - shown.Count} older ones (--all)"));
            return Task.FromResult(choice.Answer(json, ExitCode.Done, new { ExitCode = ExitCode.Done, Count = count, Runs = shown }, lines));
        }));
        command.Add(Show(options, terminal, time));
        return command;
    }

    private static Command Show(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        WarehouseChoice choice = new(options, terminal, time);
        Argument<string> id = new("id") { HelpName = "id", Description = "Of the run, or how it begins" };
        Command command = new("show", "Tell one run in full") { id, choice.Name, choice.Folder };
        command.SetAction((parsed, _) => choice.Use(parsed, (destination, json) =>
        {
            string wanted = parsed.GetRequiredValue(id);
            IReadOnlyList<RunRecord> found = Warehouse.OpenForReading(destination.Path).FindRuns(wanted);
            return Task.FromResult(found is [RunRecord run]
                ? choice.Answer(json, ExitCode.Done, new { ExitCode = ExitCode.Done, Run = run }, Lines(run))
                : choice.Unknown(json, found.Count == 0 ? $"there is no run '{wanted}'; `runs` lists them" : Invariant($"{found.Count} runs begin with '{wanted}'; give more of the id")));
        }));
        return command;
    }

    private static string Line(RunRecord run) => Invariant(
        $"{run.RunId}  {run.StartedUtc.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC  {Took(run),8}  {run.Outcome,-17}  {Snapshot(run),-12}  {run.ScansFound ?? 0,6} scans, {run.ScansMeasured ?? 0} measured{(run.ExitCode is int code ? Invariant($"  exit {code}") : "")}");

    private static IEnumerable<string> Lines(RunRecord run)
    {
        yield return $"run        {run.RunId}";
        if (run.Pipeline is not null) yield return $"pipeline   {run.Pipeline}";
        if (run.RunKey is not null) yield return $"schedule   {run.RunKey}";
        yield return Invariant($"started    {run.StartedUtc.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC{(run.EndedUtc is null ? "" : $", took {Took(run)}")}");
        yield return run.ExitCode is int code ? Invariant($"ended      {run.Outcome}, exit {code} ({ExitCode.Meaning(code)})") : $"ended      {run.Outcome}: it goes on, or it was killed";
        if (run.Sequence is not null) yield return Snapshot(run).Replace("snapshot", "snapshot  ", StringComparison.Ordinal);
        if (run.ScansMeasured is not null)
            yield return Invariant($"scans      {run.ScansFound} found: {run.ScansOk} ok, {run.ScansWarning} warning, {run.ScansFailed} failed; {run.ScansMeasured} measured, the others unchanged");
        if (run.Message is not null) yield return $"because    {run.Message}";
    }

    private static string Took(RunRecord run)
    {
        if (run.EndedUtc - run.StartedUtc is not TimeSpan took) return "";
        return took < TimeSpan.FromMinutes(2) ? Invariant($"{took.TotalSeconds:0.0} s") : Invariant($"{took.TotalMinutes:0} min");
    }

    private static string Snapshot(RunRecord run) => run.Sequence is long sequence ? Invariant($"snapshot {sequence}") : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
