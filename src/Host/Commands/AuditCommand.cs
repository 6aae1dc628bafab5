using System.CommandLine;
using VerseEtl.Host.AuditPage;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`audit`: the published snapshot against the published figures; no scan is read.</summary>
internal static class AuditCommand
{
    private static readonly string[] Formats = ["text", "markdown", "json"];

    public static Command Build(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        Argument<string[]> names = new("pipelines") { HelpName = "pipelines", Arity = ArgumentArity.ZeroOrMore, Description = "Names in pipelines.yaml [all of them]" };
        names.Validators.Add(UsageErrors.RefuseOptions);
        names.CompletionSources.Add(_ => PipelineChoice.Names(terminal, time));
        Option<string> format = new("--format") { HelpName = "text|markdown|json", Description = "One screen, or the whole of it [text]" };
        format.CompletionSources.Add(Formats);
        format.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: string value }] && !Formats.Contains(value)) result.AddError($"--format must be text, markdown or json, found '{value}'");
        });
        Option<string> html = new("--html") { HelpName = "file", Description = "Also write the page to this file" };
        Option<string> warehouse = new("--warehouse", "-w") { HelpName = "dir", Description = "Folder of the tables, instead of pipelines" };
        Command command = new("audit", "Hold the published snapshot against the published figures") { names, options.Source, options.Output, warehouse, format, html };
        command.SetAction((parsed, token) => Audit(parsed, parsed.GetValue(names) ?? [], parsed.GetValue(warehouse), parsed.GetValue(format), parsed.GetValue(html), options, terminal, time, token));
        return command;
    }

    private static async Task<int> Audit(ParseResult parsed, string[] names, string? warehouse, string? format, string? html, CommandOptions options, Terminal terminal, TimeProvider time, CancellationToken token)
    {
        bool json = parsed.GetValue(options.Json);
        if (json) format = "json";
        PipelineChoice choice = new(parsed, options, terminal, time);
        if (warehouse is not null && names.Length > 0) return ProblemReport.Write(terminal, json, [new(null, 0, 0, ConfigCodes.Usage, "pipelines and --warehouse exclude each other; keep one")]);
        IReadOnlyList<Pipeline> pipelines = warehouse is null ? choice.Read(names)
            : [new Pipeline { Name = Pipeline.AdHoc, Source = new Source { Path = "" }, Load = new Destination { Path = Path.GetFullPath(warehouse) } }];
        if (choice.Problems.Any(problem => problem.Severity == Severity.Error)) return ProblemReport.Write(terminal, json, choice.Problems);
        if (pipelines.Count > 1 && (html is not null || format == "json"))
            return ProblemReport.Write(terminal, json, [new(null, 0, 0, ConfigCodes.Usage, "--html and JSON are for one pipeline; name one")]);
        int code = ExitCode.Done;
        foreach (Pipeline pipeline in pipelines)
        {
            try
            {
                AuditView view = await View(pipeline, token);
                if (html is not null) await File.WriteAllTextAsync(html, await AuditDocument.Render(view), token);
                if (format == "json") terminal.Out.WriteLine(AuditText.Json(view));
                else if (format == "markdown") terminal.Out.WriteLine(AuditText.Markdown(view));
                else foreach (string line in AuditText.Screen(view)) terminal.Out.WriteLine(Finding.OneLine(line));
                if (view.Report is { HasDifferences: true }) code = Math.Max(code, ExitCode.AuditDiffers);
            }
            catch (RunStoppedException stop)
            {
                code = Math.Max(code, Failure.Write(terminal, json, stop.ExitCode, stop.Message));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                code = Math.Max(code, Failure.Write(terminal, json, ExitCode.Storage, error.Message));
            }
        }
        return code;
    }

    private static async Task<AuditView> View(Pipeline pipeline, CancellationToken token)
    {
        Warehouse warehouse = Warehouse.OpenForReading(pipeline.Load.Path);
        if (warehouse.Current is not Snapshot current) throw new RunStoppedException(ExitCode.Storage, $"{pipeline.Load.Path} has no snapshot yet; run first");
        return await SnapshotAudit.Of(warehouse, current, pipeline.Reference, token);
    }
}
