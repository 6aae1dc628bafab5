using System.CommandLine;
using VerseEtl.Host.AuditPage;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>`audit`: the published snapshot against the published figures; no scan is read.</summary>
internal sealed class AuditCommand
{
    private readonly Option<string> _format = new("--format") { HelpName = "text|markdown|json", Description = "One screen, or the whole of it [text]" };
    private readonly Option<string> _html = new("--html") { HelpName = "file", Description = "Also write the page to this file" };
    private readonly Option<string> _warehouse = new("--warehouse", "-w") { HelpName = "dir", Description = "Folder of the tables, instead of pipelines" };

    public static Command Build(CommandSetup setup)
    {
        AuditCommand audit = new();
        audit._format.MustBeOneOf("text", "markdown", "json");
        CommandOptions options = setup.Options;
        Command command = new("audit", "Hold the published snapshot against the published figures")
        {
            options.Pipelines, options.Source, options.Output, audit._warehouse, audit._format, audit._html,
        };
        return setup.Command(command, audit.Audit);
    }

    private async Task<int> Audit(CommandContext context)
    {
        IReadOnlyList<Pipeline> pipelines = Pipelines(context);
        string? html = context.Value(_html), format = context.Json ? "json" : context.Value(_format);
        if (pipelines.Count > 1 && (html is not null || format == "json")) throw new UsageException("--html and JSON are for one pipeline; name one");
        int code = ExitCode.Done;
        foreach (Pipeline pipeline in pipelines)
        {
            try
            {
                AuditView view = await View(pipeline, context.Token);
                if (html is not null) await File.WriteAllTextAsync(html, await AuditDocument.Render(view), context.Token);
                int found = view.Report is { HasDifferences: true } ? ExitCode.AuditDiffers : ExitCode.Done;
                code = Math.Max(code, found);
                Write(view, format, found, context.Terminal);
            }
            catch (RunStoppedException stop)
            {
                code = Math.Max(code, context.Reply.Failure(stop.ExitCode, stop.Message));
            }
            catch (Exception error) when (StorageException.Covers(error))
            {
                code = Math.Max(code, context.Reply.Failure(ExitCode.Storage, error.Message));
            }
        }
        return code;
    }

    private IReadOnlyList<Pipeline> Pipelines(CommandContext context)
    {
        PipelineChoice choice = new(context);
        if (context.Value(_warehouse) is string folder)
        {
            if (context.Value(context.Options.Pipelines) is { Length: > 0 }) throw new UsageException("pipelines and --warehouse exclude each other; keep one");
            return [new Pipeline { Name = Pipeline.AdHoc, Source = new Source { Path = "" }, Load = new Destination { Path = Path.GetFullPath(folder) } }];
        }
        IReadOnlyList<Pipeline> pipelines = choice.Read();
        choice.Check();
        return pipelines;
    }

    private static async Task<AuditView> View(Pipeline pipeline, CancellationToken token)
    {
        Warehouse warehouse = Warehouse.OpenForReading(pipeline.Load.Path);
        if (warehouse.Current is not Snapshot current) throw new RunStoppedException(ExitCode.Storage, NoSnapshot.In(pipeline.Load.Path));
        return await SnapshotAudit.Of(warehouse, current, pipeline.Reference, token);
    }

    private static void Write(AuditView view, string? format, int exitCode, Terminal terminal)
    {
        if (format == "json") terminal.Out.WriteLine(Json.WithCode(exitCode, AuditText.Json(view)));
        else if (format == "markdown") terminal.Out.WriteLine(AuditText.Markdown(view));
        else foreach (string line in AuditText.Screen(view)) terminal.Tell(line);
    }
}
