using Hangfire.PostgreSql;
using Npgsql;

namespace VerseEtl.Host.Tests.Jobs;

/// <summary>Connections of the scheduler's storage, as a test looks into it.</summary>
internal sealed class Connections(string connection) : IConnectionFactory
{
    public NpgsqlConnection GetOrCreateConnection() => new(connection);
}
