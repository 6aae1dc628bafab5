using System.CommandLine;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>
/// The argument and options of every command about what is published: a pipeline of pipelines.yaml (not needed where it has only one), or
/// the folder itself.
/// </summary>
internal sealed class WarehouseChoice
{
    private readonly CommandSetup _setup;

    public WarehouseChoice(CommandSetup setup)
    {
        _setup = setup;
        Pipeline.Validators.Add(UsageErrors.RefuseOptions);
        Pipeline.CompletionSources.Add(_ => setup.PipelineNames());
        Named.CompletionSources.Add(_ => setup.PipelineNames());
        Sequence.CompletionSources.Add(_ => setup.SnapshotNames());
    }

    public Argument<string?> Pipeline { get; } = new("pipeline")
    {
        HelpName = "pipeline", Arity = ArgumentArity.ZeroOrOne, Description = "Name in pipelines.yaml [the only one, or all where all can be told]",
    };

    /// <summary>The same for a command whose other arguments may be left out.</summary>
    public Option<string> Named { get; } = new("--pipeline") { HelpName = "pipeline", Description = "Name in pipelines.yaml [the only one]" };

    public Option<string> Folder { get; } = new("--warehouse", "-w")
    {
        HelpName = "dir", Description = "Folder of the tables, instead of a pipeline [VERSEETL_OUTPUT]",
    };

    /// <summary>Of `path`, `export` and `findings`: as <see cref="SnapshotReference"/>.</summary>
    public Option<string> Sequence { get; } = new("--sequence", "--snapshot")
    {
        HelpName = "snapshot", Description = $"{SnapshotReference.Forms} [current]",
    };

    /// <summary>Of `report`.</summary>
    public Option<string> SourceOfPreviews { get; } = new("--source", "-s")
    {
        HelpName = "dir", Description = "Folder of the dataset, for its own previews [the pipeline's; VERSEETL_SOURCE]",
    };

    /// <summary>Gives a command its work on the warehouse that was chosen, opened for reading; what can go wrong with it becomes the answer.</summary>
    public Command Command(Command command, Func<WarehouseContext, Task<int>> work) => _setup.Command(command, async context =>
    {
        if (Chosen(context) is not [Pipeline only]) throw SeveralPipelines(context);
        return await Guarded(context, () => work(Opened(context, only)));
    });

    /// <inheritdoc cref="Command(Command, Func{WarehouseContext, Task{int}})"/>
    public Command Command(Command command, Func<WarehouseContext, int> work) => Command(command, context => Task.FromResult(work(context)));

    /// <summary>The same for a command that tells of one run: that of the pipeline which has it, where none is named and there are several.</summary>
    public Command CommandOfRun(Command command, Argument<string> id, Func<WarehouseContext, Task<int>> work) => _setup.Command(command, context =>
        Guarded(context, () => work(Opened(context, Only(context, OnePipeline.OfRun(context.Required(id)))))));

    /// <summary>The same for a command that tells of every pipeline where none is named and there are several. The highest exit code wins.</summary>
    public Command CommandOfEach(Command command, Func<WarehouseContext, Task<Told>> tell, EachOptions each) =>
        _setup.Command(command, async context =>
        {
            Pipeline[] pipelines = each.About?.Invoke(context) is OnePipeline about ? [Only(context, about)] : Chosen(context);
            if (pipelines is [Pipeline only]) return await Guarded(context, async () => context.Reply.With(await tell(Opened(context, only))));
            if (each.Objection?.Invoke(context) is string objection) throw new UsageException($"{objection}; {SeveralPipelines(context).Message}");
            List<Told> all = [];
            foreach (Pipeline pipeline in pipelines)
            {
                Told told = await OfOne(context, pipeline, tell, each.NotRun);
                IEnumerable<string> lines = told.Trouble is string trouble ? [trouble] : told.Lines;
                all.Add(each.Headed ? told with { Lines = [$"{pipeline.Name}: {pipeline.Load.Path}", .. lines, ""] } : told);
                if (!each.Headed && told.Trouble is not null && !context.Json) context.Terminal.Warn($"{CommandTree.Name}: {told.Trouble}");
            }
            int code = all.Max(told => told.ExitCode);
            return context.Reply.With(new Told(new { Pipelines = pipelines.Zip(all, (pipeline, told) => told.Of(pipeline.Name)) },
                all.SelectMany(told => told.Lines), code));
        });

    private static async Task<Told> OfOne(CommandContext context, Pipeline pipeline, Func<WarehouseContext, Task<Told>> tell, int notRun)
    {
        if (!Warehouse.Exists(pipeline.Load.Path)) return Told.Nothing(notRun, $"{pipeline.Name} has not run yet: there is nothing at {pipeline.Load.Path}");
        try
        {
            return await tell(Opened(context, pipeline));
        }
        catch (Exception error) when (Trouble(error) is not null)
        {
            (int code, string message) = Trouble(error)!.Value;
            return Told.Nothing(code, message);
        }
    }

    private static WarehouseContext Opened(CommandContext context, Pipeline pipeline) =>
        new(context, pipeline, Warehouse.OpenForReading(pipeline.Load.Path));

