using System.CommandLine;
using VerseEtl.Host.Display;
using VerseEtl.Load.Export;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.Commands;

/// <summary>`findings`: what the last run noticed, also one that published nothing, or what stands in a snapshot.</summary>
internal sealed class FindingsCommand
{
    private readonly WarehouseChoice _choice;

    private readonly Option<string> _run = new("--run") { HelpName = "id", Description = "Of this run, or the one whose id begins so [the last one]" };
    private readonly Option<string> _severity = new("--severity") { HelpName = "error|warning|info", Description = "So severe or worse [all]" };
    private readonly Option<string> _code = new("--code") { HelpName = "code", Description = "Of this code, * for any characters" };
    private readonly Option<string> _scan = new("--scan")
    {
        HelpName = "pattern", Description = "Of scans whose key matches, * for any characters: sub-verse0*, verse19/training/*",
    };
    private readonly Option<string> _level = new("--level") { HelpName = "level", Description = "Of this vertebra: L1" };
    private readonly Option<bool> _csv = new("--csv") { Description = "The rows as CSV, columns as in the table" };
    private readonly Option<bool> _watch = new("--watch") { Description = "Of a run under way, also in another process: as scans end, until the run does" };

    private FindingsCommand(CommandSetup setup)
    {
        _choice = new WarehouseChoice(setup);
        _severity.MustBeOneOf([.. Enum.GetValues<Severity>().Select(severity => severity.Word())]);
        _level.MustBe(name => LabelOf(name) is not null, "a vertebra from C1 to L6");
        _code.CompletionSources.Add(_ => Faults.All.Select(fault => new System.CommandLine.Completions.CompletionItem(fault.Code)));
    }

    public static Command Build(CommandSetup setup)
    {
        FindingsCommand findings = new(setup);
        Command command = new("findings", "List what the last run noticed, published or not")
        {
            findings._choice.Pipeline, findings._choice.Folder, findings._run, findings._choice.Sequence,
            findings._severity, findings._code, findings._scan, findings._level, findings._csv, findings._watch,
        };
        return findings._choice.CommandOfEach(command, findings.List, new EachOptions(Objection: findings.ForOne, About: findings.About));
    }

    private string? ForOne(CommandContext typed) => typed.Value(_csv) ? "--csv has no column for the pipeline" : null;

    private OnePipeline? About(CommandContext typed)
    {
        if (typed.Value(_run) is string run) return OnePipeline.OfRun(run);
        return typed.Value(_watch) ? new OnePipeline(warehouse => warehouse.RunsUnderWay().Count > 0, "no run of any pipeline is under way") : null;
    }

    private async Task<Told> List(WarehouseContext context)
    {
        CommandContext typed = context.Command;
        Refuse(typed, [_run, _choice.Sequence]);
        Refuse(typed, [_csv, typed.Options.Json]);
        Refuse(typed, [_watch, _csv]);
        Refuse(typed, [_watch, _choice.Sequence]);
        Func<Finding, bool> isWanted = Wanted(typed);
        FindingsWatch? watch = null;
        (RunRecord? run, Snapshot? snapshot) = (null, null);
        if (typed.Value(_watch) && FindingsWatch.Find(context.Warehouse, typed.Value(_run)) is string underWay)
        {
            watch = new FindingsWatch(context, finding =>
            {
                if (!typed.Json && isWanted(finding)) typed.Terminal.Tell(Line(finding));
            });
            run = await watch.ToItsEnd(underWay);
        }
        else (run, snapshot) = Which(context);
        IEnumerable<Finding>? kept = snapshot is not null ? await Warehouse.RowsOfFindings(snapshot, context.Token) : await Kept(context, run!);
        WorstFirst found = new(kept ?? [], isWanted);
        if (typed.Value(_csv)) return new Told(found, []) { Text = writer => CsvExport.Write(PublishedSchema.Findings, found.Rows(), writer) };
        object answer = new
        {
            run?.RunId, Outcome = run?.Outcome.Word, Sequence = snapshot?.Sequence ?? run?.Sequence ?? run?.CurrentSequence,
            Because = run?.Message, Kept = kept is not null, Of = kept is null ? null : (int?)found.Of, Findings = found.Rows(),
        };
        string sum = kept is null ? "its findings are not kept: it ended before there were any, or its snapshot is pruned" : Sum(found);
        IEnumerable<Finding> untold = watch is null ? found.Rows() : found.Rows().Where(finding => !watch.HasTold(finding));
        if (watch is not null) return new Told(answer, untold.Select(Line).Concat([.. Head(run, snapshot), sum]));
        string[] none = typed.Value(_watch) ? ["no run is under way; the last one:"] : [];
        return new Told(answer, none.Concat(Head(run, snapshot)).Concat(untold.Select(Line)).Append(sum));
    }

