using Hangfire;
using Hangfire.Storage;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.People;

/// <summary>Beside the scheduler's jobs, for all hosts that share them.</summary>
internal sealed class KeptInDatabase(JobStorage storage) : IKeptTexts
{
    private const string Field = "text";

    // what nobody has touched for so long is nobody's any more
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public string? Read(string kind, string name) => Guarded(connection => connection.GetValueFromHash(KeyOf(kind, name), Field));

    public void Write(string kind, string name, string text) => Guarded(connection =>
    {
        using IWriteOnlyTransaction write = connection.CreateWriteTransaction();
        write.AddToSet(SetOf(kind), name);
        write.SetRangeInHash(KeyOf(kind, name), [new(Field, text)]);
        ((JobStorageTransaction)write).ExpireHash(KeyOf(kind, name), Longest);
        write.Commit();
        return true;
    });

    public void Remove(string kind, string name) => Guarded(connection =>
    {
        using IWriteOnlyTransaction write = connection.CreateWriteTransaction();
        write.RemoveFromSet(SetOf(kind), name);
        write.RemoveHash(KeyOf(kind, name));
        write.Commit();
        return true;
    });

    public IReadOnlyList<(string Name, string Text)> All(string kind) => Guarded<IReadOnlyList<(string Name, string Text)>>(connection =>
        [.. connection.GetAllItemsFromSet(SetOf(kind)).Order(StringComparer.Ordinal)
            .Select(name => (name, Text: connection.GetValueFromHash(KeyOf(kind, name), Field)))
            .Where(kept => kept.Text is not null)]);

    private static string SetOf(string kind) => "verse-etl:" + kind;

    private static string KeyOf(string kind, string name) => $"verse-etl:{kind}:{name}";

    private T Guarded<T>(Func<JobStorageConnection, T> work)
    {
        try
        {
            using JobStorageConnection connection = (JobStorageConnection)storage.GetConnection();
            return work(connection);
        }
        catch (Exception error) when (error is Npgsql.NpgsqlException or TimeoutException or BackgroundJobClientException)
        {
            throw new StorageException("STO_IO", "the scheduler's database cannot be reached", cause: error);
        }
    }
}
