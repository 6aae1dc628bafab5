using System.Text;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>docs/findings.md is the catalogue as the code has it; UPDATE_GOLDEN=1 rewrites it. Examples are messages of the golden runs.</summary>
public sealed class FindingsDocumentTests
{
    private const string Introduction = """
        # Findings

        Every code that can stand in the `findings` table, its severity, what it means, a message as it is published, and what to do.
        Codes are stable: filter on them. One code can have several rows here, of different severity. This page is made from the code
        (`UPDATE_GOLDEN=1 dotnet test` rewrites it), and `tests/VerseEtl.Host.Tests/BadInput` triggers each row by a file broken by hand.

        An **error** costs a scan its rows, or those columns that its CT, its centroid file or a clinical file would have filled; the run then ends with
        code 10. A **warning** is published beside the numbers it is about, an **info** is for the record. `--fail-on warning|never` moves the line.
        Three codes have their severity from the circumstances: `CT_NONFINITE` is an error above 0.1 % of a vertebra, `NII_2D` is a warning
        for a single flat axis, `GZ_TRAILING` is an info for zeros. No text from inside a file is ever part of a message.

        """;

    [Fact]
    public void The_page_is_the_catalogue()
    {
        string path = Path.Join(Repository.Root, "docs/findings.md"), text = Render();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(path, text);
        Assert.Equal(text, File.ReadAllText(path));
    }

    private static string Render()
    {
        string[] messages = [.. GoldenFile.Read().Values.SelectMany(section => section.Split('\n'))];
        StringBuilder page = new(Introduction);
        foreach (FaultGroup group in Faults.Groups)
        {
            page.Append("\n## ").Append(char.ToUpperInvariant(group.Name[0])).Append(group.Name.AsSpan(1))
                .Append("\n\n| code | severity | meaning | example | what to do |\n|---|---|---|---|---|\n");
            foreach (Fault fault in group.Faults)
                page.Append("| `").Append(fault.Code).Append("` | ")
                    .Append(fault.Severity.ToString().ToLowerInvariant()).Append(" | ").Append(Cell(fault.Meaning))
                    .Append(" | ").Append(Cell(Example(fault, messages))).Append(" | ").Append(Cell(fault.Action)).Append(" |\n");
        }
        return page.ToString();
    }

    private static string Example(Fault fault, string[] messages)
    {
        string start = $" {fault.Code} {fault.Meaning}";
        return messages.FirstOrDefault(message => message.Contains(start, StringComparison.Ordinal)) is { } found
            ? found[(found.IndexOf(' ', StringComparison.Ordinal) + fault.Code.Length + 2)..]
            : Finding.Of(fault).Message;
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
