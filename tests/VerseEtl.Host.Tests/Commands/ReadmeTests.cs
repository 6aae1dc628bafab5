using System.Diagnostics;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace VerseEtl.Host.Tests.Commands;

/// <summary>The README's commands and queries, run as they stand there in a folder of their own, in their order.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private const string Program = "dotnet run --project src/Host -c Release -- ";
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Every_command_and_query_of_the_readme_works()
    {
        string readme = Repository.Text("README.md");
        Directory.CreateDirectory(Path.Join(_temp.Path, "schema"));
        File.Copy(Path.Join(Repository.Root, "pipelines.yaml"), Path.Join(_temp.Path, "pipelines.yaml"));
        string[] commands = [.. Fenced(readme, "bash").SelectMany(block => block.Split('\n'))
            .Where(line => line.StartsWith(Program, StringComparison.Ordinal)).Select(line => line[Program.Length..])];
        Assert.Equal(["run", "run --source /data/verse --output /srv/verse-tables"], commands.Take(2));
        foreach (string command in commands)
        {
            // a reader's own paths; the sample stands in for VerSe
            string here = command.Replace("/data/verse", "sample", StringComparison.Ordinal)
                .Replace("/srv/verse-tables", "verse-tables", StringComparison.Ordinal);
            (int exitCode, string output) = await Run(here.Split(' '));
            Assert.True(exitCode == ExitCode.Done, $"{command}: {exitCode}\n{output}");
        }
        Assert.True(Directory.Exists(Path.Join(_temp.Path, "verse-tables/current/vertebrae")));

        await using DuckDBConnection duckdb = new("DataSource=:memory:");
        await duckdb.OpenAsync(TestContext.Current.CancellationToken);
        string query = Assert.Single(Fenced(readme, "sql")).Replace("warehouse/", _temp.Path + "/warehouse/", StringComparison.Ordinal);
        await using DuckDBCommand select = duckdb.CreateCommand();
        select.CommandText = query;
        await using var rows = await select.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        Assert.True(await rows.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal("C1", rows.GetString(0));

        foreach (Match path in ReadPath().Matches(string.Join('\n', Fenced(readme, "python"))))
        {
            string folder = Path.Join(_temp.Path, path.Groups[1].Value.Replace("/*.parquet", "", StringComparison.Ordinal));
            Assert.NotEmpty(Directory.GetFiles(folder, "*.parquet"));
        }
    }

    [Fact]
    public void Every_file_that_the_readme_links_to_exists()
    {
        foreach (Match link in LocalLink().Matches(Repository.Text("README.md")))
            Assert.True(Path.Exists(Path.Join(Repository.Root, link.Groups[1].Value)), link.Groups[1].Value);
    }

    private async Task<(int ExitCode, string Output)> Run(string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Join(AppContext.BaseDirectory, "verse-etl.dll"), .. arguments])
        {
            WorkingDirectory = _temp.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }

    private static IEnumerable<string> Fenced(string markdown, string language) =>
        Fence().Matches(markdown).Where(match => match.Groups[1].Value == language).Select(match => match.Groups[2].Value);

    [GeneratedRegex("^```(\\w*)\\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("\"(warehouse/[^\"]+)\"")]
    private static partial Regex ReadPath();

    [GeneratedRegex("\\]\\((?!https?:)([^)#]+)")]
    private static partial Regex LocalLink();
}
