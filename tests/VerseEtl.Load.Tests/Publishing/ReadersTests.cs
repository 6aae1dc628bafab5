using DuckDB.NET.Data;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Readers that know nothing of commits, while a writer publishes and prunes.</summary>
public sealed class ReadersTests : IDisposable
{
    private static readonly int Swaps = int.TryParse(Environment.GetEnvironmentVariable("VERSEETL_LONG"), out int rounds) ? 40 * rounds : 25;
    private readonly TemporaryDirectory directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task A_reader_through_current_sees_one_snapshot_or_a_missing_file_never_a_mixture()
    {
        string root = directory.File("warehouse");
        Warehouse warehouse = Warehouse.Open(root, new WarehouseOptions { KeepNewest = 2, KeepYoungerThan = TimeSpan.Zero });
        await warehouse.Publish(Requests.Of("start", seed: 1), Token);
        using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<(int Whole, int Missing)>[] readers = [Task.Run(() => Read(root, done.Token), Token), Task.Run(() => Read(root, done.Token), Token)];
        // shape_k of every scan is 100 x seed, so a mixture of snapshots shows
        for (int swap = 2; swap <= Swaps; swap++) await warehouse.Publish(Requests.Of($"swap-{swap}", seed: swap), Token);
        await done.CancelAsync();
        int whole = 0;
        foreach (Task<(int Whole, int Missing)> reader in readers) whole += (await reader).Whole;
        Assert.True(whole > 0);
        WarehouseInvariants.Check(root, recovered: true);
    }

    private static (int Whole, int Missing) Read(string root, CancellationToken done)
    {
        using DuckDBConnection duck = new("DataSource=:memory:");
        duck.Open();
        int whole = 0, missing = 0;
        while (!done.IsCancellationRequested)
        {
            try
            {
                using DuckDBCommand command = duck.CreateCommand();
                command.CommandText = $"""
                    SELECT count(*), count(DISTINCT s.shape_k), count(DISTINCT v.scan_key)
                    FROM '{root}/current/vertebrae/*.parquet' v JOIN '{root}/current/scans/*.parquet' s USING (scan_key)
                    """;
                using DuckDBDataReader reader = command.ExecuteReader();
                Assert.True(reader.Read());
                Assert.Equal((20L, 1L, 5L), (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)));
                whole++;
            }
            catch (DuckDBException e) when (e.Message.Contains("No files found", StringComparison.Ordinal) || e.Message.Contains("No such file", StringComparison.Ordinal))
            {
                missing++;
            }
        }
        return (whole, missing);
    }
}
