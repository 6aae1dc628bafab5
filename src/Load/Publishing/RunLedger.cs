using System.Text.Json;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>runs/: one file per run under its id. Ids begin with the run's start, so names sort by time.</summary>
internal sealed class RunLedger(string directory)
{
    private const string Extension = ".json";

    // a minute apart these are a week, a night apart 27 years
    private const int Kept = 10_000;

    /// <summary>Writes an entry over an earlier one of the same run, and removes the oldest where there are too many.</summary>
    public void Write(RunRecord run)
    {
        Durable.Replace(Path.Combine(directory, run.RunId + Extension), JsonSerializer.SerializeToUtf8Bytes(run, LoadJson.Default.RunRecord));
        foreach (string name in Names().SkipLast(Kept)) Durable.Unlink(Path.Combine(directory, name));
    }

    /// <summary>The newest entries, by start time; those that cannot be read are left out.</summary>
    public IReadOnlyList<RunRecord> Read(int newest) => Read(Names().TakeLast(newest));

    /// <summary>The entries whose id begins so; one whose id is this alone, if there is one.</summary>
    public IReadOnlyList<RunRecord> Find(string prefix)
    {
        string[] names = [.. Names().Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
        return Read(names.Contains(prefix + Extension) ? [prefix + Extension] : names);
    }

    public int Count => Names().Count;

    private List<string> Names()
    {
        if (!Directory.Exists(directory)) return [];
        return [.. Directory.EnumerateFiles(directory, "*" + Extension).Select(file => Path.GetFileName(file)).Where(name => !name.StartsWith(Durable.TemporaryPrefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private List<RunRecord> Read(IEnumerable<string> names)
    {
        List<RunRecord> runs = [];
        foreach (string name in names)
        {
            try
            {
                if (JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(directory, name)), LoadJson.Default.RunRecord) is RunRecord run) runs.Add(run);
            }
            catch (Exception error) when (error is JsonException or FileNotFoundException)
            {
            }
        }
        return [.. runs.OrderBy(run => run.StartedUtc).ThenBy(run => run.RunId, StringComparer.Ordinal)];
    }
}
