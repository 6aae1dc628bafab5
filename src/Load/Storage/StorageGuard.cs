namespace VerseEtl.Load.Storage;

/// <summary>Where the runtime's file calls are made: what they throw leaves as <see cref="StorageException"/>.</summary>
internal static class StorageGuard
{
    public static T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw StorageException.From(error);
        }
    }

    public static async Task<T> Guard<T>(Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw StorageException.From(error);
        }
    }
}
