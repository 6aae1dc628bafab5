using Serilog;

namespace VerseEtl.Host.Jobs;

/// <summary>How a trigger ended.</summary>
/// <param name="Text">One line for the dashboard.</param>
/// <param name="Skipped">Nothing was run; the text says why.</param>
/// <param name="ExitCode">As `run` would have ended with.</param>
internal sealed record TriggerOutcome(string Text, bool Skipped, int ExitCode)
{
    private const string SkippedPrefix = "skipped: ";

    public static TriggerOutcome Skip(string reason) => new(SkippedPrefix + reason, true, Host.ExitCode.Done);

    /// <summary>The same, told in the log as well.</summary>
    public static TriggerOutcome Skip(string pipeline, string reason, ILogger log)
    {
        log.Information("Pipeline {Pipeline} skipped: {Reason}", pipeline, reason);
        return Skip(reason);
    }

    /// <summary>Whether the text that a job left in the scheduler's storage is that of a skipped one.</summary>
    public static bool IsSkip(string text) => text.StartsWith(SkippedPrefix, StringComparison.Ordinal);
}
