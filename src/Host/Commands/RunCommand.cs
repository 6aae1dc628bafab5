using System.CommandLine;
using Serilog.Core;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Display;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`run`: measure and publish.</summary>
internal static class RunCommand
{
    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        Argument<string[]> names = new("pipelines") { HelpName = "pipelines", Arity = ArgumentArity.ZeroOrMore, Description = "Names in pipelines.yaml [all of them]" };
        names.Validators.Add(UsageErrors.RefuseOptions);
        names.CompletionSources.Add(_ => PipelineChoice.Names(terminal, time));
        Command command = new("run", "Measure every scan and publish the tables")
        {
            names, options.Source, options.Output, options.Parallelism, options.AcceptShrink, options.FailOn, options.Full, options.Verify,
        };
        command.SetAction((parsed, token) => Run(parsed, parsed.GetValue(names) ?? [], options, terminal, time, token));
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, string[] names, CommandOptions options, Terminal terminal, TimeProvider time, CancellationToken token)
    {
        bool json = parsed.GetValue(options.Json);
        PipelineChoice choice = new(parsed, options, terminal, time);
        IReadOnlyList<Pipeline> pipelines = choice.Read(names);
        RunOptions run = new()
        {
            AcceptShrink = parsed.GetValue(options.AcceptShrink),
            Full = parsed.GetValue(options.Full),
            Verify = parsed.GetValue(options.Verify),
            FailOn = CommandOptions.ParseFailOn(choice.FailOn()),
        };
        if (choice.Problems.Any(problem => problem.Severity == Severity.Error)) return ProblemReport.Write(terminal, json, choice.Problems);
        ProblemReport.WriteWarnings(terminal, choice.Problems);

        if (OpenLog(parsed, choice, options, terminal) is not Logger log) return ExitCode.Storage;
        await using (log)
        {
            using StopSignals signals = new();
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(token, signals.Token);
            IRunDisplay display = parsed.GetValue(options.Quiet) ? new SilentDisplay() : terminal.IsWatched ? new LiveDisplay(terminal.ErrorConsole()) : new LineDisplay(terminal.Error, time);
            ScanMeasuring measuring = new();
            List<RunReport> reports = [];
            int stopped = 0;
            foreach (Pipeline pipeline in pipelines)
            {
                try
                {
                    RunReport report = await display.Watch(pipeline.Name, progress => new PipelineRun(pipeline, run, time, log) { Measure = measuring.Measure }.Execute(progress, stop.Token));
                    reports.Add(report);
                    if (!json) RunSummary.Write(report, terminal.OutConsole());
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    stopped = signals.Code != 0 ? signals.Code : ExitCode.Interrupted;
                    break;
                }
            }
            int code = stopped != 0 ? stopped : reports.Max(report => report.ExitCode);
            if (json) terminal.Out.WriteLine(Json.Text(new { exit_code = code, meaning = ExitCode.Meaning(code), runs = reports }));
            else if (stopped != 0) terminal.Error.WriteLine($"{CommandTree.Name}: {ExitCode.Meaning(stopped)}");
            return code;
        }
    }

    private static Logger? OpenLog(ParseResult parsed, PipelineChoice choice, CommandOptions options, Terminal terminal)
    {
        string? file = choice.Text(options.LogFile, "VERSEETL_LOG_FILE");
        try
        {
            return Logs.Create(parsed.GetValue(options.Verbose), file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"{CommandTree.Name}: the log file cannot be written: {Finding.OneLine(error.Message)}");
            return null;
        }
    }
}
