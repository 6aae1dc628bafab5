namespace VerseEtl.Transform.Tables;

/// <summary>Links scans whose masks hold the same labels in the same voxels, however they are stored.</summary>
internal static class DuplicateScans
{
    /// <summary>
    /// Sets `duplicate_of` to the first scan_key, in ordinal order, with the same mask content; the first itself and masks without any
    /// label have null. The order of the rows stays.
    /// </summary>
    public static IReadOnlyList<ScanRow> Link(IReadOnlyList<ScanRow> scans)
    {
        Dictionary<string, string> first = new(StringComparer.Ordinal);
        foreach (ScanRow scan in scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal))
            if (scan.MaskContentSha256 is string content) first.TryAdd(content, scan.ScanKey);
        return
        [
            .. scans.Select(scan => scan with
            {
                DuplicateOf = scan.MaskContentSha256 is string content && first[content] != scan.ScanKey ? first[content] : null,
            }),
        ];
    }
}
