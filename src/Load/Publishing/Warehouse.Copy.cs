using VerseEtl.Load.Objects;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>A copy of what is published, in an object store.</summary>
public sealed partial class Warehouse
{
    /// <summary>Puts what an object store lacks of commits, snapshots and Delta tables, and removes what retention took here.</summary>
    /// <exception cref="Storage.StorageException">The store, or the warehouse, failed; another call goes on.</exception>
    internal Task<CopyOutcome> CopyTo(IObjectStore store, CancellationToken cancellation = default) =>
        Guard(() => new WarehouseCopy(_layout, _log, store, cancellation) { AtStep = _options.AtStep }.Run());
}
