namespace VerseEtl.Extract.Tree;

/// <summary>Names that operating systems, file servers and downloads leave behind.</summary>
internal static class Litter
{
    private static readonly string[] Endings = [".part", ".tmp", ".crdownload"];
    private static readonly string[] Names = [".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", "@eaDir", "lost+found"];

    /// <summary>Anything that starts with a dot is litter too: `._*`, `.nfs*`, `.git`, `.snapshot`.</summary>
    public static bool Is(string name)
    {
        if (name.StartsWith('.')) return true;
        foreach (string other in Names) if (name.Equals(other, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (string ending in Endings) if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
