using System.CommandLine;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Display;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Spools;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>`measure`: measures scans into the cache and publishes nothing, for engines that run many processes.</summary>
internal sealed class MeasureCommand
{
    private readonly Option<string> _shard = new("--shard")
    {
        HelpName = "i/n",
        Description = "Part i of n, from 1, divided by bytes [of a SLURM array or an indexed Job with VERSEETL_SHARDS this task's; else all scans]",
    };
    private readonly Option<string> _scans = new("--scans")
    {
        HelpName = "file", Description = "Only these scans: lines of `plan --json-lines`, or a key a line; - reads standard input",
    };
    private readonly Option<string[]> _participants = new("--participant-label")
    {
        HelpName = "label", AllowMultipleArgumentsPerToken = true, Description = "Only scans of these subjects, with or without `sub-`",
    };
    private readonly Option<string> _out = new("--out")
    {
        HelpName = "dir", Description = "Put results into this folder, for `run --measured-only --from dir`, instead of into the warehouse",
    };

    private MeasureCommand() => _shard.MustBe(text => Shard.Parse(text) is not null, $"i/n with i from 1 to n and n up to {Shard.Most}");

    public static Command Build(CommandSetup setup)
    {
        CommandOptions options = setup.Options;
        MeasureCommand measure = new();
        Command command = new("measure", "Measure scans, or a part of them, for a run that publishes later")
        {
            options.Pipelines, options.Source, options.Output, options.Dataset, options.Labels, options.Parallelism, options.Full, options.Verify,
            measure._shard, measure._scans, measure._participants, measure._out,
        };
        return setup.Command(command, measure.Measure);
    }

    private async Task<int> Measure(CommandContext context)
    {
        string? folder = context.Value(_out) is string given ? PipelineChoice.Absolute(given) : null;
        PipelineChoice choice = new(context);
        IReadOnlyList<Pipeline> pipelines = choice.Read(results: folder);
        choice.Check();
        MeasureOptions options = Options(context, pipelines) with { Out = folder };
        using ScanPlan? plan = options.Scans;
        context.Reply.Warnings(choice.Problems);

        await using LateLog log = context.OpenLog();
        using StopSignals stop = new(context.Token);
        IRunDisplay display = RunCommand.Display(context);
        ScanMeasuring measuring = new();
        List<MeasureReport> reports = [];
        bool stopped = false;
        foreach (Pipeline pipeline in pipelines)
        {
            try
            {
                MeasureRun run = new(pipeline, options, context.Time, log) { Measure = measuring.Measure };
                reports.Add(await display.Watch(pipeline.Name, progress => run.Execute(progress, stop.Token)));
            }
            catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
            {
                stopped = true;
                break;
            }
        }
        int code = stopped ? stop.ExitCode : reports.Max(report => report.ExitCode);
        if (stopped && !context.Json) context.Terminal.Error.WriteLine($"{CommandTree.Name}: {ExitCode.Meaning(code)}");
        return context.Reply.With(new { Meaning = ExitCode.Meaning(code), Measured = reports }, reports.SelectMany(Lines), code);
    }

    private MeasureOptions Options(CommandContext context, IReadOnlyList<Pipeline> pipelines)
    {
        string? list = context.Value(_scans);
        string[]? participants = context.IsGiven(_participants) ? context.Value(_participants) : null;
        if (pipelines.Count != 1 && (list is not null || participants is not null))
            throw Usage("--scans and --participant-label are about one pipeline; name it");
        if (list is not null && participants is not null) throw Usage("--scans names the scans already; leave out --participant-label");
        Shard? shard = context.Value(_shard) is string given ? Shard.Parse(given) : null;
        // what an engine has divided itself is not divided again by where it runs
        if (shard is null && participants is null && list != "-")
        {
            (shard, string? objection) = ShardChoice.Of(context.Terminal.Variable);
            if (objection is not null) throw Usage(objection);
        }
        return new MeasureOptions
        {
            Scans = list is null ? null : Listed(list, context),
            Participants = participants?.Select(Subject).ToArray(),
            Shard = shard ?? Shard.Whole,
            Full = context.Value(context.Options.Full),
            Verify = context.Value(context.Options.Verify),
        };
    }

    private static string Subject(string label) => (label.StartsWith("sub-", StringComparison.Ordinal) ? label[4..] : label).ToLowerInvariant();

    private static ScanPlan Listed(string list, CommandContext context)
    {
        ScanPlan scans = new(new SpoolWorkspace(Path.GetTempPath(), SpoolSizes.Usual));
        try
        {
            using TextReader lines = list == "-" ? context.Terminal.In() : new StreamReader(list);
            for (int number = 1; lines.ReadLine() is string line; number++)
            {
                if (string.IsNullOrWhiteSpace(line)) continue;
                scans.Add(PlannedScan.Parse(line) ?? throw Usage(Invariant($"--scans: line {number} is neither a key nor a line of `plan --json-lines`")));
            }
            return scans;
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw Usage($"--scans: the list cannot be read: {error.Message}");
        }
    }

    private static IEnumerable<string> Lines(MeasureReport report)
    {
        string part = report.Shard == Shard.Whole.ToString() ? "" : $"part {report.Shard}: ";
        if (report.ExitCode != ExitCode.Done) yield return Invariant($"{report.Pipeline}: exit {report.ExitCode}, {ExitCode.Meaning(report.ExitCode)}");
        foreach (string reason in report.Reasons) yield return "  because    " + reason;
        if (report.ExitCode != ExitCode.Done) yield break;
        int measured = report.Scans - report.ScansFromCache;
        yield return Invariant($"{report.Pipeline}: {part}{report.Scans} of {report.ScansFound} scans, {measured} measured, ")
            + Invariant($"{report.ScansFromCache} stored before, {report.Failed.Count} failed ({report.ElapsedSeconds:0.0} s)");
        foreach (FailedEntry failed in report.Failed) yield return $"  failed     {failed.ScanKey}: {failed.Code}";
        yield return $"  results    {report.Results}";
    }

    private static UsageException Usage(string message) => new(message);
}
