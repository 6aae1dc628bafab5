using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VerseEtl.Load.Storage;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Cache;

/// <summary>
/// What a file looks like without reading it. Times in nanoseconds since 1970; `rsync -t` restores the modification time, not the change time.
/// </summary>
internal readonly record struct FileIdentity(long Bytes, long Inode, long ModifiedNs, long ChangedNs);

internal sealed record FileIndexEntry(string Path, FileIdentity Identity, string Sha256);

/// <summary>
/// Remembers the content hash of files by path and identity, so that a nightly run need not read what did not change. Holds hints only:
/// a lost or damaged index costs time, never a wrong row. What is remembered goes into a journal of this process at once, so that a kill
/// loses nothing, and from there into the index; several hosts may share one. Safe to use from several threads.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FileIndex : IDisposable
{
    private const int DigestLength = 64;

    // whoever holds the lock longer was stopped in the middle; going on without it may lose some of its hints
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    // its process may still write to it
    private static readonly TimeSpan JournalAbandonedAfter = TimeSpan.FromDays(1);

    private readonly string _path;
    private readonly string _directory;
    private readonly string _journals;
    private readonly ConcurrentDictionary<string, Known> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private readonly HashSet<string> _mine = new(StringComparer.Ordinal);
    private FileStream? _journal;

    /// <param name="directory">The cache folder of a warehouse.</param>
    /// <param name="source">The source the paths are relative to: each has its own index.</param>
    public FileIndex(string directory, string source)
    {
        string name = NameOf(source);
        (_directory, _path, _journals) = (directory, Path.Combine(directory, name + ".json"), name + "-*.journal");
        foreach (FileIndexEntry entry in Guard(Stored)) _entries[entry.Path] = new Known(entry.Identity, entry.Sha256);
    }

    /// <summary>The file's content hash if it looks as it did when it was hashed; null if it must be read.</summary>
    public string? Lookup(string path, FileIdentity identity)
    {
        _seen[path] = true;
        return _entries.TryGetValue(path, out Known known) && known.Identity == identity ? known.Sha256 : null;
    }

    /// <summary>Remembers a hash. The identity must have been taken before reading and found unchanged after.</summary>
    public void Remember(string path, FileIdentity identity, string sha256)
    {
        _entries[path] = new Known(identity, sha256);
        _seen[path] = true;
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new FileIndexEntry(path, identity, sha256), CacheJson.Default.FileIndexEntry);
        byte[] line = [.. Encoding.ASCII.GetBytes(Sha256.Of(body)), .. body, (byte)'\n'];
        lock (_writing) Guard(() =>
        {
            _journal ??= new FileStream(Path.Combine(_directory, _journals.Replace("*", Guid.NewGuid().ToString("N"), StringComparison.Ordinal)),
                FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            _mine.Add(_journal.Name);
            _journal.Write(line);
            return true;
        });
    }

    /// <summary>Puts what was remembered into the index, beside what other hosts put there meanwhile.</summary>
    /// <param name="whole">Every file of the source was looked up: entries of others are of files that are gone, and go too.</param>
    public void Save(bool whole = false)
    {
        lock (_writing)
        {
            if (_mine.Count == 0 && !(whole && _entries.Keys.Any(key => !_seen.ContainsKey(key))))
            {
                Guard(Touch);
                return;
            }
            using IDisposable? held = Lock();
            FileIndexEntry[] sorted = Guard(() => Stored().GroupBy(entry => entry.Path, StringComparer.Ordinal).Select(same => same.Last())
                .Where(entry => !whole || _seen.ContainsKey(entry.Path)).OrderBy(entry => entry.Path, StringComparer.Ordinal).ToArray());
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(sorted, CacheJson.Default.FileIndexEntryArray);
            Durable.Replace(_path, [.. Encoding.ASCII.GetBytes(Sha256.Of(body)), .. body]);
            foreach (string file in Guard(Journals))
                if (_mine.Contains(file) || File.GetLastWriteTimeUtc(file) < DateTime.UtcNow - JournalAbandonedAfter) Durable.Unlink(file);
            Dispose();
            _mine.Clear();
        }
    }

    /// <summary>Indexes of other sources, as of places where a share was mounted once, that no run has used since a time, with what belongs to them.</summary>
    /// <param name="source">The source whose index stays; null if none is known.</param>
    public static IReadOnlyList<string> UnusedSince(string directory, string? source, DateTimeOffset time) => Guard(() =>
    {
        int length = NameOf("").Length;
        string? own = source is null ? null : NameOf(source);
        return Directory.Exists(directory)
            ? Directory.GetFiles(directory, "files-*")
                .GroupBy(file => Path.GetFileName(file).PadRight(length)[..length], StringComparer.Ordinal)
                .Where(of => of.Key != own && of.All(file => File.GetLastWriteTimeUtc(file) < time.UtcDateTime)).SelectMany(of => of).ToArray()
            : [];
    });

    /// <summary>Shows that the index is in use, where nothing in it changes.</summary>
    private bool Touch()
    {
        try
        {
            if (File.Exists(_path)) File.SetLastWriteTimeUtc(_path, DateTime.UtcNow);
        }
        catch (UnauthorizedAccessException)
        {
            // the file of another user
        }
        return true;
    }

    private static string NameOf(string source) => $"files-{Sha256.Of(Encoding.UTF8.GetBytes(source))[..16]}";

    /// <summary>Closes the journal, so that other hosts on a network share can read all of it; the next hash begins another.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            _journal?.Dispose();
            _journal = null;
        }
    }

    private IDisposable? Lock()
    {
        for (long start = Environment.TickCount64; ; Thread.Sleep(10))
            if (Durable.TryLock(_path + ".lock") is IDisposable held) return held;
            else if (Environment.TickCount64 - start > LongestWait.TotalMilliseconds) return null;
    }

    // journals after the index, this process's own last: the later entry of a file holds
    private IEnumerable<FileIndexEntry> Stored() =>
        Read(_path, CacheJson.Default.FileIndexEntryArray).SelectMany(whole => whole)
            .Concat(Journals().OrderBy(_mine.Contains).SelectMany(file => Read(file, CacheJson.Default.FileIndexEntry)))
            .ToArray();

    private string[] Journals() => Directory.Exists(_directory) ? Directory.GetFiles(_directory, _journals) : [];

    /// <summary>What the sound lines of a file hold: a digest of the rest of the line, and the rest.</summary>
    private static List<T> Read<T>(string file, JsonTypeInfo<T> type)
    {
        List<T> values = [];
        try
        {
            byte[] bytes = File.ReadAllBytes(file);
            foreach (Range range in bytes.AsSpan().Split((byte)'\n'))
            {
                ReadOnlySpan<byte> line = bytes.AsSpan(range);
                if (line.Length <= DigestLength || !line[..DigestLength].SequenceEqual(Encoding.ASCII.GetBytes(Sha256.Of(line[DigestLength..])))) continue;
                if (JsonSerializer.Deserialize(line[DigestLength..], type) is T value) values.Add(value);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
        }
        return values;
    }

    private readonly record struct Known(FileIdentity Identity, string Sha256);
}
