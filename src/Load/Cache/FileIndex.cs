using System.Collections.Concurrent;
using System.Text.Json;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Cache;

/// <summary>What a file looks like without reading it. Times in nanoseconds since 1970; `rsync -t` restores the modification time, not the change time.</summary>
public readonly record struct FileIdentity(long Bytes, long Inode, long ModifiedNs, long ChangedNs);

internal sealed record FileIndexEntry(string Path, FileIdentity Identity, string Sha256);

/// <summary>
/// Remembers the content hash of files by path and identity, so that a nightly run need not read what did not change. Holds hints only:
/// a lost or damaged index costs time, never a wrong row. Safe to use from several threads.
/// </summary>
public sealed class FileIndex
{
    private readonly string path;
    private readonly ConcurrentDictionary<string, (FileIdentity Identity, string Sha256)> entries = new(StringComparer.Ordinal);

    /// <param name="directory"><see cref="Warehouse.CachePath"/>.</param>
    /// <param name="source">The source the paths are relative to: each has its own index.</param>
    public FileIndex(string directory, string source)
    {
        path = Path.Combine(directory, $"files-{Sha256.Of(System.Text.Encoding.UTF8.GetBytes(source))[..16]}.json");
        foreach (FileIndexEntry entry in Load(path)) entries[entry.Path] = (entry.Identity, entry.Sha256);
    }

    /// <summary>The file's content hash if it looks as it did when it was hashed; null if it must be read.</summary>
    public string? Lookup(string path, FileIdentity identity) =>
        entries.TryGetValue(path, out (FileIdentity Identity, string Sha256) known) && known.Identity == identity ? known.Sha256 : null;

    /// <summary>Remembers a hash. The identity must have been taken before reading and found unchanged after.</summary>
    public void Remember(string path, FileIdentity identity, string sha256) => entries[path] = (identity, sha256);

    /// <summary>Stores the index. Of two hosts that save at once one wins; the other's entries are hashed again next time.</summary>
    public void Save()
    {
        FileIndexEntry[] sorted = [.. entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new FileIndexEntry(entry.Key, entry.Value.Identity, entry.Value.Sha256))];
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(sorted, CacheJson.Default.FileIndexEntryArray);
        Durable.Replace(path, [.. System.Text.Encoding.ASCII.GetBytes(Sha256.Of(body)), (byte)'\n', .. body]);
    }

    private static FileIndexEntry[] Load(string path)
    {
        const int Body = 65;
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            if (bytes.Length <= Body || !bytes.AsSpan(0, Body - 1).SequenceEqual(System.Text.Encoding.ASCII.GetBytes(Sha256.Of(bytes.AsSpan(Body))))) return [];
            return JsonSerializer.Deserialize(bytes.AsSpan(Body), CacheJson.Default.FileIndexEntryArray) ?? [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageException.From(e);
        }
    }
}
