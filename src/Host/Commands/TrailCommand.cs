using System.CommandLine;
using VerseEtl.Host.Serving.People;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>`trail`: who did what in `serve`, and whether anybody has changed what stands there.</summary>
internal static class TrailCommand
{
    private const int Shown = 20;

    public static Command Build(CommandSetup setup)
    {
        Option<int> last = new("--last") { HelpName = "n", Description = $"So many entries, the newest first [{Shown}]", DefaultValueFactory = _ => Shown };
        last.MustBe(text => ValueRules.WholeNumber(text, 0, 10_000) is not null, "a whole number from 0 to 10000");
        Option<string> holds = new("--holds")
        {
            HelpName = "hash", Description = "A newest hash that was noted earlier: it must still be there, else something was cut off or written anew",
        };
        Command command = new("trail", "Who did what in `serve`, with a check that nothing of it was changed") { last, holds, setup.Options.State };
        return setup.Command(command, context => Tell(context, context.Value(last), context.Value(holds)));
    }

    private static int Tell(CommandContext context, int last, string? holds)
    {
        Trail trail = new(context.StateFolder, context.Time, Serilog.Core.Logger.None);
        if (!File.Exists(trail.Path))
            return context.Reply.Failure(holds is null ? ExitCode.Done : ExitCode.Integrity, $"nothing is written down yet in {context.StateFolder}");
        try
        {
            TrailCheck check = TrailCheck.Of(trail.Path, holds);
            IReadOnlyList<TrailEntry> newest = trail.Newest(last);
            string verdict = check.BrokenAt is long line ? Invariant($"line {line} was changed, or one before it was changed, taken out or put in")
                : holds is not null && !check.Holds ? $"{holds} is not there: lines were cut off or written anew"
                : "nothing was changed";
            bool whole = check.BrokenAt is null && (holds is null || check.Holds);
            object answer = new { check.Count, Whole = whole, Verdict = verdict, check.Newest, check.BrokenAt, check.Unreadable, Entries = newest };
            return context.Reply.With(answer,
                [.. newest.Select(Line), Invariant($"{check.Count} entries; {verdict}; newest {check.Newest}"),
                    .. check.Unreadable.Select(number => Invariant($"line {number} is no entry, as a power cut may leave one"))],
                whole ? ExitCode.Done : ExitCode.Integrity);
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            return context.Reply.Failure(ExitCode.Storage, $"the trail cannot be read: {error.Message}");
        }
    }

    private static string Line(TrailEntry entry)
    {
        string about = entry.About is null ? "" : " " + entry.About, from = entry.From is null ? "" : "  from " + entry.From;
        return $"{IsoTime.Second(entry.At)}  {entry.Who} {entry.Did.Words()}{about}{from}";
    }
}
