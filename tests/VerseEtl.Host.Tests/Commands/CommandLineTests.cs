using System.Text.Json;
using VerseEtl.Host.Commands;

namespace VerseEtl.Host.Tests.Commands;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("run --nope", "there is no option '--nope'")]
    [InlineData("run --sourc x", "did you mean '--source'?")]
    [InlineData("run --sourc=x", "did you mean '--source'?")]
    [InlineData("run -x", "there is no option '-x'")]
    [InlineData("rnu", "there is no command 'rnu'; did you mean 'run'?")]
    [InlineData("run --source", "--source")]
    [InlineData("run --source /a", "CFG_MISSING --source needs --output as well")]
    [InlineData("run --output /a", "CFG_MISSING --output needs --source as well")]
    [InlineData("run --source /a --output /a/b", "CFG_PATH_OUTSIDE the output lies inside the source")]
    [InlineData("run --source /a --output /", "CFG_PATH_OUTSIDE the output is the root")]
    [InlineData("run --parallelism 0", "--parallelism must be a whole number from 1 to 1024, found '0'")]
    [InlineData("run --parallelism many", "--parallelism must be a whole number from 1 to 1024, found 'many'")]
    [InlineData("run --fail-on info", "--fail-on must be error, warning or never, found 'info'")]
    [InlineData("run --config /nonexistent.yaml", "/nonexistent.yaml:1:1: CFG_MISSING there is no such file")]
    [InlineData("plan --accept-shrink", "there is no option '--accept-shrink'")]
    [InlineData("sample", "dir")]
    [InlineData("sample --force", "there is no option '--force'")]
    [InlineData("inspect --jsn", "did you mean '--json'?")]
    [InlineData("inspect a b", "'inspect' takes no 'b'")]
    public async Task Wrong_usage_is_named_and_ends_with_30(string line, string message)
    {
        (int code, string output, string error) = await Invoke(line);
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Empty(output);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_typed_shows_the_help()
    {
        (int code, string output, _) = await Invoke("");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("verse-etl run --source /data/verse --output tables", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_command_and_exit_code_and_stays_within_120_columns()
    {
        (int code, string output, _) = await Invoke("--help");
        Assert.Equal(0, code);
        foreach (string command in new[] { "run", "plan", "sample", "inspect", "schema" }) Assert.Contains($"  {command}", output, StringComparison.Ordinal);
        foreach ((int known, string meaning) in ExitCode.All) Assert.Contains($"{known}  {meaning}", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    [Fact]
    public async Task Wrong_usage_in_json_is_one_object_on_standard_output()
    {
        (int code, string output, string error) = await Invoke("run --nope --json");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Empty(error);
        JsonElement answer = JsonDocument.Parse(output).RootElement;
        Assert.Equal(30, answer.GetProperty("exit_code").GetInt32());
        Assert.Equal("CFG_USAGE", answer.GetProperty("problems")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task Every_mistake_of_the_configuration_is_told_before_any_work()
    {
        using TempFolder temp = new();
        string yaml = temp.File("p.yaml", "version: 1\npipelines:\n  a: {sorce: {path: s}, load: {path: w}}\n"
            + "  b: {source: {path: t}, load: {path: v, keep_days: 0}}\n");
        (int code, _, string error) = await Invoke($"run --config {yaml}");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains($"{yaml}:3:7: CFG_UNKNOWN_KEY 'sorce'", error, StringComparison.Ordinal);
        Assert.Contains($"{yaml}:3:6: CFG_MISSING 'a' needs 'source'", error, StringComparison.Ordinal);
        Assert.Contains($"{yaml}:4:53: CFG_RETENTION", error, StringComparison.Ordinal);
        Assert.Equal([yaml], Directory.GetFileSystemEntries(temp.Path));
    }

    [Fact]
    public async Task An_unknown_pipeline_is_answered_with_the_nearest()
    {
        (int code, _, string error) = await Invoke($"run smaple --config {Path.Join(Repository.Root, "pipelines.yaml")}");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("CFG_UNKNOWN_PIPELINE there is no pipeline 'smaple'", error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'sample'?", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_stands_in_for_flags_and_is_checked_like_them()
    {
        (int code, _, string error) = await Invoke("run --source /a --output /b", ("VERSEETL_PARALLELISM", "many"), ("VERSEETL_FAIL_ON", "x"));
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("VERSEETL_PARALLELISM must be", error, StringComparison.Ordinal);
        Assert.Contains("VERSEETL_FAIL_ON must be", error, StringComparison.Ordinal);
        (_, _, string flagWins) = await Invoke("run --source /a --output /a/b", ("VERSEETL_OUTPUT", "/c"));
        Assert.Contains("the output lies inside the source", flagWins, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_is_not_there_ends_with_41_and_names_what_was_looked_for()
    {
        using TempFolder temp = new();
        (int code, string output, _) = await Invoke($"run --source {temp.Path}/gone --output {temp.Path}/out --quiet");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains($"{temp.Path}/gone: the source cannot be reached", output, StringComparison.Ordinal);
        temp.Folder("empty");
        (code, output, _) = await Invoke($"run --source {temp.Path}/empty --output {temp.Path}/out --quiet");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("dataset-verse19training", output, StringComparison.Ordinal);
        (code, output, _) = await Invoke($"plan --source {temp.Path}/gone --output {temp.Path}/out");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("cannot be reached", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Join(temp.Path, "out")));
    }

    internal static Task<(int Code, string Out, string Error)> Invoke(string line, params (string Name, string Value)[] environment) =>
        Invoke(line, TimeProvider.System, environment);

    internal static async Task<(int Code, string Out, string Error)> Invoke(string line, TimeProvider time, params (string Name, string Value)[] environment)
    {
        StringWriter output = new(), error = new();
        Terminal terminal = new(output, error) { Environment = name => environment.FirstOrDefault(variable => variable.Name == name).Value };
        int code = await CommandTree.Invoke(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), terminal, time);
        return (code, output.ToString(), error.ToString());
    }
}
