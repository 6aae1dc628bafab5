using System.Globalization;
using Npgsql;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Jobs;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>Finds the database that hosts share, before anything is served.</summary>
internal static class SharedReach
{
    /// <summary>The database, or why it cannot be used.</summary>
    public static async Task<(SharedStorage? Storage, string? Objection)> Reach(Terminal terminal, TimeProvider time, CancellationToken token)
    {
        SharedStorage? storage = null;
        try
        {
            string? connection = terminal.Environment(SharedStorage.Variable);
            if (string.IsNullOrEmpty(connection) && terminal.Environment(SharedStorage.FileVariable) is { Length: > 0 } file) connection = SecretFile.Read(file).Trim();
            if (string.IsNullOrEmpty(connection)) return (null, $"'storage: postgres' needs a connection string in {SharedStorage.Variable}, or in a file that {SharedStorage.FileVariable} names");
            storage = new SharedStorage(connection);
            TimeSpan offset = await ClockWatch.Offset(storage, time, token);
            return offset.Duration() <= ClockWatch.Most ? (storage, null) : (storage, string.Create(CultureInfo.InvariantCulture, $"this machine's clock is {offset.TotalSeconds:0} s from PostgreSQL's; set it and start again"));
        }
        catch (ArgumentException)
        {
            return (null, "the connection string for PostgreSQL cannot be understood; see docs/scale.md for one");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, $"the file that {SharedStorage.FileVariable} names cannot be read: {Finding.OneLine(error.Message)}");
        }
        catch (NpgsqlException error)
        {
            return (storage, $"PostgreSQL cannot be reached: {Finding.OneLine(error.Message)}");
        }
    }
}
