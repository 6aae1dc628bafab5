using System.CommandLine;
using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Commands;

/// <summary>Which pipelines a command is about. Flags win over the environment, that over pipelines.yaml, that over defaults.</summary>
public sealed class PipelineChoice(ParseResult parsed, CommandOptions options, Terminal terminal, TimeProvider time)
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>Errors and warnings; with an error <see cref="Read"/> returned nothing.</summary>
    public IReadOnlyList<ConfigProblem> Problems => _problems;

    /// <param name="names">None: all of them, or the ad-hoc one that --source and --output make.</param>
    public IReadOnlyList<Pipeline> Read(IReadOnlyList<string> names)
    {
        string? source = Text(options.Source, "VERSEETL_SOURCE"), output = Text(options.Output, "VERSEETL_OUTPUT");
        int? parallelism = Parallelism();
        IReadOnlyList<Pipeline> chosen = names.Count == 0 && (source is not null || output is not null)
            ? AdHoc(source, output)
            : Named(names, source, output);
        bool bad = _problems.Any(problem => problem.Severity == Transform.Findings.Severity.Error);
        return bad ? [] : [.. chosen.Select(pipeline => parallelism is int workers ? pipeline with { Parallelism = workers } : pipeline)];
    }

    /// <summary>Names to complete with; none where the file cannot be read.</summary>
    public static IEnumerable<string> Names(Terminal terminal, TimeProvider time)
    {
        string path = terminal.Environment("VERSEETL_CONFIG") is { Length: > 0 } value ? value : PipelinesFile.DefaultName;
        return PipelinesFile.Read(path, time, out _)?.Pipelines.Select(pipeline => pipeline.Name) ?? [];
    }

    public string? Text(Option<string> option, string variable)
    {
        if (parsed.GetResult(option) is { Implicit: false }) return parsed.GetValue(option);
        return terminal.Environment(variable) is { Length: > 0 } value ? value : null;
    }

    /// <summary>Absolute path of the folder for what `serve` keeps beside the warehouses.</summary>
    public string StateFolder() => Path.GetFullPath(Text(options.State, "VERSEETL_STATE") ?? Serving.Access.Accounts.DefaultFolder(terminal.Environment));

    public string FailOn()
    {
        string value = Text(options.FailOn, "VERSEETL_FAIL_ON") ?? "error";
        if (!CommandOptions.FailOnNames.Contains(value)) Wrong(ConfigCodes.Range, $"VERSEETL_FAIL_ON must be error, warning or never, found '{value}'");
        return value;
    }

    private int? Parallelism()
    {
        if (parsed.GetResult(options.Parallelism) is { Implicit: false }) return parsed.GetValue(options.Parallelism);
        if (terminal.Environment("VERSEETL_PARALLELISM") is not { Length: > 0 } value) return null;
        int? number = CommandOptions.ParseParallelism(value);
        if (number is null) Wrong(ConfigCodes.Range, $"VERSEETL_PARALLELISM must be a whole number from 1 to {CommandOptions.MostParallel}, found '{value}'");
        return number;
    }

    private IReadOnlyList<Pipeline> AdHoc(string? source, string? output)
    {
        if (source is null || output is null)
        {
            Wrong(ConfigCodes.Missing, source is null ? "--output needs --source as well" : "--source needs --output as well");
            return [];
        }
        return Checked(new Pipeline { Name = Pipeline.AdHoc, Source = new Source { Path = Absolute(source) }, Load = new Destination { Path = Absolute(output) } });
    }

    private IReadOnlyList<Pipeline> Named(IReadOnlyList<string> names, string? source, string? output)
    {
        string path = Text(options.Config, "VERSEETL_CONFIG") ?? PipelinesFile.DefaultName;
        PipelinesFile? file = PipelinesFile.Read(path, time, out IReadOnlyList<ConfigProblem> problems);
        _problems.AddRange(problems);
        if (file is null) return [];
        string[] known = [.. file.Pipelines.Select(pipeline => pipeline.Name)];
        foreach (string name in names.Where(name => !known.Contains(name)))
            Wrong(ConfigCodes.UnknownPipeline, $"there is no pipeline '{name}' in {path}{NearestName.Hint(name, known)}");
        Pipeline[] chosen = [.. file.Pipelines.Where(pipeline => names.Count == 0 || names.Contains(pipeline.Name))];
        if (source is null && output is null) return chosen;
        if (chosen.Length != 1)
        {
            Wrong(ConfigCodes.Usage, "--source and --output stand for one pipeline's; name one, or none for an ad-hoc one");
            return [];
        }
        Pipeline one = chosen[0];
        if (source is not null) one = one with { Source = one.Source with { Path = Absolute(source), IsSample = false } };
        if (output is not null) one = one with { Load = one.Load with { Path = Absolute(output) } };
        return Checked(one);
    }

    private IReadOnlyList<Pipeline> Checked(Pipeline pipeline)
    {
        if (PathRules.Objection(pipeline.Source.Path, pipeline.Load.Path) is not string objection) return [pipeline];
        Wrong(ConfigCodes.PathOutside, objection);
        return [];
    }

    private void Wrong(string code, string message) => _problems.Add(new ConfigProblem(null, 0, 0, code, message));

    private static string Absolute(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
}
