using System.Text;
using System.Text.RegularExpressions;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.Configuration;

/// <summary>pipelines.yaml, read strictly: every problem of the file is found in one pass, with its place, before any work starts.</summary>
public sealed partial record PipelinesFile(string Path, IReadOnlyList<Pipeline> Pipelines)
{
    public const string DefaultName = "pipelines.yaml";

    /// <summary>Where the scheduler keeps its jobs.</summary>
    public JobStore Store { get; init; }

    /// <summary>The version of the file's format; a newer one is refused rather than half understood.</summary>
    public const int Version = 1;

    /// <summary>Reads a file; null with at least one error among the problems where it cannot be used.</summary>
    public static PipelinesFile? Read(string path, TimeProvider time, out IReadOnlyList<ConfigProblem> problems)
    {
        Problems found = new(path);
        string? text = Content(path, found);
        PipelinesFile? file = text is null ? null : Parse(text, path, time, found);
        problems = found.All;
        return found.HasErrors ? null : file;
    }

    private static string? Content(string path, Problems problems)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            byte[] bytes = new byte[YamlTree.LargestFile + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length <= YamlTree.LargestFile) return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\ufeff');
            problems.Add(1, 1, ConfigCodes.Depth, $"the file is larger than {YamlTree.LargestFile / 1024} KiB");
        }
        catch (DecoderFallbackException)
        {
            problems.Add(1, 1, ConfigCodes.Syntax, "the file is not UTF-8");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Add(1, 1, ConfigCodes.Missing, "there is no such file; name one with --config, or give --source and --output");
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            problems.Add(1, 1, ConfigCodes.Missing, "the file cannot be read; check its permissions");
        }
        return null;
    }

    /// <param name="path">Relative paths in the text are resolved against the folder of this file.</param>
    public static PipelinesFile? Parse(string text, string path, TimeProvider time, Problems problems)
    {
        if (YamlTree.Parse(text, problems) is not YamlValue root) return null;
        if (root.Entries is null)
        {
            problems.Add(root, ConfigCodes.Type, $"the file must be a mapping with 'version' and 'pipelines', found {root.Kind}");
            return null;
        }
        YamlMapping top = new(root, DefaultName, problems);
        if (top.Find("version") is null) top.Missing("version");
        top.Whole("version", Version, Version, Version, ConfigCodes.Version);
        JobStore store = ReadStore(top, problems);
        YamlMapping? pipelines = top.Mapping("pipelines");
        if (pipelines is null) top.Missing("pipelines");
        top.RefuseOthers();

        PipelineReader reader = new(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) ?? "/", time, problems);
        List<Pipeline> read = [];
        foreach (YamlEntry entry in pipelines?.Entries ?? [])
        {
            if (!NamePattern().IsMatch(entry.Key))
                problems.Add(entry.Line, entry.Column, ConfigCodes.Range, $"'{entry.Key}' is no pipeline name; use 1 to 63 of a-z, 0-9, '-' and '_'");
            if (entry.Value.Entries is null)
                problems.Add(entry.Line, entry.Column, ConfigCodes.Type, $"pipeline '{entry.Key}' must be a mapping, found {entry.Value.Kind}");
            else if (reader.Read(new YamlMapping(entry.Value, entry.Key, problems)) is Pipeline pipeline)
                read.Add(pipeline);
        }
        if (pipelines is { Entries.Count: 0 }) problems.Add(pipelines.Node, ConfigCodes.Missing, "'pipelines' names no pipeline");
        return new PipelinesFile(path, read) { Store = store };
    }

    private static JobStore ReadStore(YamlMapping top, Problems problems)
    {
        string[] known = ["memory", "postgres"];
        string name = top.Text("storage", "memory")!;
        if (!known.Contains(name)) problems.Add(top.Find("storage")!, ConfigCodes.Range, $"'{name}' is no storage{NearestName.Hint(name, known)}");
        return name == "postgres" ? JobStore.Postgres : JobStore.Memory;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    /// <summary>Why a text is no name of a dataset; null if it is.</summary>
    public static string? ObjectionToDataset(string name) =>
        name == Editions.Both ? "'all' is reserved for verse19 and verse20 together"
        : NamePattern().IsMatch(name) ? null : $"'{name}' is no dataset name; use 1 to 63 of a-z, 0-9, '-' and '_'";

    /// <summary>Why a name is none for a whole source of one's own; null if it is.</summary>
    public static string? ObjectionToOwn(string name) =>
        Editions.All.Contains(name) ? $"'{name}' is VerSe's own; name its folders under 'folders', or take another name" : null;
}
