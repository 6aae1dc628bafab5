using System.Diagnostics;
using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Hangfire.States;
using Hangfire.Storage;
using VerseEtl.Host.Jobs;

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

    /// <summary>As somebody would write it by hand: types that are known here, methods that no job has.</summary>
    [Fact]
    public async Task Methods_of_known_types_that_are_no_jobs_are_not_run()
    {
        PostgresServer.RequireInstalled();
        using SharedSource source = new(scans: 1, side: 16);
        PostgreSqlStorage storage = new(new Connections(postgres.Connection));
        BackgroundJobClient client = new(storage);
        string[] ids =
        [
            client.Create(Of("Concat", "a", "b"), new EnqueuedState()),
            client.Create(Of("Intern", "a"), new EnqueuedState()),
            client.Create(Of("IsNullOrEmpty", "a"), new EnqueuedState()),
            client.Create(Of("Compare", "a", "b"), new EnqueuedState()),
            client.Create(Job.FromExpression<PipelineJob>(job => job.GetHashCode()), new EnqueuedState()),
            client.Create(Job.FromExpression<PipelineJob>(job => job.ToString()), new EnqueuedState()),
            client.Create(Job.FromExpression<string>(text => text.GetHashCode()), new EnqueuedState()),
        ];
        using HostProcess host = source.StartHost(postgres, "host");
        Stopwatch watch = Stopwatch.StartNew();
        while (ids.Any(id => State(storage, id) is "Enqueued" or "Processing"))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), "nobody took the jobs");
            await Task.Delay(50, Token);
        }
        Assert.All(ids, id => Assert.Equal("Deleted", State(storage, id)));
        await host.Stop();
    }

    private static Job Of(string method, params object[] texts) =>
        new(typeof(string).GetMethod(method, [.. texts.Select(_ => typeof(string))])!, texts);

    private static string? State(JobStorage storage, string id)
    {
        using IStorageConnection connection = storage.GetConnection();
        return connection.GetStateData(id)?.Name;
    }
}
