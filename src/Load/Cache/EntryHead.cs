namespace VerseEtl.Load.Cache;

/// <summary>
/// What a file looks like without reading it. Times in nanoseconds since 1970; `rsync -t` restores the modification time, not the change time.
/// </summary>
internal readonly record struct FileIdentity(long Bytes, long Inode, long ModifiedNs, long ChangedNs);

/// <summary>A file that a result was made from, by its path below the source.</summary>
internal sealed record FileIndexEntry(string Path, FileIdentity Identity, string Sha256);

/// <summary>
/// What a stored result was made from, at the beginning of its entry: it is enough to find the entry again where no index knows the files.
/// A file that was too new to be told from one changed again has only its size and its hash.
/// </summary>
internal sealed record EntryHead(string ScanKey, IReadOnlyList<FileIndexEntry> Files);

/// <summary>What became of the entries of another cache.</summary>
/// <param name="Taken">Entries that were not here.</param>
/// <param name="Damaged">Keys of entries that could not be trusted; they were passed over.</param>
internal sealed record CacheMerge(int Taken, IReadOnlyList<string> Damaged);
