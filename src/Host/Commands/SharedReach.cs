using Npgsql;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Jobs;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>Finds the database that hosts share, before anything is served.</summary>
internal static class SharedReach
{
    /// <exception cref="CommandFailedException">It cannot be used.</exception>
    public static async Task<SharedStorage> Reach(CommandContext context)
    {
        SharedStorage storage = Named(context);
        try
        {
            TimeSpan offset = await ClockWatch.Offset(storage, context.Time, context.Token);
            if (offset.Duration() <= ClockWatch.Most) return storage;
            throw new CommandFailedException(ExitCode.Storage,
                Invariant($"this machine's clock is {offset.TotalSeconds:0} s from PostgreSQL's; set it and start again"));
        }
        catch (Exception error)
        {
            await storage.DisposeAsync();
            if (error is NpgsqlException) throw new CommandFailedException(ExitCode.Storage, $"PostgreSQL cannot be reached: {error.Message}");
            throw;
        }
    }

    private static SharedStorage Named(CommandContext context)
    {
        try
        {
            if (context.Terminal.Variable(SharedStorage.Variable) is string connection) return new SharedStorage(connection);
            if (context.Terminal.Variable(SharedStorage.FileVariable) is string file && SecretFile.Read(file).Trim() is { Length: > 0 } secret)
                return new SharedStorage(secret);
            throw Unusable($"'storage: postgres' needs a connection string in {SharedStorage.Variable}, or in a file that {SharedStorage.FileVariable} names");
        }
        catch (ArgumentException)
        {
            throw Unusable("the connection string for PostgreSQL cannot be understood; see docs/scale.md for one");
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw Unusable($"the file that {SharedStorage.FileVariable} names cannot be read: {error.Message}");
        }
    }

    private static CommandFailedException Unusable(string why) => new(ExitCode.Configuration, why);
}
