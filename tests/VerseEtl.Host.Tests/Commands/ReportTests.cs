using System.Text.Json;
using System.Text.RegularExpressions;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.ReportPage;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Commands;

public sealed class ReportTests(ReportTests.Published published) : IClassFixture<ReportTests.Published>, IDisposable
{
    private const string Key = "verse19/training/sub-verse902";

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    /// <summary>A warehouse of four scans, one of which lies in a second split as well.</summary>
    public sealed class Published : IDisposable
    {
        private readonly TempFolder _temp = new();

        public Published()
        {
            using SmallDataset dataset = new();
            SmallDataset.Copy(dataset.Sound, Source);
            foreach (string kind in new[] { "rawdata", "derivatives" })
                SmallDataset.Copy(Path.Join(Source, "dataset-verse19training", kind, "sub-verse907"),
                    Directory.CreateDirectory(Path.Join(Source, "dataset-verse19test", kind, "sub-verse907")).FullName);
            Assert.InRange(CommandLineTests.Invoke($"run -s {Source} -o {Warehouse} -q").GetAwaiter().GetResult().Code, 0, 10);
        }

        public string Source => Path.Join(_temp.Path, "s");
        public string Warehouse => Path.Join(_temp.Path, "w");

        public void Dispose() => _temp.Dispose();
    }

