using System.Text;
using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Tests.Configuration;

public sealed class BrokenYamlTests
{
    private const string Syntax = "[]{}:,&*!|>'\"%@`#-?\n\t \0\ud800<~";
    private const int Mutants = 4_000;

    [Fact]
    public void No_mutation_of_the_shipped_file_makes_the_reader_fail_otherwise_than_by_problems()
    {
        string shipped = Repository.Text("pipelines.yaml");
        string full = shipped + "  x:\n    source: {path: /a, folders: [{path: b, dataset: c, split: test}]}\n"
            + "    load: {path: \"/w\"}\n    thresholds: {found_percent: 3.5}\n";
        Random random = new(20260101);
        for (int mutant = 0; mutant < Mutants; mutant++)
        {
            StringBuilder text = new(full);
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                int at = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0: text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)); break;
                    case 1: text.Insert(at, Syntax[random.Next(Syntax.Length)]); break;
                    case 2: text[at] = (char)random.Next(1, 256); break;
                    default: text.Insert(at, text.ToString(random.Next(at + 1), Math.Min(random.Next(1, 40), text.Length - at))); break;
                }
            }
            Problems problems = new("/etc/verse/pipelines.yaml");
            PipelinesFile? file = PipelinesFile.Parse(text.ToString(), problems.File, new FixedTime(), problems);
            Assert.True(file is not null || problems.HasErrors, text.ToString());
            Assert.All(problems.All, problem => Assert.True(problem is { Line: >= 1, Column: >= 1 }));
        }
    }
}
