using System.CommandLine;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Display;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.Commands;

/// <summary>`run`: measure and publish.</summary>
internal static class RunCommand
{
    public static Command Build(CommandSetup setup)
    {
        CommandOptions options = setup.Options;
        Command command = new("run", "Measure every scan and publish the tables")
        {
            options.Pipelines, options.Source, options.Output, options.Dataset, options.Labels, options.Parallelism, options.AcceptShrink, options.FailOn,
            options.Full, options.Verify, options.Scan, options.MeasuredOnly, options.From,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(options.MeasuredOnly) && (result.GetValue(options.Full) || result.GetResult(options.Scan) is not null))
                result.AddError("--measured-only measures nothing: leave out --full and --scan");
        });
        return setup.Command(setup.Acting(command), Run);
    }

    private static async Task<int> Run(CommandContext context)
    {
        PipelineChoice choice = new(context);
        IReadOnlyList<Pipeline> pipelines = choice.Read();
        RunOptions options = new()
        {
            AcceptShrink = context.Value(context.Options.AcceptShrink),
            Full = context.Value(context.Options.Full),
            Verify = context.Value(context.Options.Verify),
            FailOn = choice.FailOn(),
            MeasuredOnly = context.Value(context.Options.MeasuredOnly),
            From = [.. (context.Value(context.Options.From) ?? []).Select(PipelineChoice.Absolute)],
            Scan = context.Value(context.Options.Scan) is string pattern ? new ScanPattern(pattern) : null,
        };
        choice.Check();
        context.Reply.Warnings(choice.Problems);

        await using LateLog log = context.OpenLog();
        using StopSignals stop = new(context.Token);
        IRunDisplay display = Display(context);
        ScanMeasuring measuring = new();
        List<RunReport> reports = [];
        bool stopped = false;
        foreach (Pipeline pipeline in pipelines)
        {
            try
            {
                PipelineRun run = new(pipeline, options, context.Time, log) { Measure = measuring.Measure };
                reports.Add(await display.Watch(pipeline.Name, progress => run.Execute(progress, stop.Token)));
            }
            catch (RunInterruptedException interrupted)
            {
                stopped = true;
                reports.Add(interrupted.Report with { ExitCode = stop.ExitCode });
            }
            if (!context.Json) RunSummary.Write(reports[^1], context.Terminal.Out, context.Terminal.Width is null ? null : context.Terminal.OutConsole());
            if (stopped) break;
        }
        int code = stopped ? stop.ExitCode : reports.Max(report => report.ExitCode);
        return context.Reply.With(new { Meaning = ExitCode.Meaning(code), Runs = reports }, [], code);
    }

    public static IRunDisplay Display(CommandContext context)
    {
        if (context.Value(context.Options.Quiet)) return new SilentDisplay();
        return context.Terminal.IsWatched ? new LiveDisplay(context.Terminal.ErrorConsole()) : new LineDisplay(context.Terminal.Error, context.Time);
    }
}
