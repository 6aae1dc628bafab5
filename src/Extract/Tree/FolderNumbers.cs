namespace VerseEtl.Extract.Tree;

/// <summary>Folders by number, as records of files hold them.</summary>
internal sealed class FolderNumbers
{
    private readonly List<FolderSpec> _folders = [];
    private readonly Dictionary<FolderSpec, int> _numbers = [];

    /// <summary>Null for a negative number.</summary>
    public FolderSpec? this[int number] => number < 0 ? null : _folders[number];

    /// <summary>The same number for equal folders; -1 for none.</summary>
    public int Of(FolderSpec? folder)
    {
        if (folder is null) return -1;
        if (_numbers.TryGetValue(folder, out int number)) return number;
        _numbers.Add(folder, number = _folders.Count);
        _folders.Add(folder);
        return number;
    }
}
