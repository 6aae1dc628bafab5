namespace VerseEtl.Mutation;

/// <summary>What became of a mutant.</summary>
internal enum Verdict
{
    /// <summary>Its tests have not run, or not to their end.</summary>
    Begun,

    /// <summary>A test fails.</summary>
    Killed,

    /// <summary>A test asks more than ten times as often as without it, or takes too much processor time.</summary>
    Endless,

    /// <summary>All tests that reach it pass.</summary>
    Survived,

    /// <summary>No test reaches it.</summary>
    NotReached,

    /// <summary>All tests that reach it again pass, and it is also in code that runs once a process: a process of its own has to say.</summary>
    RunsOnce,
}

/// <summary>A file of one line a step, id, verdict and the test behind it, so that a run which was stopped goes on where it was.</summary>
internal sealed class Results(string path)
{
    public string Path => path;

    /// <summary>The last verdict of each mutant, and the test behind it.</summary>
    public Dictionary<int, (Verdict Verdict, string Test)> Read()
    {
        Dictionary<int, (Verdict, string)> last = [];
        if (!File.Exists(path)) return last;
        foreach (string[] cells in File.ReadLines(path).Select(line => line.Split('\t')))
        {
            if (cells is [string id, string verdict, string test] && Enum.TryParse(verdict, out Verdict known)) last[int.Parse(id, null)] = (known, test);
        }

        return last;
    }

    /// <summary>The mutant that the last line says has begun, whose process ended before it could write another.</summary>
    public int? LastBegun() => File.ReadLines(path).LastOrDefault()?.Split('\t') is [string id, nameof(Verdict.Begun), _] ? int.Parse(id, null) : null;

    public void Add(int id, Verdict verdict, string test = "") => File.AppendAllText(path, Invariant($"{id}\t{verdict}\t{test}\n"));
}
