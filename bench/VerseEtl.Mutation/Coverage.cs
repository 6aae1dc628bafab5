namespace VerseEtl.Mutation;

/// <summary>Which source files of Transform a test reaches.</summary>
/// <param name="Seconds">Processor time of the test when no mutant is on.</param>
internal sealed record Coverage(string Test, double Seconds, IReadOnlySet<string> Files)
{
    public static IReadOnlyList<Coverage> Read(string path) =>
    [
        .. from line in File.ReadLines(path)
           let cells = line.Split('\t')
           select new Coverage(cells[0], double.Parse(cells[1], null), cells[2..].ToHashSet()),
    ];

    public static void Write(string path, IEnumerable<Coverage> tests) =>
        File.WriteAllLines(path, tests.Select(test => Invariant($"{test.Test}\t{test.Seconds:F3}\t{string.Join('\t', test.Files)}")));
}
