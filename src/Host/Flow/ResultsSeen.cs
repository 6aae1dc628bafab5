using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>What a run notes of the results as they go by in key order: their digest, and whether they are those of the scans that were listed.</summary>
internal sealed class ResultsSeen : IDisposable
{
    private readonly TreeListing _listing;
    private readonly DigestBuilder _digest = new();
    private readonly IEnumerator<string> _keys;
    private bool _same = true;

    public ResultsSeen(TreeListing listing) => (_listing, _keys) = (listing, listing.Keys.GetEnumerator());

    public int Count { get; private set; }

    /// <summary>Scans that could not be read because the storage failed.</summary>
    public int Unavailable { get; private set; }

    public bool AnyEdition { get; private set; }

    /// <summary>Each listed scan had one result; to be asked when all have gone by.</summary>
    public bool IsConserved => _same && !_keys.MoveNext();

    public void Add(ScanResult result)
    {
        Count++;
        _same = _same && _keys.MoveNext() && _keys.Current == result.Scan.ScanKey;
        if (FailedScan.IsUnavailable(result)) Unavailable++;
        AnyEdition |= Editions.All.Contains(result.Scan.Dataset);
        // of what was not read the listing has the rows
        if (result.Scan.Status != ScanStatus.Excluded) _digest.Add(Digests.OfScan(result));
    }

    /// <summary>
    /// Lower-case hexadecimal; equal from night to night exactly when what was read is: over the scans in key order, those left out, and what the
    /// walk noticed.
    /// </summary>
    public string Digest() => Digests.OfInputs(_digest, _listing);

    public void Dispose()
    {
        _digest.Dispose();
        _keys.Dispose();
    }
}
