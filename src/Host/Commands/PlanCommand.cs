using System.CommandLine;
using System.Globalization;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`plan`: what `run` would do, without writing anything or opening a scan.</summary>
internal static class PlanCommand
{
    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        Argument<string[]> names = new("pipelines") { HelpName = "pipelines", Arity = ArgumentArity.ZeroOrMore, Description = "Names in pipelines.yaml [all of them]" };
        names.Validators.Add(UsageErrors.RefuseOptions);
        names.CompletionSources.Add(_ => PipelineChoice.Names(terminal, time));
        Command command = new("plan", "Tell what a run would do; writes nothing") { names, options.Source, options.Output };
        command.SetAction((parsed, token) => Plan(parsed, parsed.GetValue(names) ?? [], options, terminal, time, token));
        return command;
    }

    private static async Task<int> Plan(ParseResult parsed, string[] names, CommandOptions options, Terminal terminal, TimeProvider time, CancellationToken token)
    {
        bool json = parsed.GetValue(options.Json);
        PipelineChoice choice = new(parsed, options, terminal, time);
        IReadOnlyList<Pipeline> pipelines = choice.Read(names);
        if (choice.Problems.Any(problem => problem.Severity == Severity.Error)) return ProblemReport.Write(terminal, json, choice.Problems);
        ProblemReport.WriteWarnings(terminal, choice.Problems);
        List<RunPlan> plans = [];
        foreach (Pipeline pipeline in pipelines) plans.Add(await RunPlan.Make(pipeline, time, token));
        int code = plans.Max(plan => plan.ExitCode);
        if (json) terminal.Out.WriteLine(Json.Text(new { exit_code = code, meaning = ExitCode.Meaning(code), plans }));
        else foreach (RunPlan plan in plans) Write(plan, terminal);
        return code;
    }

    private static void Write(RunPlan plan, Terminal terminal)
    {
        terminal.Out.WriteLine(plan.Pipeline);
        Line("source", plan.Source);
        if (plan.Note is not null) Line("note", plan.Note);
        foreach (RunPlan.Folder folder in plan.Folders) Line("folder", string.Create(CultureInfo.InvariantCulture, $"{folder.Path} ({folder.Dataset}/{folder.Split}): {folder.Scans} scans"));
        Line("scans", string.Create(CultureInfo.InvariantCulture, $"{plan.Scans}: {plan.Added} new, {plan.Known} known, {plan.Gone} gone since the current snapshot"));
        foreach (FindingCount finding in plan.Findings) Line(finding.Severity.ToString().ToLowerInvariant(), string.Create(CultureInfo.InvariantCulture, $"{finding.Code} x {finding.Count}: {finding.Example}"));
        Line("warehouse", plan.Sequence is long sequence ? string.Create(CultureInfo.InvariantCulture, $"{plan.Output}, snapshot {sequence} is current") : $"{plan.Output}, no snapshot yet");
        if (plan.NextScheduled is DateTimeOffset next) Line("next", next.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) + " by schedule");

        void Line(string name, string text) => terminal.Out.WriteLine($"  {name,-10} {Finding.OneLine(text)}");
    }
}
