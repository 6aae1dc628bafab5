using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>Scans found and scans accounted for differ: nothing was published (RUN_CONSERVATION).</summary>
public sealed class ConservationException(string message) : Exception(message);

/// <summary>Each scan found has exactly one row, with one status; only scans that did not fail have vertebra rows.</summary>
internal static class Conservation
{
    /// <returns>Scans by status.</returns>
    /// <exception cref="ConservationException">The sums do not agree.</exception>
    public static (int Ok, int Warning, int Failed, int Excluded) Check(PublishedTables tables, int scansFound)
    {
        Dictionary<string, ScanRow> scans = [];
        int ok = 0, warning = 0, failed = 0, excluded = 0;
        foreach (ScanRow scan in tables.Scans)
        {
            if (!scans.TryAdd(scan.ScanKey, scan)) throw new ConservationException($"{scan.ScanKey} has more than one row in scans");
            switch (scan.Status)
            {
                case ScanStatus.Ok: ok++; break;
                case ScanStatus.Warning: warning++; break;
                case ScanStatus.Failed: failed++; break;
                case ScanStatus.Excluded: excluded++; break;
                default: throw new ConservationException($"{scan.ScanKey} has the unknown status {scan.Status}");
            }
        }
        if (scansFound != ok + warning + failed + excluded)
        {
            string sum = Invariant($"{ok} ok + {warning} warning + {failed} failed + {excluded} excluded = {ok + warning + failed + excluded}");
            throw new ConservationException(Invariant($"{scansFound} scans found, but {sum}"));
        }
        HashSet<(string, int)> vertebrae = [];
        foreach (VertebraRow row in tables.Vertebrae)
        {
            if (!scans.TryGetValue(row.ScanKey, out ScanRow? scan)) throw new ConservationException($"{row.ScanKey} has vertebrae but no row in scans");
            if (!ScanStatus.IsMeasured(scan.Status)) throw new ConservationException($"{row.ScanKey} {scan.Status}, yet has vertebrae");
            if (!vertebrae.Add((row.ScanKey, row.Label)))
                throw new ConservationException(Invariant($"{row.ScanKey} has label {row.Label} twice"));
        }
        HashSet<string> clinical = [];
        foreach (ClinicalRow row in tables.Clinical?.Rows ?? [])
        {
            if (!scans.ContainsKey(row.ScanKey)) throw new ConservationException($"{row.ScanKey} has a clinical row but no row in scans");
            if (!clinical.Add(row.ScanKey)) throw new ConservationException($"{row.ScanKey} has more than one clinical row");
        }
        return (ok, warning, failed, excluded);
    }
}
