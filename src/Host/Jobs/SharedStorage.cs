using Hangfire;
using Hangfire.PostgreSql;
using Npgsql;

namespace VerseEtl.Host.Jobs;

/// <summary>The scheduler's jobs in PostgreSQL, and that database's clock.</summary>
internal sealed class SharedStorage : IAsyncDisposable
{
    /// <summary>How to reach it; never on the command line and never in pipelines.yaml, as it may hold a password.</summary>
    public const string Variable = "VERSEETL_POSTGRES", FileVariable = "VERSEETL_POSTGRES_FILE";

    // any number, the same on every host
    private const long TablesLock = 0x56657273;

    private static readonly TimeSpan HandOver = TimeSpan.FromSeconds(20);

    private readonly NpgsqlDataSource _source;

    /// <exception cref="ArgumentException">It is no connection string.</exception>
    public SharedStorage(string connection)
    {
        NpgsqlConnectionStringBuilder builder = new(connection) { ApplicationName = "verse-etl" };
        if (!builder.ContainsKey("Timeout")) builder.Timeout = 5;
        _source = NpgsqlDataSource.Create(builder);
    }

    /// <summary>A job whose host is silent for 20 s is given to another; that the first may still be at it does no harm.</summary>
    public void Use(IGlobalConfiguration hangfire)
    {
        // of hosts that start at once one makes the tables; the lock goes with the connection
        using NpgsqlConnection one = _source.OpenConnection();
        using NpgsqlCommand first = new(Invariant($"SELECT pg_advisory_lock({TablesLock})"), one);
        first.ExecuteNonQuery();
        hangfire.UsePostgreSqlStorage(
            storage => storage.UseConnectionFactory(new Connections(_source)),
            new PostgreSqlStorageOptions
            {
                UseSlidingInvisibilityTimeout = true,
                InvisibilityTimeout = HandOver,
                QueuePollInterval = TimeSpan.FromSeconds(1),
                DistributedLockTimeout = TimeSpan.FromMinutes(1),
                TransactionSynchronisationTimeout = TimeSpan.FromSeconds(20),
            });
        using NpgsqlCommand last = new(Invariant($"SELECT pg_advisory_unlock({TablesLock})"), one);
        last.ExecuteNonQuery();
    }

    /// <summary>What the database's clock says.</summary>
    /// <exception cref="NpgsqlException">It cannot be reached.</exception>
    public async Task<DateTimeOffset> Now(CancellationToken token)
    {
        await using NpgsqlCommand command = _source.CreateCommand("SELECT clock_timestamp()");
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(token))!, TimeSpan.Zero);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private sealed class Connections(NpgsqlDataSource source) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => source.CreateConnection();
    }
}
