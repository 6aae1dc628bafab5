using System.CommandLine;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.Commands;

/// <summary>Every option that commands share, declared once: name, help text and the environment variable that stands in for it.</summary>
internal sealed class CommandOptions
{
    public const int MostParallel = 1024;

    public Option<string> Config { get; } = new("--config", "-c")
    {
        HelpName = "file", Recursive = true, Description = "Pipelines to read [pipelines.yaml; VERSEETL_CONFIG]",
    };
    public Option<bool> Json { get; } = new("--json") { Recursive = true, Description = "Print one JSON object on standard output and nothing else" };
    public Option<bool> Quiet { get; } = new("--quiet", "-q") { Recursive = true, Description = "No progress" };
    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Recursive = true, Description = "A log line per scan on standard error" };
    public Option<string> LogFile { get; } = new("--log-file")
    {
        HelpName = "file", Recursive = true, Description = "Also write the log to this file, one JSON object a line [VERSEETL_LOG_FILE]",
    };

    /// <summary>None stands for all of them.</summary>
    public Argument<string[]> Pipelines { get; } = new("pipelines")
    {
        HelpName = "pipelines", Arity = ArgumentArity.ZeroOrMore, Description = "Names in pipelines.yaml [all of them]",
    };
    public Option<string> Source { get; } = new("--source", "-s")
    {
        HelpName = "dir",
        Description = "Folder, or s3:// or az:// address, that holds VerSe's folders; makes an ad-hoc pipeline with --output [VERSEETL_SOURCE]",
    };
    public Option<string> Output { get; } = new("--output", "-o") { HelpName = "dir", Description = "Folder of the tables [VERSEETL_OUTPUT]" };
    public Option<string> Dataset { get; } = new("--dataset")
    {
        HelpName = "name", Description = "Read any folder of masks as a dataset of this name, paired by file names: docs/folders.md [source.dataset]",
    };
    public Option<string> Labels { get; } = new("--labels")
    {
        HelpName = "verse|totalsegmentator", Description = "What the labels of the masks mean [verse; source.labels maps others]",
    };
    public Option<int?> Parallelism { get; } = new("--parallelism", "-p")
    {
        HelpName = "n", Description = "Scans measured at the same time [all cores; VERSEETL_PARALLELISM]",
    };
    public Option<bool> AcceptShrink { get; } = new("--accept-shrink") { Description = "Publish although scans are missing or newly failed" };
    public Option<string> FailOn { get; } = new("--fail-on")
    {
        HelpName = "error|warning|never", Description = "Which findings end a published run with code 10 [error; VERSEETL_FAIL_ON]",
    };
    public Option<bool> Full { get; } = new("--full") { Description = "Measure every scan anew" };
    public Option<string> Scan { get; } = new("--scan")
    {
        HelpName = "pattern", Description = "Measure only scans whose key matches (* any characters); publishes if all others are measured already",
    };
    public Option<bool> MeasuredOnly { get; } = new("--measured-only")
    {
        Description = "Publish what `measure` has measured; where a scan has no result publish nothing and name it",
    };
    public Option<string[]> From { get; } = new("--from")
    {
        HelpName = "dir", AllowMultipleArgumentsPerToken = true, Description = "Take results over from folders of `measure --out` first",
    };
    public Option<bool> Verify { get; } = new("--verify") { Description = "Read and hash every file instead of trusting size and times" };

    public Option<string> State { get; } = new("--state")
    {
        HelpName = "dir", Description = "Folder of serve's accounts [STATE_DIRECTORY, else ~/.local/state/verse-etl; VERSEETL_STATE]",
    };

    public static IReadOnlyList<string> FailOnNames { get; } = [.. Enum.GetNames<FailOn>().Select(name => name.ToLowerInvariant())];

    /// <param name="pipelineNames">Names to complete with.</param>
    public CommandOptions(Func<IEnumerable<string>> pipelineNames)
    {
        Pipelines.Validators.Add(UsageErrors.RefuseOptions);
        Pipelines.CompletionSources.Add(_ => pipelineNames());
        FailOn.MustBeOneOf([.. FailOnNames]);
        Labels.MustBeOneOf([.. LabelMap.Named.Keys]);
        Parallelism.MustBe(value => ParseParallelism(value) is not null, $"a whole number from 1 to {MostParallel}");
        Parallelism.CustomParser = result => ParseParallelism(result.Tokens[0].Value);
    }

    public static int? ParseParallelism(string text) => ValueRules.WholeNumber(text, 1, MostParallel);

    /// <summary>Null for any other word.</summary>
    public static FailOn? ParseFailOn(string name) => FailOnNames.Contains(name) ? Enum.Parse<FailOn>(name, ignoreCase: true) : null;
}
