using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Objects;

/// <summary>An object that is there.</summary>
/// <param name="Key">Below the place, with '/' between folders.</param>
internal readonly record struct PutObject(string Key, long Bytes);

/// <summary>
/// A place in an object store that a warehouse is copied to. An object appears whole or not at all. Whatever fails is a
/// <see cref="StorageException"/> whose code begins with DST_; no message holds a credential.
/// </summary>
internal interface IObjectStore
{
    /// <summary>The place as its user wrote it, without a '/' at its end: `s3://bucket/prefix`.</summary>
    string Place { get; }

    /// <summary>Every object whose key begins so.</summary>
    Task<IReadOnlyList<PutObject>> List(string prefix, CancellationToken token);

    /// <summary>The content of a small object; null where there is none.</summary>
    Task<byte[]?> Get(string key, CancellationToken token);

    /// <summary>Puts an object, in the place of one that is there.</summary>
    /// <param name="content">Can be read again from its start.</param>
    Task Put(string key, Stream content, CancellationToken token);

    /// <summary>Puts an object only if there is none; of several writers exactly one does.</summary>
    /// <returns>False where there is one.</returns>
    Task<bool> TryPut(string key, Stream content, CancellationToken token);

    /// <summary>Removes an object, which may be gone already.</summary>
    Task Delete(string key, CancellationToken token);
}
