using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using VerseEtl.Host.Commands;

namespace VerseEtl.Host.Tests.Deploy;

public sealed partial class ServiceUnitTests : IDisposable
{
    private const string Analyze = "/usr/bin/systemd-analyze";
    private const double MostExposed = 2.0;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_the_unit()
    {
        Assert.SkipUnless(File.Exists(Analyze), "no systemd here");
        // the program is not installed where the unit runs it
        string unit = _temp.File("verse-etl.service", Text().Replace("/usr/bin/verse-etl", "/bin/true", StringComparison.Ordinal));
        (int code, string said) = await Run("verify", "--man=no", unit);
        Assert.True(code == 0 && !said.Contains("verse-etl.service", StringComparison.Ordinal), said);
    }

    [Fact]
    public async Task The_unit_is_exposed_to_little()
    {
        Assert.SkipUnless(File.Exists(Analyze), "no systemd here");
        (_, string said) = await Run("security", "--offline=yes", "--no-pager", Path.Join(Repository.Root, "deploy/verse-etl.service"));
        Match level = LevelPattern().Match(said);
        Assert.SkipUnless(level.Success, $"this systemd cannot rate a unit: {said.Split('\n')[0]}");
        Assert.InRange(double.Parse(level.Groups[1].Value, CultureInfo.InvariantCulture), 0, MostExposed);
    }

    [Fact]
    public void Its_command_line_is_one_that_the_program_knows()
    {
        string line = Regex.Match(Text(), "^ExecStart=/usr/bin/verse-etl (.+)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Empty(CommandTree.Build(new Terminal(TextWriter.Null, TextWriter.Null), TimeProvider.System).Parse(line.Split(' ')).Errors);
        Assert.DoesNotContain("MemoryDenyWriteExecute=", Text(), StringComparison.Ordinal);
    }

    private static string Text() => Repository.Text("deploy/verse-etl.service");

    private static async Task<(int Code, string Said)> Run(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(Analyze, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await error);
    }

    [GeneratedRegex("Overall exposure level [^:]*: ([0-9.]+)")]
    private static partial Regex LevelPattern();
}
