using System.Diagnostics;
using Hangfire.PostgreSql;
using Hangfire.Storage;

namespace VerseEtl.Host.Tests.Jobs;

/// <summary>Real hosts on a database that no host has used before.</summary>
public sealed class FirstStartTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task Two_hosts_with_other_pipelines_start_at_once_and_the_later_takes_no_part_and_no_schedule_down()
    {
        PostgresServer.RequireInstalled();
        using SharedSource source = new(scans: 1, side: 16);
        string folder = Path.GetDirectoryName(source.Yaml)!, other = Path.Join(folder, "other.yaml");
        File.WriteAllText(other, File.ReadAllText(source.Yaml).Replace("  a:", "  b:", StringComparison.Ordinal));
        string[] logs = [Path.Join(folder, "one.log"), Path.Join(folder, "two.log")];
        using HostProcess one = HostProcess.Start(source.Yaml, postgres.Connection, logs[0]), two = HostProcess.Start(other, postgres.Connection, logs[1]);
        Stopwatch watch = Stopwatch.StartNew();
        string Log(int host) => File.Exists(logs[host]) ? File.ReadAllText(logs[host]) : "";
        bool Outside(int host) => Log(host).Contains("This host takes no part: {Reason}", StringComparison.Ordinal);
        while (!(Outside(0) ^ Outside(1)) || Scheduled().Length == 0)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(90), Log(0) + Log(1));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        string right = Outside(0) ? "b" : "a";
        // both look every second
        await Task.Delay(3000, TestContext.Current.CancellationToken);
        Assert.Equal([right], Scheduled());
        Assert.All(logs, log => Assert.DoesNotContain("\"@x\"", File.ReadAllText(log), StringComparison.Ordinal));
        Assert.Equal((ExitCode.Terminated, ExitCode.Terminated), (await one.Stop(), await two.Stop()));
    }

    private string[] Scheduled()
    {
        PostgreSqlStorageOptions options = new() { PrepareSchemaIfNecessary = false };
        try
        {
            using IStorageConnection connection = new PostgreSqlStorage(new Connections(postgres.Connection), options).GetConnection();
            return [.. connection.GetRecurringJobs().Select(job => job.Id)];
        }
        catch (Npgsql.PostgresException)
        {
            return []; // no tables yet
        }
    }
}
