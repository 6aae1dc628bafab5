namespace VerseEtl.Host.Tests.Damaged;

/// <summary>One way in which one file of a warehouse is broken, in place: another name of the same file is broken with it.</summary>
/// <param name="Kind">`flip`, `truncate`, `empty` or `delete`.</param>
/// <param name="File">Relative to the warehouse.</param>
internal sealed record Break(string Kind, string File)
{
    private static readonly string[] Kinds = ["flip", "truncate", "empty", "delete"];

    /// <summary>What the file is to the warehouse: its name without numbers.</summary>
    public string Role => File.StartsWith("cache/scans", StringComparison.Ordinal) ? "cache/scans"
        : new string([.. File.Where(letter => !char.IsAsciiHexDigit(letter) || letter is >= 'a' and <= 'f')]);

    /// <summary>Every break of every file, locks and empty files left out.</summary>
    public static IReadOnlyList<Break> All(string warehouse) =>
    [
        .. Directory.GetFiles(warehouse, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(file => new FileInfo(file).Length > 0 && !file.EndsWith(".lock", StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(warehouse, file)).Order(StringComparer.Ordinal)
            .SelectMany(file => Kinds.Select(kind => new Break(kind, file))),
        new Break("delete", "current"),
    ];

    public void Do(string warehouse, Random random)
    {
        string path = Path.Join(warehouse, File);
        if (Kind == "delete")
        {
            System.IO.File.Delete(path);
            return;
        }
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
        if (Kind == "empty") file.SetLength(0);
        else if (Kind == "truncate") file.SetLength(random.NextInt64(1, file.Length));
        else
        {
            file.Position = random.NextInt64(file.Length);
            int before = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(before ^ (1 << random.Next(8))));
        }
    }
}
