using VerseEtl.Host.Configuration;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Serving.People;

/// <summary>A folder a kind, a file a text, for their owner only.</summary>
internal sealed class KeptInFolder(string folder) : IKeptTexts
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public string? Read(string kind, string name) => Guarded(() => File.Exists(PathOf(kind, name)) ? SecretFile.Read(PathOf(kind, name)) : null);

    public void Write(string kind, string name, string text) => Guarded(() =>
    {
        Directory.CreateDirectory(Path.Join(folder, kind), OwnerOnly);
        SecretFile.Write(PathOf(kind, name), text);
        return true;
    });

    public void Remove(string kind, string name) => Guarded(() =>
    {
        File.Delete(PathOf(kind, name));
        return true;
    });

    public IReadOnlyList<(string Name, string Text)> All(string kind) => Guarded<IReadOnlyList<(string Name, string Text)>>(() =>
        Directory.Exists(Path.Join(folder, kind))
            ? [.. Directory.EnumerateFiles(Path.Join(folder, kind)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)
                .Select(name => (name, Text: Read(kind, name))).Where(kept => kept.Text is not null).Select(kept => (kept.name, kept.Text!))]
            : []);

    // names are our own, and none leaves its folder
    private string PathOf(string kind, string name) => Path.Join(folder, kind, Path.GetFileName(name));

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (FileNotFoundException)
        {
            return default!;
        }
        catch (DirectoryNotFoundException)
        {
            return default!;
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            throw new StorageException("STO_IO", error.Message, cause: error);
        }
    }
}
