namespace VerseEtl.Tests.Shared;

/// <summary>A real folder that is gone after the test.</summary>
/// <param name="below">Where to make it, if not in the usual place.</param>
public sealed class TempFolder(string? below = null) : IDisposable
{
    private const string Prefix = "verse-etl-test-";

    public string Path { get; } = below is null
        ? Directory.CreateTempSubdirectory(Prefix).FullName
        : Directory.CreateDirectory(System.IO.Path.Join(below, $"{Prefix}{Guid.NewGuid():n}")).FullName;

    /// <summary>The path of a name in it, which need not exist.</summary>
    public string this[string name] => System.IO.Path.Join(Path, name);

    public string File(string name, string content)
    {
        string path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public string Folder(string name) => Directory.CreateDirectory(this[name]).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