    private static void Refuse(CommandContext typed, Option[] both)
    {
        if (both.All(typed.IsGiven)) throw new UsageException($"{both[0].Name} and {both[1].Name} exclude each other; keep one");
    }

    /// <summary>Of a run that was killed, what it had noticed until then.</summary>
    private static async Task<IEnumerable<Finding>?> Kept(WarehouseContext context, RunRecord run)
    {
        using JournalReader? journal = run.Outcome == RunEnding.Unfinished ? context.Warehouse.ReadJournal(run.RunId) : null;
        return journal is null ? await context.Warehouse.RowsOfFindings(run, context.Token)
            : journal.Next().SelectMany(note => note.Findings ?? []).Order(Comparer<Finding>.Create(Finding.CompareByKey)).ToArray();
    }

    /// <summary>The run that was asked for, or the last one that ended; where no run is known, the current snapshot.</summary>
    private (RunRecord? Run, Snapshot? Snapshot) Which(WarehouseContext context)
    {
        if (context.Command.Value(_choice.Sequence) is string which) return (null, context.Snapshot(which));
        if (context.Command.Value(_run) is string wanted) return (RunsCommand.Find(context.Warehouse, wanted), null);
        RunRecord? last = context.Warehouse.Ledger().Runs.LastOrDefault(run => run.Outcome != RunEnding.Lost
            && !(run.Outcome == RunEnding.Unfinished && context.Warehouse.IsUnderWay(run.RunId)));
        return last is null ? (null, context.Snapshot(null)) : (last, null);
    }

    private Func<Finding, bool> Wanted(CommandContext typed)
    {
        Severity least = typed.Value(_severity) is string word ? Enum.GetValues<Severity>().Single(severity => severity.Word() == word) : Severity.Info;
        ScanPattern? code = typed.Value(_code) is string codes ? new ScanPattern(codes) : null, scan = typed.Value(_scan) is string scans ? new(scans) : null;
        int? label = typed.Value(_level) is string level ? LabelOf(level) : null;
        return finding => finding.Severity >= least
            && (code is null || code.Matches(finding.Code))
            && (scan is null || (finding.ScanKey is string key && scan.Matches(key)))
            && (label is null || finding.Label == label);
    }

    private static IEnumerable<string> Head(RunRecord? run, Snapshot? snapshot)
    {
        if (snapshot is not null) yield return Invariant($"snapshot {snapshot.Sequence} of {IsoTime.Minute(snapshot.CommittedUtc)}");
        if (run is null) yield break;
        string where = (run.Sequence ?? run.CurrentSequence) is long sequence ? Invariant($", snapshot {sequence}") : "";
        yield return $"run {run.RunId} of {IsoTime.Minute(run.StartedUtc)}: {run.Outcome}{where}";
        if (run.Message is not null) yield return $"because {run.Message}";
    }

    private static string Line(Finding finding) =>
        $"{finding.Severity.Word(),-8} {finding.Code,-20} {finding.ScanKey ?? "-"}{Level(finding)}: {finding.Message}";

    private static string Sum(WorstFirst found)
    {
        string of = found.Wanted == found.Of ? "" : Invariant($" of {found.Of}");
        string counts = Invariant($"{found.Count(Severity.Error)} error, {found.Count(Severity.Warning)} warning, {found.Count(Severity.Info)} info");
        return Invariant($"{found.Wanted}{of} findings: {counts}");
    }

    private static string Level(Finding finding) =>
        finding.Label is int label ? " " + (VertebraLabel.IsKnown(label) ? VertebraLabel.Name(label) : Invariant($"label {label}")) : "";

    private static int? LabelOf(string name) => VertebraLabel.Anatomical.Cast<int?>()
        .FirstOrDefault(label => string.Equals(VertebraLabel.Name(label!.Value), name, StringComparison.OrdinalIgnoreCase));
}
