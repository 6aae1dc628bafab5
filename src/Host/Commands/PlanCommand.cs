using System.CommandLine;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`plan`: what `run` would do, without writing anything or opening a scan.</summary>
internal static class PlanCommand
{
    public static Command Build(CommandSetup setup)
    {
        CommandOptions options = setup.Options;
        Option<bool> lines = new("--json-lines") { Description = "Print every scan as one line of JSON, for `measure --scans` and for engines" };
        Command command = new("plan", "Tell what a run would do; writes nothing")
        {
            options.Pipelines, options.Source, options.Output, options.Dataset, options.Labels, lines,
        };
        return setup.Command(command, context => context.Value(lines) ? Scans(context) : Plan(context));
    }

    /// <summary>A scan a line; why a run would be refused goes to standard error, and into the exit code.</summary>
    private static async Task<int> Scans(CommandContext context)
    {
        if (context.Json) throw new UsageException("--json-lines and --json are two kinds of answer; leave one out");
        PipelineChoice choice = new(context);
        IReadOnlyList<Pipeline> pipelines = choice.Read();
        choice.Check();
        if (pipelines.Count != 1) throw new UsageException("--json-lines is about one pipeline; name it");
        context.Reply.Warnings(choice.Problems);
        RunPlan plan = await RunPlan.Make(pipelines[0], context.Time, context.Token, scan => context.Terminal.Out.WriteLine(Host.Json.Line(scan)));
        foreach (string reason in plan.Reasons.Concat(plan.Note is null ? [] : [plan.Note]))
            context.Terminal.Error.WriteLine($"{CommandTree.Name}: {Finding.OneLine(reason)}");
        return plan.ExitCode;
    }

    private static async Task<int> Plan(CommandContext context)
    {
        PipelineChoice choice = new(context);
        IReadOnlyList<Pipeline> pipelines = choice.Read();
        choice.Check();
        context.Reply.Warnings(choice.Problems);
        List<RunPlan> plans = [];
        foreach (Pipeline pipeline in pipelines) plans.Add(await RunPlan.Make(pipeline, context.Time, context.Token));
        int code = plans.Max(plan => plan.ExitCode);
        return context.Reply.With(new { Meaning = ExitCode.Meaning(code), Plans = plans }, plans.SelectMany(Lines), code);
    }

    private static IEnumerable<string> Lines(RunPlan plan)
    {
        yield return plan.Pipeline;
        yield return Line("source", plan.Source);
        if (plan.ExitCode != ExitCode.Done) yield return Line(Invariant($"exit {plan.ExitCode}"), "a run would be refused: " + ExitCode.Meaning(plan.ExitCode));
        foreach (string reason in plan.Reasons) yield return Line("because", reason);
        foreach (string line in FolderSetting.Told(plan.FolderSetting)) yield return "  " + line;
        if (plan.Note is not null) yield return Line("note", plan.Note);
        foreach (RunPlan.Folder folder in plan.Folders)
        {
            string rule = folder.Rule is null ? "" : $", paired by {folder.Rule}";
            string scans = folder.Scans == 1 ? "scan" : "scans";
            yield return Line("folder", Invariant($"{folder.Path} ({folder.Dataset}/{folder.Split}): {folder.Scans} {scans}{rule}"));
        }
        yield return Line("scans", Invariant($"{plan.Scans}: {plan.Added} new, {plan.Known} known, {plan.Gone} gone since the current snapshot"));
        string painted = plan.ToPaint == 0 ? "" : Invariant($"{plan.ToPaint} to paint, ");
        string excluded = plan.Excluded == 0 ? "" : Invariant($", {plan.Excluded} excluded");
        yield return Line("work",
            Invariant($"{plan.ToMeasure} to measure, {plan.ToHash} to hash and measure if they differ, {painted}{plan.ToTake} to take as they are{excluded}"));
        foreach (FindingCount finding in plan.Findings)
            yield return Line(finding.Severity.Word(), Invariant($"{finding.Code} x {finding.Count}: {finding.Example}"));
        string current = plan.Sequence is long sequence ? Invariant($"snapshot {sequence} is current") : "no snapshot yet";
        yield return Line("warehouse", $"{plan.Output}, {current}");
        if (plan.NextScheduled is DateTimeOffset next) yield return Line("next", $"{plan.NextLocal} by schedule ({IsoTime.Minute(next)})");
    }

    private static string Line(string name, string text) => $"  {name,-10} {text}";
}
