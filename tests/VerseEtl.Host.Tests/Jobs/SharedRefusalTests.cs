using VerseEtl.Host.Commands;
using VerseEtl.Host.Jobs;

namespace VerseEtl.Host.Tests.Jobs;

public sealed class SharedRefusalTests(PostgresServer postgres) : IClassFixture<PostgresServer>, IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Without_a_usable_connection_string_nothing_is_served_and_the_string_is_not_shown()
    {
        Assert.Contains("needs a connection string in VERSEETL_POSTGRES", (await Serve(ExitCode.Configuration)).Error, StringComparison.Ordinal);
        Assert.Contains("cannot be understood", (await Serve(ExitCode.Configuration, (SharedStorage.Variable, "nonsense secret"))).Error,
            StringComparison.Ordinal);
        string open = _temp.File("open", "Host=127.0.0.1;Password=secret"),
            closed = _temp.File("closed", "Host=127.0.0.1;Port=1;Username=verse;Password=secret");
        File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.SetUnixFileMode(closed, UnixFileMode.UserRead);
        (string _, string error) = await Serve(ExitCode.Configuration, (SharedStorage.FileVariable, open));
        Assert.Contains("`chmod 600` it", error, StringComparison.Ordinal);
        (_, error) = await Serve(ExitCode.Storage, (SharedStorage.FileVariable, closed));
        Assert.Contains("PostgreSQL cannot be reached", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_whose_clock_is_not_the_databases_is_not_started()
    {
        PostgresServer.RequireInstalled();
        (_, string error) = await Serve(ExitCode.Storage, new FixedTime(DateTimeOffset.UtcNow.AddHours(3)), (SharedStorage.Variable, postgres.Connection));
        Assert.Matches("clock is 10[78][0-9]{2} s from PostgreSQL's", error);
    }

    private Task<(string Output, string Error)> Serve(int expected, params (string Name, string Value)[] variables) =>
        Serve(expected, TimeProvider.System, variables);

    private async Task<(string Output, string Error)> Serve(int expected, TimeProvider time, params (string Name, string Value)[] variables)
    {
        string yaml = _temp.File("p.yaml", "version: 1\nstorage: postgres\npipelines:\n"
            + "  a: {source: {path: s}, load: {path: w}, schedule: {cron: '0 4 1 1 *'}}\n");
        StringWriter output = new(), error = new();
        Terminal terminal = new(output, error) { Environment = name => variables.FirstOrDefault(variable => variable.Name == name).Value };
        Assert.Equal(expected, await CommandTree.Invoke(["serve", "--config", yaml, "--port", "0", "--state", _temp.Path], terminal, time));
        return (output.ToString(), error.ToString());
    }
}
