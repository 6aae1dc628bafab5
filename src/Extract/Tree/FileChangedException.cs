namespace VerseEtl.Extract.Tree;

/// <summary>
/// A file was written, replaced or cut while it was open (TREE_UNSTABLE). Transient: whatever was read, and whatever seemed wrong
/// with it, is to be thrown away and read again.
/// </summary>
public sealed class FileChangedException : IOException
{
    internal FileChangedException(FileIdentity before, FileIdentity after) : base("A file changed while it was read.") => (Before, After) = (before, after);

    internal FileIdentity Before { get; }
    internal FileIdentity After { get; }
}
