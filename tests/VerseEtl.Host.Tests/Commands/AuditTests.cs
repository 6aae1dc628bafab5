using System.Text.Json;

namespace VerseEtl.Host.Tests.Commands;

public sealed class AuditTests(SmallDataset dataset)
{
    [Fact]
    public async Task A_snapshot_is_audited_without_its_scans_and_gives_the_page_that_was_published()
    {
        using TempFolder temp = new();
        string source = Path.Join(temp.Path, "copy"), output = Path.Join(temp.Path, "tables"), page = Path.Join(temp.Path, "page.html");
        SmallDataset.Copy(dataset.Sound, source);
        await CommandLineTests.Invoke($"run --source {source} --output {output} --quiet");
        Directory.Delete(source, recursive: true);
        (int code, string text, _) = await CommandLineTests.Invoke($"audit --source {source} --output {output} --html {page}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("No scan here has a published name", text, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Path.Join(output, "current", "audit.html")), File.ReadAllText(page));
        (_, string json, _) = await CommandLineTests.Invoke($"audit --source {source} --output {output} --json");
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(json).RootElement.ValueKind);
    }

    [Fact]
    public async Task Without_a_snapshot_the_audit_says_so()
    {
        using TempFolder temp = new();
        (int code, _, string error) = await CommandLineTests.Invoke($"audit --source {dataset.Sound} --output {temp.Path}");
        Assert.Equal(ExitCode.Storage, code);
        Assert.Contains("run once", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_format_is_wrong_usage()
    {
        (int code, _, string error) = await CommandLineTests.Invoke("audit --format yaml");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("--format must be text, markdown or json, found 'yaml'", error, StringComparison.Ordinal);
    }
}
