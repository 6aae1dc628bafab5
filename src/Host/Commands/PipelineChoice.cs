using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Objects;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.Commands;

/// <summary>Which pipelines a command is about, and what flags and the environment change about them. Ask all, then <see cref="Check"/>.</summary>
internal sealed class PipelineChoice(CommandContext context)
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>Errors and warnings so far; with an error <see cref="Read"/> returned nothing.</summary>
    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <summary>The pipelines that were named; without a name all of them, or the ad-hoc one that --source and --output make.</summary>
    /// <param name="results">Absolute path of the folder that a command writes to in place of the warehouse.</param>
    public IReadOnlyList<Pipeline> Read(string? results = null)
    {
        string[] names = context.Value(context.Options.Pipelines) ?? [];
        string? source = context.Text(context.Options.Source, "VERSEETL_SOURCE"), output = context.Text(context.Options.Output, "VERSEETL_OUTPUT");
        if (names.Length == 0 && source is not null) output ??= results;
        int? parallelism = Parallelism();
        if (source is not null && ObjectUrl.IsMeant(source) && ObjectUrl.Objection(source, out bool secret) is string wrong)
        {
            Wrong(secret ? ConfigCodes.SecretInline : ConfigCodes.Range, $"--source: {wrong}");
            return [];
        }
        if (output is not null && ObjectUrl.IsMeant(output))
        {
            Wrong(ConfigCodes.Range, "--output is a folder of this machine; load.publish_to keeps a copy in an object store");
            return [];
        }
        IReadOnlyList<Pipeline> chosen = names.Length == 0 && (source is not null || output is not null)
            ? AdHoc(source, output)
            : Named(names, source, output);
        if (HasErrors) return [];
        chosen = [.. chosen.Select(AsTold)];
        if (HasErrors) return [];
        foreach (string objection in chosen.Select(pipeline => results is null ? null : PathRules.Objection(pipeline.Source.Path, results)).OfType<string>())
            Wrong(ConfigCodes.PathOutside, objection);
        if (HasErrors) return [];
        return [.. chosen.Select(pipeline => parallelism is int workers ? pipeline with { Parallelism = workers } : pipeline)];
    }

    public FailOn FailOn()
    {
        string value = context.Text(context.Options.FailOn, "VERSEETL_FAIL_ON") ?? "error";
        if (CommandOptions.ParseFailOn(value) is FailOn known) return known;
        Wrong(ConfigCodes.Range, $"VERSEETL_FAIL_ON must be error, warning or never, found '{value}'");
        return default;
    }

    /// <exception cref="UsageException">There was an error.</exception>
    public void Check()
    {
        if (HasErrors) throw new UsageException(_problems);
    }

    private bool HasErrors => _problems.Any(problem => problem.Severity == Severity.Error);

    private int? Parallelism()
    {
        if (context.IsGiven(context.Options.Parallelism)) return context.Value(context.Options.Parallelism);
        if (context.Terminal.Variable("VERSEETL_PARALLELISM") is not string value) return null;
        int? number = CommandOptions.ParseParallelism(value);
        if (number is null) Wrong(ConfigCodes.Range, $"VERSEETL_PARALLELISM must be a whole number from 1 to {CommandOptions.MostParallel}, found '{value}'");
        return number;
    }

    /// <summary>With --dataset and --labels in place of the pipeline's.</summary>
    private Pipeline AsTold(Pipeline pipeline)
    {
        if (context.Value(context.Options.Labels) is string labels)
            pipeline = pipeline with { Source = pipeline.Source with { Tree = pipeline.Source.Tree with { Labels = LabelMap.Named[labels] } } };
        if (context.Value(context.Options.Dataset) is not string dataset) return pipeline;
        if ((PipelinesFile.ObjectionToDataset(dataset) ?? PipelinesFile.ObjectionToOwn(dataset)) is string objection)
        {
            Wrong(ConfigCodes.Range, $"--dataset: {objection}");
            return pipeline;
        }
        return pipeline with { Source = pipeline.Source with { Folders = null, Tree = pipeline.Source.Tree with { Dataset = dataset } } };
    }

    private IReadOnlyList<Pipeline> AdHoc(string? source, string? output)
    {
        if (source is null || output is null)
        {
            Wrong(ConfigCodes.Missing, source is null ? "--output needs --source as well" : "--source needs --output as well");
            return [];
        }
        Source from = new() { Path = SourceOf(source) };
        return Checked(new Pipeline { Name = Pipeline.AdHoc, Source = from, Load = new Destination { Path = Absolute(output) } });
    }

    private IReadOnlyList<Pipeline> Named(string[] names, string? source, string? output)
    {
        string path = context.ConfigPath;
        PipelinesFile? file = PipelinesFile.Read(path, context.Time, out IReadOnlyList<ConfigProblem> problems);
        _problems.AddRange(problems);
        if (file is null) return [];
        string[] known = [.. file.Pipelines.Select(pipeline => pipeline.Name)];
        foreach (string name in names.Where(name => !known.Contains(name))) _problems.Add(Unknown(name, path, known));
        Pipeline[] chosen = [.. file.Pipelines.Where(pipeline => names.Length == 0 || names.Contains(pipeline.Name))];
        if (source is null && output is null) return chosen;
        if (chosen.Length != 1)
        {
            Wrong(ConfigCodes.Usage, "--source and --output stand for one pipeline's; name one, or none for an ad-hoc one");
            return [];
        }
        Pipeline one = chosen[0];
        if (source is not null) one = one with { Source = one.Source with { Path = SourceOf(source), IsSample = false } };
        if (output is not null) one = one with { Load = one.Load with { Path = Absolute(output) } };
        return Checked(one);
    }

    private IReadOnlyList<Pipeline> Checked(Pipeline pipeline)
    {
        if (PathRules.Objection(pipeline.Source.Path, pipeline.Load.Path) is not string objection) return [pipeline];
        Wrong(ConfigCodes.PathOutside, objection);
        return [];
    }

    /// <summary>A source by its absolute path or its address.</summary>
    /// <exception cref="UsageException">The address is none.</exception>
    public static string SourceOf(string text) => !ObjectUrl.IsMeant(text) ? Absolute(text)
        : ObjectUrl.Objection(text, out _) is string wrong ? throw new UsageException($"--source: {wrong}") : ObjectUrl.Of(text).ToString();

    private void Wrong(string code, string message) => _problems.Add(ConfigProblem.OnCommandLine(code, message));

    /// <summary>A name that the file does not have.</summary>
    public static ConfigProblem Unknown(string name, string path, string[] known) =>
        ConfigProblem.OnCommandLine(ConfigCodes.UnknownPipeline, $"there is no pipeline '{name}' in {path}{NearestName.Hint(name, known)}");

    public static string Absolute(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