    private static async Task<int> Guarded(CommandContext context, Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is not UsageException && Trouble(error) is not null)
        {
            (int code, string message) = Trouble(error)!.Value;
            return context.Reply.Failure(code, message);
        }
    }

    /// <summary>What can be wrong with a warehouse, in words; null for anything else.</summary>
    private static (int Code, string Message)? Trouble(Exception error) => error switch
    {
        StorageException storage => (ExitCode.Of(storage), $"{storage.Code} {storage.Message}"),
        WarehouseDamagedException damaged => (ExitCode.Integrity, damaged.Message),
        InvalidDataException damage => (ExitCode.Integrity, $"a published file cannot be read: {damage.Message}; run `snapshots verify`"),
        UsageException usage => (ExitCode.Configuration, usage.Message),
        _ => null,
    };

    /// <summary>The pipeline that was named, the folder, or without either every pipeline.</summary>
    private Pipeline[] Chosen(CommandContext context)
    {
        string? name = context.Value(Pipeline) ?? context.Value(Named);
        string? folder = name is null ? context.Text(Folder, "VERSEETL_OUTPUT") : context.Value(Folder);
        if (folder is not null && name is not null) throw new UsageException("a pipeline and --warehouse exclude each other; keep one");
        string? source = context.Text(SourceOfPreviews, "VERSEETL_SOURCE") is string given ? PipelineChoice.SourceOf(given) : null;
        if (folder is not null)
            return
            [
                new Pipeline
                {
                    Name = Configuration.Pipeline.AdHoc,
                    Source = new Source { Path = source ?? "" },
                    Load = new Destination { Path = PipelineChoice.Absolute(folder) },
                },
            ];

        IReadOnlyList<Pipeline> all = All(context);
        Pipeline[] chosen = [.. all.Where(pipeline => name is null || pipeline.Name == name)];
        if (chosen.Length == 0) throw new UsageException(PipelineChoice.Unknown(name!, context.ConfigPath, [.. all.Select(pipeline => pipeline.Name)]));
        return chosen is [Pipeline only] && source is not null ? [only with { Source = only.Source with { Path = source, IsSample = false } }] : chosen;
    }

    private static IReadOnlyList<Pipeline> All(CommandContext context) =>
        PipelinesFile.Read(context.ConfigPath, context.Time, out IReadOnlyList<ConfigProblem> problems) is PipelinesFile file
            ? file.Pipelines : throw new UsageException(problems);

    /// <summary>The only pipeline, or of several the one that is asked about.</summary>
    private Pipeline Only(CommandContext context, OnePipeline about) => Chosen(context) switch
    {
        [Pipeline only] => only,
        Pipeline[] several => several.Where(about.IsOf).ToArray() switch
        {
            [Pipeline one] => one,
            [] => throw new UsageException(about.None),
            _ => throw SeveralPipelines(context),
        },
    };

    private static UsageException SeveralPipelines(CommandContext context) =>
        new($"name one pipeline of {context.ConfigPath} ({string.Join(", ", All(context).Select(pipeline => pipeline.Name))}), or --warehouse");
}

/// <summary>How a command tells of several pipelines.</summary>
/// <param name="NotRun">Exit code where one has not run yet.</param>
/// <param name="Headed">Each begins with its name; else standard output has nothing but what was asked for.</param>
/// <param name="Objection">Why what was typed is for one pipeline alone; null where it is not.</param>
/// <param name="About">Which pipeline alone is asked about, though none was named; null where all are.</param>
internal sealed record EachOptions(int NotRun = ExitCode.Done, bool Headed = true, Func<CommandContext, string?>? Objection = null,
    Func<CommandContext, OnePipeline?>? About = null);

/// <summary>A pipeline that goes by what its warehouse has.</summary>
/// <param name="None">That no pipeline has it, in words.</param>
internal sealed record OnePipeline(Predicate<Warehouse> Is, string None)
{
    public bool IsOf(Pipeline pipeline) => Warehouse.Exists(pipeline.Load.Path) && Is(Warehouse.OpenForReading(pipeline.Load.Path));

    /// <summary>It has a run whose id begins so.</summary>
    public static OnePipeline OfRun(string id) => new(
        warehouse => warehouse.FindRuns(id) is { Runs.Count: > 0 } or { Damaged.Count: > 0 }, $"no pipeline has a run '{id}'; `runs` lists them");
}

/// <summary>A command about one warehouse being carried out.</summary>
/// <param name="Pipeline">Whose it is; of an ad-hoc one where the folder was named.</param>
/// <param name="Warehouse">Opened for reading.</param>
internal sealed record WarehouseContext(CommandContext Command, Pipeline Pipeline, Warehouse Warehouse)
{
    /// <summary>Where it is, as it was given, and how long snapshots are kept.</summary>
    public Destination Destination => Pipeline.Load;

    public Reply Reply => Command.Reply;
    public CancellationToken Token => Command.Token;

    /// <summary>The snapshot that <see cref="SnapshotReference"/> speaks of, or the current one.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public Snapshot Snapshot(string? reference) => SnapshotReference.Find(reference ?? "current", Warehouse, Command.Time.GetUtcNow());
}

/// <summary>That there is no snapshot, in words.</summary>
internal static class NoSnapshot
{
    public static string With(long sequence) => Invariant($"there is no snapshot {sequence}; `snapshots` lists them");

    public static string In(string warehouse) => $"{warehouse} has no snapshot yet; run first";
}
