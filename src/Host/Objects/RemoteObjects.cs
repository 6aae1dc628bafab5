using VerseEtl.Extract.Tree;
using VerseEtl.Load.Objects;

namespace VerseEtl.Host.Objects;

/// <summary>A place in an object store, whose client's failures are told in our words.</summary>
internal abstract class RemoteObjects(ObjectUrl url) : IObjectSource, IObjectStore
{
    public string Place => Url.ToString();

    protected ObjectUrl Url => url;

    public abstract StoredObject? Look(string key);

    public abstract Stream? Open(StoredObject seen, long offset);

    public abstract Task<byte[]?> Get(string key, CancellationToken token);

    public abstract Task Put(string key, Stream content, CancellationToken token);

    public abstract Task<bool> TryPut(string key, Stream content, CancellationToken token);

    public abstract Task Delete(string key, CancellationToken token);

    IEnumerable<StoredObject> IObjectSource.List(string prefix, CancellationToken token)
    {
        using IEnumerator<StoredObject> listed = ListAll(Begin(prefix), token).ToBlockingEnumerable(token).GetEnumerator();
        while (true)
        {
            try
            {
                if (!listed.MoveNext()) yield break;
            }
            catch (Exception error) when (FaultOf(error) is StoreFault fault)
            {
                throw (fault.Kind == StoreFaultKind.Forbidden ? fault with { Kind = StoreFaultKind.Credentials } : fault).OfSource(Place);
            }
            yield return listed.Current;
        }
    }

    public async Task<IReadOnlyList<PutObject>> List(string prefix, CancellationToken token)
    {
        List<PutObject> all = [];
        return await Told(async () =>
        {
            await foreach (StoredObject listed in ListAll(Begin(prefix), token)) all.Add(new PutObject(listed.Key, listed.Bytes));
            return all;
        });
    }

    /// <param name="begin">What the keys begin with, that of this place included.</param>
    protected abstract IAsyncEnumerable<StoredObject> ListAll(string begin, CancellationToken token);

    /// <summary>Null for what is no failure of the store.</summary>
    protected virtual StoreFault? FaultOf(Exception error) => error switch
    {
        TaskCanceledException { InnerException: TimeoutException } or TimeoutException => new StoreFault(StoreFaultKind.Passing, "no answer in time"),
        IOException io when io.GetType() == typeof(IOException) || io is HttpIOException => new StoreFault(StoreFaultKind.Passing, "the connection was cut"),
        _ => null,
    };

    /// <summary>Asks for whoever reads scans.</summary>
    protected T Asked<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception error) when (FaultOf(error) is StoreFault fault)
        {
            throw fault.OfSource(Place);
        }
    }

    /// <summary>Asks for a warehouse.</summary>
    protected async Task<T> Told<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception error) when (FaultOf(error) is StoreFault fault)
        {
            throw fault.OfDestination(Place);
        }
    }

    private string Begin(string prefix) => prefix.Length == 0 && url.Prefix.Length == 0 ? "" : url.Full(prefix);
}
