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
        HelpName = "pipeline", Arity = ArgumentArity.ZeroOrOne, Description = "Name in pipelines.yaml [the only one]",
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
        Pipeline pipeline = Find(context);
        try
        {
            return await work(new WarehouseContext(context, pipeline, Warehouse.OpenForReading(pipeline.Load.Path)));
        }
        catch (WarehouseRefusedException refused)
        {
            return context.Reply.Failure(ExitCode.Configuration, $"{refused.Code} {refused.Message}");
        }
        catch (StorageException storage)
        {
            return context.Reply.Failure(ExitCode.Storage, $"{storage.Code} {storage.Message}");
        }
        catch (InvalidDataException damage)
        {
            return context.Reply.Failure(ExitCode.Integrity, $"a published file cannot be read: {damage.Message}; run `snapshots verify`");
        }
    });

    /// <inheritdoc cref="Command(Command, Func{WarehouseContext, Task{int}})"/>
    public Command Command(Command command, Func<WarehouseContext, int> work) => Command(command, context => Task.FromResult(work(context)));

    private Pipeline Find(CommandContext context)
    {
        string? name = context.Value(Pipeline) ?? context.Value(Named);
        string? folder = name is null ? context.Text(Folder, "VERSEETL_OUTPUT") : context.Value(Folder);
        if (folder is not null && name is not null) throw new UsageException("a pipeline and --warehouse exclude each other; keep one");
        string? source = context.Text(SourceOfPreviews, "VERSEETL_SOURCE") is string given ? PipelineChoice.Absolute(given) : null;
        if (folder is not null)
            return new Pipeline
            {
                Name = Configuration.Pipeline.AdHoc,
                Source = new Source { Path = source ?? "" },
                Load = new Destination { Path = PipelineChoice.Absolute(folder) },
            };

        string path = context.ConfigPath;
        if (PipelinesFile.Read(path, context.Time, out IReadOnlyList<ConfigProblem> problems) is not PipelinesFile file) throw new UsageException(problems);
        string[] known = [.. file.Pipelines.Select(pipeline => pipeline.Name)];
        if (file.Pipelines.Where(pipeline => name is null || pipeline.Name == name).ToList() is [Pipeline only])
            return source is null ? only : only with { Source = only.Source with { Path = source, IsSample = false } };
        throw name is null
            ? new UsageException($"name one pipeline of {path} ({string.Join(", ", known)}), or --warehouse")
            : new UsageException(PipelineChoice.Unknown(name, path, known));
    }
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
