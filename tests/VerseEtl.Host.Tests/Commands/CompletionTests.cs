using System.Diagnostics;
using VerseEtl.Host.Commands;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.Commands;

/// <summary>The scripts in the shells themselves; zsh and fish are no part of a usual machine, and skip where they are missing.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("bash", "source s; COMP_LINE='{0}'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=({0}''); COMP_CWORD={1}; _verse_etl; "
        + "printf '%s\\n' \"${{COMPREPLY[@]}}\"")]
    [InlineData("fish", "source s; complete -C '{0}'")]
    [InlineData("zsh", "autoload -Uz compinit; compinit -u -D; source s; compadd() {{ print -l -- ${{@:2}} }}; BUFFER='{0}'; CURSOR=${{#BUFFER}}; _verse_etl")]
    public void A_shell_completes_commands_options_tables_and_pipelines(string shell, string ask)
    {
        if (!File.Exists($"/usr/bin/{shell}")) Assert.Skip($"{shell} is not installed");
        File.WriteAllText(_temp["s"], CompletionCommand.Script(shell));
        File.WriteAllText(_temp["pipelines.yaml"], "version: 1\npipelines:\n  nightly: {source: {path: s}, load: {path: w}}\n");
        Assert.Contains("findings", Of("verse-etl fi", 1));
        Assert.Contains("--severity", Of("verse-etl findings --se", 2));
        Assert.Contains("vertebrae", Of("verse-etl export ver", 2));
        Assert.Contains("nightly", Of("verse-etl run nig", 2));
        Assert.Contains("GZ_TRUNCATED", Of("verse-etl findings --code GZ_T", 3));

        string[] Of(string line, int word) => Run(shell, string.Format(System.Globalization.CultureInfo.InvariantCulture, ask, line, word));
    }

    [Fact]
    public void Every_script_is_sound()
    {
        foreach (string shell in CompletionCommand.Shells.Where(shell => File.Exists($"/usr/bin/{shell}")))
        {
            File.WriteAllText(_temp["s"], CompletionCommand.Script(shell));
            Assert.Equal([], Run(shell, $"{shell} -n s"));
        }
    }

    [Fact]
    public void Snapshots_are_completed_by_name_and_sequence()
    {
        Warehouse.Open(_temp["w"]);
        Terminal terminal = new(TextWriter.Null, TextWriter.Null) { Environment = name => name == "VERSEETL_OUTPUT" ? _temp["w"] : null };
        Assert.Equal(["current"], new CommandSetup(terminal, TimeProvider.System).SnapshotNames());
    }

    private string[] Run(string shell, string script)
    {
        string host = Path.GetDirectoryName(typeof(CommandTree).Assembly.Location)!;
        ProcessStartInfo start = new(shell, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _temp.Path };
        start.Environment["PATH"] = $"{host}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["HOME"] = _temp.Path;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd(), error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("", error);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[0])];
    }
}
