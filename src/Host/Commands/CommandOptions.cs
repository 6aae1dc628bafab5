using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Commands;

/// <summary>Every option, declared once: name, help text and the environment variable that stands in for it.</summary>
public sealed class CommandOptions
{
    public const int MostParallel = 1024;

    public Option<string> Config { get; } = new("--config", "-c") { HelpName = "file", Recursive = true, Description = "Pipelines to read [pipelines.yaml; VERSEETL_CONFIG]" };
    public Option<bool> Json { get; } = new("--json") { Recursive = true, Description = "Print one JSON object on standard output and nothing else" };
    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Recursive = true, Description = "No progress" };
    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Recursive = true, Description = "A log line per scan on standard error" };
    public Option<string> LogFile { get; } = new("--log-file") { HelpName = "file", Recursive = true, Description = "Also write the log to this file, one JSON object a line [VERSEETL_LOG_FILE]" };

    public Option<string> Source { get; } = new("--source", "-s") { HelpName = "dir", Description = "Folder that holds VerSe's folders; makes an ad-hoc pipeline with --output [VERSEETL_SOURCE]" };
    public Option<string> Output { get; } = new("--output", "-o") { HelpName = "dir", Description = "Folder of the tables [VERSEETL_OUTPUT]" };
    public Option<int?> Parallelism { get; } = new("--parallelism", "-p") { HelpName = "n", Description = "Scans measured at the same time [all cores; VERSEETL_PARALLELISM]" };
    public Option<bool> AcceptShrink { get; } = new("--accept-shrink") { Description = "Publish although scans are missing or newly failed" };
    public Option<string> FailOn { get; } = new("--fail-on") { HelpName = "error|warning|never", Description = "Which findings end a published run with code 10 [error; VERSEETL_FAIL_ON]" };
    public Option<bool> Full { get; } = new("--full") { Description = "Measure every scan anew" };
    public Option<bool> Verify { get; } = new("--verify") { Description = "Read and hash every file instead of trusting size and times" };

    public Option<string> State { get; } = new("--state") { HelpName = "dir", Description = "Folder of serve's accounts [STATE_DIRECTORY, else ~/.local/state/verse-etl; VERSEETL_STATE]" };

    public static IReadOnlyList<string> FailOnNames { get; } = ["error", "warning", "never"];

    public CommandOptions()
    {
        FailOn.CompletionSources.Add([.. FailOnNames]);
        FailOn.Validators.Add(result => Check(result, value => FailOnNames.Contains(value), "must be error, warning or never"));
        Parallelism.Validators.Add(result => Check(result, value => ParseParallelism(value) is not null, $"must be a whole number from 1 to {MostParallel}"));
        Parallelism.CustomParser = result => ParseParallelism(result.Tokens[0].Value);
    }

    public static int? ParseParallelism(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= MostParallel ? number : null;

    public static FailOn ParseFailOn(string name) => name switch
    {
        "warning" => Flow.FailOn.Warning,
        "never" => Flow.FailOn.Never,
        _ => Flow.FailOn.Error,
    };

    private static void Check(OptionResult result, Func<string, bool> valid, string rule)
    {
        foreach (Token token in result.Tokens.Where(token => !valid(token.Value)))
            result.AddError($"{result.IdentifierToken?.Value} {rule}, found '{token.Value}'");
    }
}
