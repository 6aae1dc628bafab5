namespace VerseEtl.Extract.Tree;

/// <summary>An object as its store lists it.</summary>
/// <param name="Key">Below the place that is read, with '/' between folders.</param>
/// <param name="Bytes">Size as stored.</param>
/// <param name="ETag">Differs between any two contents under one key.</param>
internal sealed record StoredObject(string Key, long Bytes, string ETag, DateTimeOffset ModifiedUtc);

/// <summary>
/// A place in an object store that scans are read from: what is there, and one object from any of its bytes on. A failure that may pass is an
/// <see cref="IOException"/> or, where credentials are refused, an <see cref="UnauthorizedAccessException"/>; what is not there is a
/// <see cref="FileNotFoundException"/> or a <see cref="DirectoryNotFoundException"/>. No message holds a credential.
/// </summary>
internal interface IObjectSource
{
    /// <summary>The place as its user wrote it, without a '/' at its end: `s3://bucket/prefix`.</summary>
    string Place { get; }

    /// <summary>Every object whose key begins so, page by page.</summary>
    IEnumerable<StoredObject> List(string prefix, CancellationToken token);

    /// <summary>An object as it is now; null where there is none.</summary>
    /// <exception cref="BadFileException">It may not be read.</exception>
    StoredObject? Look(string key);

    /// <summary>The content of an object from a byte on; null where the object is no longer the one that was seen.</summary>
    /// <exception cref="BadFileException">It may not be read.</exception>
    Stream? Open(StoredObject seen, long offset);
}
