using System.Runtime.Versioning;
using VerseEtl.Load.Storage;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Cache;

/// <summary>
/// The pictures of a warehouse, each under the SHA-256 of what it holds, so that a name says whether a file is sound. They appear whole or not at
/// all and may be shared by several hosts.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PictureStore(string warehouse)
{
    private const string Folder = "pictures", Ending = ".png";

    /// <summary>Stores a file, unless a sound one is there.</summary>
    /// <param name="path">As `scans.picture_path` has it.</param>
    public void Put(string path, byte[] png)
    {
        if (Has(path))
        {
            // somebody has use for it: as good as stored just now
            Guard(() => Touch(path));
            return;
        }
        Guard(() => Directory.CreateDirectory(Path.Combine(warehouse, Folder)));
        Durable.Replace(Path.Combine(warehouse, path), png);
    }

    /// <summary>The file is there and holds what its name says.</summary>
    public bool Has(string path) => Read(path) is not null;

    /// <summary>A file of this size is there.</summary>
    /// <param name="sha256">What its name says of its content; the content is not looked at.</param>
    public bool IsStored(string sha256, long bytes) => SizeOf(PathOf(sha256)) == bytes;

    /// <summary>Size of a stored file; null where it is not there.</summary>
    public long? SizeOf(string path) => Guard(() => new FileInfo(Path.Combine(warehouse, path)) is { Exists: true } file ? file.Length : (long?)null);

    /// <summary>What the name of a file says of its content.</summary>
    public static string Sha256Of(string path) => Path.GetFileNameWithoutExtension(path);

    /// <summary>The file as it is stored; null where it is not there or does not hold what its name says.</summary>
    public byte[]? Read(string path) => Guard(() =>
    {
        string file = Path.Combine(warehouse, path);
        // the usual case of a new picture, for which an exception is dear
        if (!File.Exists(file)) return null;
        try
        {
            byte[] png = File.ReadAllBytes(file);
            return path == PathOf(Sha256.Of(png)) ? png : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    /// <summary>Files that were stored before a time: any snapshot or stored result may name them.</summary>
    public IEnumerable<string> StoredBefore(DateTimeOffset time)
    {
        DirectoryInfo folder = new(Path.Combine(warehouse, Folder));
        if (!folder.Exists) yield break;
        using IEnumerator<FileInfo> files = Guard(() => folder.EnumerateFiles("*" + Ending).GetEnumerator());
        while (Guard(files.MoveNext))
            if (files.Current.LastWriteTimeUtc < time.UtcDateTime) yield return $"{Folder}/{files.Current.Name}";
    }

    /// <summary>Takes over the sound pictures of another store that this one does not have.</summary>
    public void Merge(PictureStore other, CancellationToken token) =>
        Parallel.ForEach(other.StoredBefore(DateTimeOffset.MaxValue), new ParallelOptions { CancellationToken = token }, path =>
        {
            if (!Has(path) && other.Read(path) is byte[] png) Put(path, png);
        });

    private bool Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(Path.Combine(warehouse, path), DateTime.UtcNow);
        }
        catch (Exception error) when (error is FileNotFoundException or UnauthorizedAccessException)
        {
            // the file of another user, or gone: then the next run paints it again
        }
        return true;
    }

    public void Remove(string path) => Durable.Unlink(Path.Combine(warehouse, path));

    /// <summary>As `scans.picture_path` has it.</summary>
    public static string PathOf(string sha256) => $"{Folder}/{sha256}{Ending}";
}