    [Theory]
    [InlineData(Key)]
    [InlineData("sub-verse902")]
    public async Task One_file_holds_everything_and_asks_for_nothing(string scan)
    {
        (int code, string said, string error) = await Invoke($"report {scan} -o {Page} -s {published.Source}");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains($"{Key}, snapshot 1, in {Page}", said, StringComparison.Ordinal);
        string page = File.ReadAllText(Page);
        Assert.DoesNotMatch("https?:|//[a-z]|<script|<link|@import|url\\(| on[a-z]+=| src=\"(?!data:)| href=\"(?!#)",
            Regex.Replace(page, "base64,[^\"]+", "base64,"));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        string[] images = [.. Regex.Matches(page, "<img src=\"data:image/png;base64,([^\"]+)\"")
            .Select(image => System.Net.WebUtility.HtmlDecode(image.Groups[1].Value))];
        Snapshot snapshot = Warehouse.OpenForReading(published.Warehouse).Current!;
        var row = (await Warehouse.ReadTable(snapshot, PublishedSchema.Scans, TestContext.Current.CancellationToken))
            .Single(row => row.ScanKey == Key);
        Assert.Equal([Convert.ToBase64String(File.ReadAllBytes(Path.Join(published.Warehouse, row.PicturePath))),
            Convert.ToBase64String(File.ReadAllBytes(Path.Join(published.Source, row.PreviewPath)))], images);
        foreach (string told in new[] { row.MaskSha256!, row.CtSha256!, BuildVersion.Commit, snapshot.RunId })
            Assert.Contains(told, page, StringComparison.Ordinal);
        Assert.DoesNotContain(_temp.Path, page, StringComparison.Ordinal);
        Assert.DoesNotContain(published.Source, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_column_that_a_report_shows_is_read()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        Pipeline pipeline = new() { Name = "a", Source = new Source { Path = "" }, Load = new Destination { Path = published.Warehouse } };
        Snapshot snapshot = Warehouse.OpenForReading(published.Warehouse).Current!;
        SnapshotReports reports = new(pipeline, snapshot);
        ScanReport report = (await reports.Of(Key, reports.Ranges(token), token))!;
        IReadOnlyList<VertebraRow> all = [.. (await Warehouse.ReadTable(snapshot, PublishedSchema.Vertebrae, token)).Where(row => row.ScanKey == Key)];
        Assert.Contains(all, row => row is { HeightMiddleMm: not null, EndplateInferiorBackZ: not null, TrabecularHuMedian: not null });
        Assert.Equal(await ReportDocument.Render(report with { Vertebrae = all }), await ReportDocument.Render(report));
    }

    [Fact]
    public async Task Without_a_source_the_preview_is_said_to_be_left_out()
    {
        Assert.Equal(ExitCode.Done, (await Invoke($"report {Key} -o {Page}")).Code);
        string page = File.ReadAllText(Page);
        Assert.Single(Regex.Matches(page, "<img "));
        Assert.Contains("no source is named", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pipeline_tells_where_the_source_is()
    {
        string yaml = _temp.File("p.yaml",
            $"version: 1\npipelines:\n  a: {{source: {{path: {published.Source}}}, load: {{path: {published.Warehouse}}}}}\n");
        (int code, string said, _) = await CommandLineTests.Invoke($"report {Key} a -o {Page} --config {yaml} --json");
        Assert.Equal(ExitCode.Done, code);
        JsonElement answer = JsonDocument.Parse(said).RootElement;
        Assert.Equal((Key, Page), (answer.GetProperty("scan").GetString(), answer.GetProperty("file").GetString()));
        Assert.Equal(2, Regex.Count(File.ReadAllText(Page), "<img "));
    }

    [Theory]
    [InlineData("sub-verse907", "'sub-verse907' is 2 scans: verse19/test/sub-verse907, verse19/training/sub-verse907; give the whole key")]
    [InlineData("verse907", "there is no scan 'verse907'; keys that hold it: verse19/test/sub-verse907, verse19/training/sub-verse907")]
    [InlineData("sub-vrese902", "there is no scan 'sub-vrese902'; did you mean 'sub-verse902'?")]
    [InlineData("verse19/test/sub-verse902", "did you mean 'verse19/test/sub-verse907'?")]
    [InlineData("quite-another-thing-altogether", "of 5: verse19/")]
    public async Task A_scan_that_is_not_there_or_not_the_only_one_is_told_with_others_to_choose_from(string scan, string told)
    {
        (int code, string output, string error) = await Invoke($"report {scan} -o {Page}");
        Assert.Equal((ExitCode.Configuration, ""), (code, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.False(File.Exists(Page));
    }

    [Theory]
    [InlineData("scans")]
    [InlineData("vertebrae")]
    [InlineData("findings")]
    [InlineData("pairs")]
    [InlineData("spines")]
    public async Task No_report_is_written_from_a_damaged_table(string table)
    {
        string copy = _temp["w"];
        using (System.Diagnostics.Process process = System.Diagnostics.Process.Start("cp", ["-a", published.Warehouse, copy])) process.WaitForExit();
        string file = Warehouse.OpenForReading(copy).PathOf(table).Single();
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(file, bytes);
        (int code, _, string error) = await CommandLineTests.Invoke($"report {Key} -o {Page} -w {copy}");
        Assert.Equal(ExitCode.Integrity, code);
        Assert.Contains(Path.GetFileName(file), error, StringComparison.Ordinal);
        Assert.False(File.Exists(Page));
    }

    [Fact]
    public async Task A_damaged_picture_is_not_shown_and_told()
    {
        string copy = _temp["w"];
        using (System.Diagnostics.Process process = System.Diagnostics.Process.Start("cp", ["-a", published.Warehouse, copy])) process.WaitForExit();
        foreach (string file in Directory.GetFiles(Path.Join(copy, "pictures")))
        {
            byte[] bytes = File.ReadAllBytes(file);
            bytes[^20] ^= 1;
            File.WriteAllBytes(file, bytes);
        }
        (int code, string said, _) = await CommandLineTests.Invoke($"report {Key} -o {Page} -w {copy}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains("The picture is gone or damaged", said, StringComparison.Ordinal);
        Assert.DoesNotContain("<img ", File.ReadAllText(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_picture_is_no_preview()
    {
        string source = _temp["s"];
        SmallDataset.Copy(published.Source, Directory.CreateDirectory(source).FullName);
        string preview = Directory.GetFiles(source, "sub-verse902*snp.png", SearchOption.AllDirectories).Single();
        File.WriteAllText(preview, "<svg onload='x'/>");
        Assert.Equal(ExitCode.Done, (await Invoke($"report {Key} -o {Page} -s {source}")).Code);
        Assert.Contains("preview cannot be read, or is no picture", File.ReadAllText(Page), StringComparison.Ordinal);
        Assert.DoesNotContain("onload", File.ReadAllText(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_or_would_lie_in_the_warehouse_is_refused()
    {
        Assert.Equal(ExitCode.Storage, (await Invoke($"report {Key} -o {_temp.Path}/none/r.html")).Code);
        Assert.Equal(ExitCode.Configuration, (await Invoke($"report {Key} -o {published.Warehouse}/r.html")).Code);
        Assert.Equal(ExitCode.Configuration, (await Invoke($"report {Key}")).Code);
    }

    private string Page => _temp["r.html"];

    private Task<(int Code, string Out, string Error)> Invoke(string line) => CommandLineTests.Invoke($"{line} -w {published.Warehouse}");
}
