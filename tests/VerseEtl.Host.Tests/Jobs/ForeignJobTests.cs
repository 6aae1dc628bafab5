using System.Diagnostics;
using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Hangfire.States;
using Hangfire.Storage;

namespace VerseEtl.Host.Tests.Jobs;

/// <summary>
/// Whoever can write into the database cannot have code of their choice run. A PostgreSQL of its own: hosts killed by other tests would be waited for.
/// </summary>
public sealed class ForeignJobTests(PostgresServer postgres) : IClassFixture<PostgresServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stored_job_of_a_foreign_type_is_not_run()
    {
        PostgresServer.RequireInstalled();
        using SharedSource source = new(scans: 1, side: 16);
        string victim = Path.Join(Path.GetDirectoryName(source.Yaml), "victim");
        await File.WriteAllTextAsync(victim, "", Token);
        PostgreSqlStorage storage = new(new Connections(postgres.Connection));
        string id = new BackgroundJobClient(storage)
            .Create(Job.FromExpression(() => File.Delete(victim)), new EnqueuedState());
        using HostProcess host = source.StartHost(postgres, "host");
        // failed, and put off by the scheduler's own retries, which our jobs turn off
        Stopwatch watch = Stopwatch.StartNew();
        while (State(storage, id) is not ("Failed" or "Scheduled"))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "nobody took the job");
            await Task.Delay(50, Token);
        }
        Assert.True(File.Exists(victim));
        await host.Stop();
    }

    private static string? State(JobStorage storage, string id)
    {
        using IStorageConnection connection = storage.GetConnection();
        return connection.GetStateData(id)?.Name;
    }
}
