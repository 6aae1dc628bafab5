namespace VerseEtl.Extract.Tree;

/// <summary>
/// What tells one state of a file from another without reading it: device, inode, size in bytes, and the times (nanoseconds since 1970)
/// of the last change to its content and to its inode. Two equal identities mean that nothing was written in between.
/// </summary>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long Size, long ModifiedNs, long ChangedNs);
