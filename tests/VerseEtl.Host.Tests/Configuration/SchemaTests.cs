using System.Text.Json;
using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Tests.Configuration;

public sealed class SchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(Repository.Text("schema/pipelines.schema.json")).RootElement;

    private const string Column = "{name: age, type: int32, meaning: years}";

    // an unknown key in a section makes the reader list the keys it knows
    public static TheoryData<string, string> Sections { get; } = new()
    {
        { "pipeline", "a: {zzzzzzzzzzzz: 1, source: {path: s}, load: {path: w}}" },
        { "source", "a: {source: {zzzzzzzzzzzz: 1, path: s}, load: {path: w}}" },
        { "exclude", "a: {source: {path: s, exclude: [{zzzzzzzzzzzz: 1, pattern: p, reason: r}]}, load: {path: w}}" },
        { "folders", "a: {source: {path: s, folders: [{zzzzzzzzzzzz: 1, path: x, dataset: d, split: test}]}, load: {path: w}}" },
        { "clinical", $"a: {{source: {{path: s, clinical: [{{zzzzzzzzzzzz: 1, path: x, key: series_id, columns: [{Column}]}}]}}, load: {{path: w}}}}" },
        { "columns", $"a: {{source: {{path: s, clinical: [{{path: x, key: series_id, columns: [{{zzzzzzzzzzzz: 1, {Column[1..]}]}}]}}, load: {{path: w}}}}" },
        { "reading", "a: {source: {path: s}, load: {path: w}, reading: {zzzzzzzzzzzz: 1}}" },
        { "thresholds", "a: {source: {path: s}, load: {path: w}, thresholds: {zzzzzzzzzzzz: 1}}" },
        { "load", "a: {source: {path: s}, load: {path: w, zzzzzzzzzzzz: 1}}" },
        { "notify", "a: {source: {path: s}, load: {path: w}, notify: {url_variable: U, zzzzzzzzzzzz: 1}}" },
        { "mail", "a: {source: {path: s}, load: {path: w}, notify: {mail: {server: s, from: a@b, to: c@d, zzzzzzzzzzzz: 1}}}" },
        { "schedule", "a: {source: {path: s}, load: {path: w}, schedule: {cron: '0 5 * * *', zzzzzzzzzzzz: 1}}" },
    };

    [Theory]
    [MemberData(nameof(Sections))]
    public void The_editor_schema_knows_exactly_the_keys_the_reader_knows(string section, string pipeline)
    {
        ConfigProblem problem = Assert.Single(Problems(pipeline));
        string known = problem.Message[(problem.Message.IndexOf("known are ", StringComparison.Ordinal) + "known are ".Length)..];
        Assert.Equal(string.Join(", ", Keys(section).Order(StringComparer.Ordinal)), known);
    }

    [Fact]
    public void Every_section_of_the_schema_is_compared() =>
        Assert.Equal(Schema.GetProperty("definitions").EnumerateObject().Select(section => section.Name).Order(),
            Sections.Select(row => row.Data.Item1).Order());

    [Fact]
    public void Defaults_of_the_schema_are_the_defaults_of_the_reader()
    {
        string Written(string section) => string.Join(", ", Schema.GetProperty("definitions").GetProperty(section).GetProperty("properties").EnumerateObject()
            .Where(key => key.Value.TryGetProperty("default", out _)).Select(key => $"{key.Name}: {key.Value.GetProperty("default")}")
            .Select(text => text.Replace("True", "true", StringComparison.Ordinal).Replace("False", "false", StringComparison.Ordinal)));
        string all = $"a: {{{Written("pipeline")}, source: {{path: s, {Written("source")}}}, reading: {{{Written("reading")}}}, "
            + $"thresholds: {{{Written("thresholds")}}}, load: {{path: w, {Written("load")}}}}}";
        Assert.Equal(Pipeline("a: {source: {path: s}, load: {path: w}}"), Pipeline(all));
    }

    [Fact]
    public void The_shipped_file_is_sound_and_names_its_schema()
    {
        string path = Path.Join(Repository.Root, "pipelines.yaml");
        PipelinesFile? file = PipelinesFile.Read(path, TimeProvider.System, out IReadOnlyList<ConfigProblem> problems);
        Assert.Empty(problems);
        Pipeline sample = Assert.Single(file!.Pipelines);
        Assert.Equal(("sample", true), (sample.Name, sample.Source.IsSample));
        Assert.Equal(Path.Join(Repository.Root, "warehouse"), sample.Load.Path);
        Assert.Equal("# yaml-language-server: $schema=./schema/pipelines.schema.json", File.ReadLines(path).First());
        Assert.True(File.Exists(Path.Join(Repository.Root, "schema/pipelines.schema.json")));
    }

    [Fact]
    public void Every_key_and_default_of_the_schema_stands_in_the_documentation()
    {
        string documentation = Repository.Text("docs/configuration.md");
        foreach (JsonProperty section in Schema.GetProperty("definitions").EnumerateObject())
        {
            foreach (JsonProperty key in section.Value.GetProperty("properties").EnumerateObject().Where(key => !key.Value.TryGetProperty("$ref", out _)))
            {
                string standard = key.Value.TryGetProperty("default", out JsonElement value) ? value.ToString().ToLowerInvariant() : "";
                string row = $"| `{key.Name}` | {standard} | {key.Value.GetProperty("description").GetString()} |";
                Assert.Contains(row, documentation, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_example_of_the_documentation_is_sound_and_has_every_key()
    {
        string page = Repository.Text("docs/configuration.md");
        string example = page.Split("```yaml\n").Single(block => block.StartsWith("version: 1", StringComparison.Ordinal)).Split("```")[0];
        Problems problems = new("/etc/verse/pipelines.yaml");
        PipelinesFile? file = PipelinesFile.Parse(example, problems.File, new FixedTime(), problems);
        Assert.Empty(problems.All);
        Assert.Equal(["verse", "spines", "try"], file!.Pipelines.Select(pipeline => pipeline.Name));
        foreach (JsonProperty section in Schema.GetProperty("definitions").EnumerateObject())
            foreach (string key in Keys(section.Name))
                Assert.Matches($@"(?m)(^|[\s{{,-]){key}:", example);
    }

    private static IEnumerable<string> Keys(string section) =>
        Schema.GetProperty("definitions").GetProperty(section).GetProperty("properties").EnumerateObject().Select(key => key.Name);

    private static Pipeline Pipeline(string pipeline)
    {
        Problems problems = new("/etc/verse/pipelines.yaml");
        PipelinesFile? file = PipelinesFile.Parse($"version: 1\npipelines:\n  {pipeline}\n", problems.File, new FixedTime(), problems);
        Assert.Empty(problems.All);
        return Assert.Single(file!.Pipelines);
    }

    private static IReadOnlyList<ConfigProblem> Problems(string pipeline)
    {
        Problems problems = new("/etc/verse/pipelines.yaml");
        PipelinesFile.Parse($"version: 1\npipelines:\n  {pipeline}\n", problems.File, new FixedTime(), problems);
        return problems.All;
    }
}
