using VerseEtl.Load.Cache;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>The pictures of stored results, in a warehouse or in a folder that `measure --out` fills.</summary>
/// <param name="wanted">Without them a result is taken as if it had been measured without one.</param>
internal sealed class ScanPictures(PictureStore store, bool wanted)
{
    /// <summary>Those of the results in a cache.</summary>
    public static PictureStore Beside(string cachePath) => new(Path.GetDirectoryName(Path.GetFullPath(cachePath))!);

    /// <summary>A stored result is whole: its picture is where it says, or there is none to be.</summary>
    public bool Has(ScanResult stored) => !wanted
        || (stored.Scan.PicturePath is string path ? store.Has(path) : stored.Vertebrae.Count == 0 || stored.Findings.Any(IsLoss));

    /// <summary>The same as far as sizes tell; what a picture holds is proven where a result is taken, and by --verify.</summary>
    public bool Has(IndexedScan known) => !wanted
        || (known.WithPictures && (known.Picture is null || store.IsStored(known.Picture, known.PictureBytes)));

    /// <summary>Puts a picture that was just painted to the others.</summary>
    /// <returns>The result without its bytes.</returns>
    public ScanResult Stored(ScanResult result)
    {
        if (result is { PicturePng: byte[] png, Scan.PicturePath: string path }) store.Put(path, png);
        return result with { PicturePng = null };
    }

    /// <summary>A stored result as it would have been measured for this run.</summary>
    public ScanResult AsWanted(ScanResult stored)
    {
        if (wanted) return stored;
        ScanRow scan = stored.Scan with { PicturePath = null };
        if (!stored.Findings.Any(IsLoss)) return stored with { Scan = scan };
        Finding[] findings = [.. stored.Findings.Where(finding => !IsLoss(finding))];
        return stored with { Scan = scan with { Status = ScanStatus.Of(findings) }, Findings = findings };
    }

    /// <summary>What the index of scans says of a result's picture: its hash and size, null and 0 where it has none.</summary>
    /// <returns>False where it has one that is not there.</returns>
    public bool TryLook(ScanResult result, out string? sha256, out long bytes)
    {
        (sha256, bytes) = (null, 0);
        if (result.Scan.PicturePath is not string path) return true;
        if (store.SizeOf(path) is not long size) return false;
        (sha256, bytes) = (PictureStore.Sha256Of(path), size);
        return true;
    }

    /// <summary>Removes those that nobody names and that were stored before a time.</summary>
    /// <param name="named">Asked for only if there may be something to remove.</param>
    public void Prune(Func<IEnumerable<string>> named, DateTimeOffset before)
    {
        if (!store.StoredBefore(before).Any()) return;
        HashSet<TextKey> kept = [.. named().Select(TextKey.Of)];
        foreach (string path in store.StoredBefore(before)) if (!kept.Contains(TextKey.Of(path))) store.Remove(path);
    }

    // a defect is the same tomorrow
    private static bool IsLoss(Finding finding) => finding.Code == Faults.PicFailed.Code;
}
