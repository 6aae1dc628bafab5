namespace VerseEtl.Load.Cache;

/// <summary>A file of the scan cache.</summary>
/// <param name="Scan">Null where its beginning cannot be read.</param>
internal sealed record StoredEntry(string Path, long Bytes, DateTime StoredUtc, StoredScan? Scan);

/// <summary>Of which scan a result is: its key, what its large files held, and its picture; null for what it has not.</summary>
internal sealed record StoredScan(string ScanKey, string? CtSha256, string? MaskSha256, string? PicturePath);
