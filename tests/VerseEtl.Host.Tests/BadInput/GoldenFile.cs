namespace VerseEtl.Host.Tests.BadInput;

/// <summary>faults.golden.txt: a line `# name` and the lines that belong to it, case by case.</summary>
internal static class GoldenFile
{
    private static readonly string Location = Path.Join(Repository.Root, "tests/VerseEtl.Host.Tests/BadInput/faults.golden.txt");

    public static Dictionary<string, string> Read()
    {
        Dictionary<string, string> sections = new(StringComparer.Ordinal);
        if (!File.Exists(Location)) return sections;
        foreach (string section in File.ReadAllText(Location).Split("# ", StringSplitOptions.RemoveEmptyEntries))
        {
            int end = section.IndexOf('\n', StringComparison.Ordinal);
            sections[section[..end]] = section[(end + 1)..].TrimEnd('\n') + "\n";
        }
        return sections;
    }

    public static void Write(IEnumerable<(string Name, string Section)> sections) =>
        File.WriteAllText(Location, string.Join('\n', sections.Select(section => $"# {section.Name}\n{section.Section}")));
}
