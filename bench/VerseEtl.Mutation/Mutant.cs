using System.Text.Json;

namespace VerseEtl.Mutation;

/// <summary>One change to one place of Transform.</summary>
/// <param name="File">Path below src/Transform, with forward slashes.</param>
/// <param name="Line">From 1.</param>
internal sealed record Mutant(int Id, string File, int Line, string Was, string Becomes)
{
    /// <summary>The first folder of <see cref="File"/>.</summary>
    public string Folder => File.Split('/')[0];

    /// <summary>The mutants of Stryker's JSON report that were compiled, ordered by id, and how many were not.</summary>
    public static (IReadOnlyList<Mutant> Compiled, int NotCompiled) Read(string report)
    {
        List<Mutant> compiled = [];
        int notCompiled = 0;
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllText(report));
        foreach (JsonProperty file in document.RootElement.GetProperty("files").EnumerateObject())
        {
            string path = file.Name.Replace('\\', '/').Split("src/Transform/")[^1];
            string[] lines = file.Value.GetProperty("source").GetString()!.Split('\n');
            foreach (JsonElement mutant in file.Value.GetProperty("mutants").EnumerateArray())
            {
                switch (mutant.GetProperty("status").GetString())
                {
                    // a mutant that another one of the same block covers, or a file left out
                    case "Ignored":
                        break;
                    case "CompileError":
                        notCompiled++;
                        break;
                    default:
                        JsonElement location = mutant.GetProperty("location");
                        (int line, int column) = Position(location.GetProperty("start"));
                        compiled.Add(new Mutant(int.Parse(mutant.GetProperty("id").GetString()!, null), path, line,
                            Between(lines, (line, column), Position(location.GetProperty("end"))), mutant.GetProperty("replacement").GetString()!));
                        break;
                }
            }
        }

        compiled.Sort((a, b) => a.Id.CompareTo(b.Id));
        return (compiled, notCompiled);
    }

    public override string ToString() => Invariant($"{File}:{Line}\t{OnOneLine(Was)}\t{OnOneLine(Becomes)}");

    private static (int Line, int Column) Position(JsonElement element) => (element.GetProperty("line").GetInt32(), element.GetProperty("column").GetInt32());

    private static string Between(string[] lines, (int Line, int Column) start, (int Line, int Column) end) => start.Line == end.Line
        ? lines[start.Line - 1][(start.Column - 1)..(end.Column - 1)]
        : string.Join('\n', [lines[start.Line - 1][(start.Column - 1)..], .. lines[start.Line..(end.Line - 1)], lines[end.Line - 1][..(end.Column - 1)]]);

    private static string OnOneLine(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= 200 ? line : line[..200] + "…";
    }
}
