using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>Scans found and scans accounted for differ: nothing was published (RUN_CONSERVATION).</summary>
public sealed class ConservationException(string message) : Exception(message);

/// <summary>
/// Each scan found has exactly one row, with one status; only scans that did not fail have vertebra rows. Counted piece by piece: scans come in
/// key order, the vertebrae of a scan in the scan's piece.
/// </summary>
internal sealed class Conservation
{
    private readonly HashSet<string> _clinical = new(StringComparer.Ordinal);
    private string? _last;
    private int _ok, _warning, _failed, _excluded;

    /// <param name="clinical">Its rows are of scans that come; null for none.</param>
    /// <exception cref="ConservationException">A scan has two of them.</exception>
    public Conservation(ClinicalTable? clinical)
    {
        foreach (ClinicalRow row in clinical?.Rows ?? [])
            if (!_clinical.Add(row.ScanKey)) throw new ConservationException($"{row.ScanKey} has more than one clinical row");
    }

    /// <exception cref="ConservationException">A scan has two rows, or vertebrae that it cannot have.</exception>
    public void Add(PublishedTables piece)
    {
        Dictionary<string, ScanRow> scans = new(StringComparer.Ordinal);
        foreach (ScanRow scan in piece.Scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal))
        {
            if (_last == scan.ScanKey || !scans.TryAdd(scan.ScanKey, scan)) throw new ConservationException($"{scan.ScanKey} has more than one row in scans");
            _last = scan.ScanKey;
            _clinical.Remove(scan.ScanKey);
            switch (scan.Status)
            {
                case ScanStatus.Ok: _ok++; break;
                case ScanStatus.Warning: _warning++; break;
                case ScanStatus.Failed: _failed++; break;
                case ScanStatus.Excluded: _excluded++; break;
                default: throw new ConservationException($"{scan.ScanKey} has the unknown status {scan.Status}");
            }
        }
        HashSet<(string, int)> vertebrae = [];
        foreach (VertebraRow row in piece.Vertebrae)
        {
            if (!scans.TryGetValue(row.ScanKey, out ScanRow? scan)) throw new ConservationException($"{row.ScanKey} has vertebrae but no row in scans");
            if (!ScanStatus.IsMeasured(scan.Status)) throw new ConservationException($"{row.ScanKey} {scan.Status}, yet has vertebrae");
            if (!vertebrae.Add((row.ScanKey, row.Label)))
                throw new ConservationException(Invariant($"{row.ScanKey} has label {row.Label} twice"));
        }
    }

    /// <returns>Scans by status.</returns>
    /// <exception cref="ConservationException">The sums do not agree.</exception>
    public (int Ok, int Warning, int Failed, int Excluded) Check(int scansFound)
    {
        int sum = _ok + _warning + _failed + _excluded;
        if (scansFound != sum)
            throw new ConservationException(Invariant($"{scansFound} scans found, but ")
                + Invariant($"{_ok} ok + {_warning} warning + {_failed} failed + {_excluded} excluded = {sum}"));
        if (_clinical.Count > 0) throw new ConservationException($"{_clinical.Min(StringComparer.Ordinal)} has a clinical row but no row in scans");
        return (_ok, _warning, _failed, _excluded);
    }
}
