using System.CommandLine;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>
/// The argument and options of every command about what is published: a pipeline of pipelines.yaml (not needed where it has only one), or
/// the folder itself.
/// </summary>
internal sealed class WarehouseChoice
{
    private readonly CommandOptions _options;
    private readonly Terminal _terminal;
    private readonly TimeProvider _time;

    public WarehouseChoice(CommandOptions options, Terminal terminal, TimeProvider time)
    {
        (_options, _terminal, _time) = (options, terminal, time);
        Name = new Argument<string?>("pipeline") { HelpName = "pipeline", Arity = ArgumentArity.ZeroOrOne, Description = "Name in pipelines.yaml [the only one]" };
        Name.Validators.Add(UsageErrors.RefuseOptions);
        Name.CompletionSources.Add(_ => PipelineChoice.Names(terminal, time));
    }

    public Argument<string?> Name { get; }

    public Option<string> Folder { get; } = new("--warehouse", "-w") { HelpName = "dir", Description = "Folder of the tables, instead of a pipeline [VERSEETL_OUTPUT]" };

    /// <summary>Finds the warehouse, does the work, and turns what can go wrong into a line and an exit code.</summary>
    /// <param name="work">Gets where the tables are and how long snapshots are kept, and whether to answer in JSON.</param>
    public async Task<int> Use(ParseResult parsed, Func<Destination, bool, Task<int>> work)
    {
        bool json = parsed.GetValue(_options.Json);
        Destination? destination = Find(parsed, out IReadOnlyList<ConfigProblem> problems);
        if (destination is null) return ProblemReport.Write(_terminal, json, problems);
        try
        {
            return await work(destination, json);
        }
        catch (WarehouseRefusedException refused)
        {
            return Failure.Write(_terminal, json, ExitCode.Configuration, $"{refused.Code} {refused.Message}");
        }
        catch (StorageException storage)
        {
            return Failure.Write(_terminal, json, ExitCode.Storage, $"{storage.Code} {storage.Message}");
        }
        catch (InvalidDataException damage)
        {
            return Failure.Write(_terminal, json, ExitCode.Integrity, $"a published file cannot be read: {damage.Message}; run `snapshots verify`");
        }
    }

    /// <summary>Writes the answer: one JSON object with the exit code, or lines for people.</summary>
    public int Answer(bool json, int exitCode, object answer, IEnumerable<string> lines)
    {
        if (json) _terminal.Out.WriteLine(Json.Text(answer));
        else foreach (string line in lines) _terminal.Out.WriteLine(Finding.OneLine(line));
        return exitCode;
    }

    /// <summary>Says that what was asked for is not there.</summary>
    public int Unknown(bool json, string message) =>
        ProblemReport.Write(_terminal, json, [new(null, 0, 0, ConfigCodes.Usage, message)]);

    private Destination? Find(ParseResult parsed, out IReadOnlyList<ConfigProblem> problems)
    {
        string? name = parsed.GetValue(Name);
        PipelineChoice choice = new(parsed, _options, _terminal, _time);
        string? folder = name is null ? choice.Text(Folder, "VERSEETL_OUTPUT") : parsed.GetValue(Folder);
        if (folder is not null && name is not null)
        {
            problems = [new(null, 0, 0, ConfigCodes.Usage, "a pipeline and --warehouse exclude each other; keep one")];
            return null;
        }
        problems = [];
        if (folder is not null) return new Destination { Path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) };

        string path = choice.Text(_options.Config, "VERSEETL_CONFIG") ?? PipelinesFile.DefaultName;
        PipelinesFile? file = PipelinesFile.Read(path, _time, out problems);
        if (file is null) return null;
        string[] known = [.. file.Pipelines.Select(pipeline => pipeline.Name)];
        if (file.Pipelines.Where(pipeline => name is null || pipeline.Name == name).ToList() is [Pipeline only]) return only.Load;
        problems = [new(null, 0, 0, name is null ? ConfigCodes.Usage : ConfigCodes.UnknownPipeline, name is null
            ? $"name one pipeline of {path} ({string.Join(", ", known)}), or --warehouse"
            : $"there is no pipeline '{name}' in {path}{NearestName.Hint(name, known)}")];
        return null;
    }
}
