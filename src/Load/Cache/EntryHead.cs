namespace VerseEtl.Load.Cache;

/// <summary>
/// What a stored result was made from, at the beginning of its entry: it is enough to find the entry again where no index knows the files.
/// A file that was too new to be told from one changed again has only its size and its hash.
/// </summary>
internal sealed record EntryHead(string ScanKey, IReadOnlyList<FileIndexEntry> Files);

/// <summary>What became of the entries of another cache.</summary>
/// <param name="Taken">Entries that were not here.</param>
/// <param name="Damaged">Keys of entries that could not be trusted; they were passed over.</param>
internal sealed record CacheMerge(int Taken, IReadOnlyList<string> Damaged);
