namespace VerseEtl.Load.Cache;

/// <summary>The large files that a stored result was made from: relative paths and stored bytes, null where there is none.</summary>
public sealed record StoredFiles(string ScanKey, string? CtPath, long? CtBytes, string? MaskPath, long? MaskBytes);
