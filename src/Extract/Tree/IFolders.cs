using System.IO.Enumeration;
using System.Runtime.Versioning;

namespace VerseEtl.Extract.Tree;

/// <summary>What a walk asks of the place it walks over. Paths are relative to its root, which is empty.</summary>
internal interface IFolders
{
    /// <returns>0, or the errno.</returns>
    int Status(string relative, bool follow, out FileStatus status);

    /// <summary>The names in a folder, in any order.</summary>
    IEnumerable<string> Names(string relative);
}

/// <summary>A folder of this machine.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LocalFolders(string root) : IFolders
{
    private readonly EnumerationOptions _everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, MatchType = MatchType.Simple };

    public int Status(string relative, bool follow, out FileStatus status) => FileCalls.Status(Path.Join(root, relative), follow, out status);

    public IEnumerable<string> Names(string relative) =>
        new FileSystemEnumerable<string>(Path.Join(root, relative), (ref entry) => entry.FileName.ToString(), _everything);
}
