using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests;

/// <summary>The build stands wherever somebody asks which one it was, and nowhere it would make new tables of the same scans.</summary>
public sealed class BuildVersionTests(SmallDataset dataset) : IDisposable
{
    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task It_stands_in_the_manifest_on_every_line_of_the_log_and_behind_version()
    {
        bool isCheckout = Path.Exists(Path.Join(Repository.Root, ".git"));
        Assert.Matches(isCheckout ? @"^\d+\.\d+\.\d+\+[0-9a-f]{40}$" : @"^\d+\.\d+\.\d+$", BuildVersion.Text);
        Pipeline pipeline = new() { Name = "a", Source = new Source { Path = dataset.Sound }, Load = new Destination { Path = Path.Join(_temp.Path, "w") } };
        string file = Path.Join(_temp.Path, "log");
        using (Logger log = Logs.Create(verbose: false, file, Assert.Fail))
            await new PipelineRun(pipeline, new RunOptions(), TimeProvider.System, log).Execute(null, Token);
        Assert.Equal(BuildVersion.Text, Warehouse.OpenForReading(pipeline.Load.Path).Current!.Manifest.CodeVersion);
        Assert.All(File.ReadAllLines(file), line => Assert.Equal(BuildVersion.Text, JsonDocument.Parse(line).RootElement.GetProperty("Version").GetString()));
        string[] line = [Path.Join(AppContext.BaseDirectory, "verse-etl.dll"), "--version"];
        using Process told = Process.Start(new ProcessStartInfo("dotnet", line) { RedirectStandardOutput = true })!;
        Assert.Equal(BuildVersion.Text, (await told.StandardOutput.ReadToEndAsync(Token)).Trim());
        await told.WaitForExitAsync(Token);
    }

    [Theory]
    [InlineData("CITATION.cff", "version: {0}")]
    [InlineData("codemeta.json", "\"version\": \"{0}\"")]
    [InlineData("CHANGELOG.md", "## {0}")]
    public void Who_cites_the_software_cites_this_version(string file, string line) =>
        Assert.Contains(string.Format(CultureInfo.InvariantCulture, line, BuildVersion.Number), Repository.Text(file), StringComparison.Ordinal);

    /// <summary>What makes tables other than they were: a change here makes every warehouse publish once anew, so it belongs into the changelog.</summary>
    [Fact]
    public void The_options_digest_is_the_same_for_every_build_of_one_schema_and_measuring_version()
    {
        Pipeline pipeline = new() { Name = "a", Source = new Source { Path = "/s" }, Load = new Destination { Path = "/w" } };
        string digest = Digests.OfOptions(pipeline, AuditReference.Load("none"), null);
        Assert.StartsWith("91e4c7b31efae719", digest, StringComparison.Ordinal);
        Pipeline other = pipeline with { Reading = pipeline.Reading with { AcceptPlain = true } };
        Assert.NotEqual(digest, Digests.OfOptions(other, AuditReference.Load("none"), null));
    }
}
