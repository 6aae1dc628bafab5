using VerseEtl.Extract;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Objects;

/// <summary>What went wrong between here and an object store.</summary>
internal enum StoreFaultKind
{
    /// <summary>No such object.</summary>
    NoObject,

    /// <summary>No such bucket or container.</summary>
    NoContainer,

    /// <summary>This object, or this action, is not allowed to us.</summary>
    Forbidden,

    /// <summary>No credentials, or refused or expired ones; no region or account.</summary>
    Credentials,

    /// <summary>The object is not in the state that was asked for, or there is one where none was wanted.</summary>
    Precondition,

    /// <summary>Anything that may pass: the network, a server that is busy or broken.</summary>
    Passing,
}

/// <summary>A failure of an object store in our words: what a client says itself may quote requests, and signatures with them.</summary>
/// <param name="Text">The store's code for it, and its status.</param>
internal sealed record StoreFault(StoreFaultKind Kind, string Text)
{
    /// <summary>As whoever reads scans knows failures.</summary>
    public Exception OfSource(string place) => Kind switch
    {
        StoreFaultKind.NoObject => new FileNotFoundException($"There is no such object in {place}."),
        StoreFaultKind.NoContainer => new DirectoryNotFoundException($"there is no {place} ({Text})"),
        StoreFaultKind.Forbidden => new BadFileException(Faults.TreeUnreadable, "object", Text, "read access"),
        StoreFaultKind.Credentials => new UnauthorizedAccessException($"{place} refuses us: {Text}"),
        _ => new IOException($"{place} failed: {Text}"),
    };

    /// <summary>As a warehouse knows failures.</summary>
    public StorageException OfDestination(string place) => Kind switch
    {
        StoreFaultKind.NoContainer => new StorageException("DST_MISSING", $"there is no {place} ({Text}); make the bucket or container"),
        StoreFaultKind.Forbidden or StoreFaultKind.Credentials =>
            new StorageException("DST_REFUSED", $"{place} refuses us: {Text}; check the credentials and what they allow"),
        _ => new StorageException("DST_UNREACHABLE", $"{place} failed: {Text}; the next run, or `snapshots copy`, goes on"),
    };
}
