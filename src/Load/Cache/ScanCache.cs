using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Cache;

/// <summary>
/// One stored result per scan, under a key made of the content of its files, the options that matter and the version of the measuring
/// code. Entries appear whole or not at all, carry their own checksum and what they were made from, and may be shared by several hosts.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ScanCache
{
    private const int HashLength = 64;

    // a longer head is not found, which costs time alone
    private const int HeadLength = 1 << 15;

    private static readonly HashSet<string> ScanTexts =
        [nameof(ScanRow.ScanKey), nameof(ScanRow.CtSha256), nameof(ScanRow.MaskSha256), nameof(ScanRow.PicturePath)];

    private readonly string _directory;

    /// <param name="directory">The cache folder of a warehouse; made with the first entry.</param>
    public ScanCache(string directory) => _directory = Path.Combine(directory, "scans");

    /// <summary>Looks a result up.</summary>
    /// <param name="key">Lower-case hexadecimal, 16 to 128 digits.</param>
    /// <param name="damage">CACHE_CORRUPT if there was an entry that could not be trusted; it is dropped, the scan is to be measured again.</param>
    /// <returns>True with a result; false without one.</returns>
    public bool TryGet(string key, out ScanResult? result, out Finding? damage)
    {
        (result, damage) = (null, null);
        if (Bytes(key) is not byte[] bytes) return false;
        result = Parse(key, bytes);
        if (result is not null) return true;
        damage = Finding.Of(Faults.CacheCorrupt, observed: key);
        Durable.Unlink(PathOf(key));
        return false;
    }

    /// <summary>There is an entry, sound or not.</summary>
    public bool IsStored(string key) => Guard(() => File.Exists(PathOf(key)));

    /// <summary>There is a sound entry.</summary>
    public bool Has(string key) => Bytes(key) is byte[] bytes && IsSound(key, bytes);

    /// <summary>The keys of a folder's entries, sound or not, in no order.</summary>
    /// <param name="folder">The first two digits of its keys.</param>
    public IReadOnlyList<string> Keys(string folder)
    {
        string path = Path.Combine(_directory, folder);
        return Guard(() => Directory.Exists(path) ? Directory.GetFiles(path, "*.json") : []).Select(entry => Path.GetFileNameWithoutExtension(entry))
            .Where(IsKey).ToArray();
    }

    /// <summary>What an entry says of itself at its beginning, sound or not; null where it says nothing or is not there any more.</summary>
    public EntryHead? Head(string key) => HeadOf(PathOf(key));

    /// <summary>Every entry, sound or not, with what it is of as far as its beginning tells.</summary>
    public IEnumerable<StoredEntry> All()
    {
        byte[] head = new byte[HeadLength];
        foreach (string entry in Entries())
        {
            StoredEntry? of = IfThere(() =>
            {
                using FileStream stream = new(entry, new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete });
                StoredScan? scan = ParseScan(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
                return new StoredEntry(entry, stream.Length, File.GetLastWriteTimeUtc(entry), scan);
            });
            if (of is not null) yield return of;
        }
    }

    /// <summary>Stores a result, over an older one under the same key.</summary>
    /// <param name="files">What it was made from; none for a result that belongs to no content.</param>
    public void Put(string key, ScanResult result, IReadOnlyList<FileIndexEntry> files) => Store(key, Entry(key, result, files));

    /// <summary>What <see cref="Put"/> writes.</summary>
    public static byte[] Entry(string key, ScanResult result, IReadOnlyList<FileIndexEntry> files)
    {
        EntryHead head = new(result.Scan.ScanKey, files);
        byte[] body =
        [
            .. JsonSerializer.SerializeToUtf8Bytes(head, CacheJson.Default.EntryHead), (byte)'\n',
            .. JsonSerializer.SerializeToUtf8Bytes(result, CacheJson.Default.ScanResult),
        ];
        return [.. Encoding.ASCII.GetBytes(Checksum(key, body)), (byte)'\n', .. body];
    }

    /// <summary>
    /// Takes over the sound entries of another cache that this one does not have; the other is left as it is. Several may be taken over at
    /// once, in any order.
    /// </summary>
    public CacheMerge Merge(ScanCache other, CancellationToken token)
    {
        int taken = 0;
        ConcurrentBag<string> damaged = [];
        Parallel.ForEach(other.Entries(), new ParallelOptions { CancellationToken = token }, path =>
        {
            string key = Path.GetFileNameWithoutExtension(path);
            // foreign names, and an entry that was dropped since it was listed
            if (!IsKey(key) || IfThere(() => File.ReadAllBytes(path)) is not byte[] entry) return;
            if (!IsSound(key, entry))
            {
                damaged.Add(key);
                return;
            }
            if (Has(key)) return;
            Store(key, entry);
            Interlocked.Increment(ref taken);
        });
        return new CacheMerge(taken, [.. damaged.Order(StringComparer.Ordinal)]);
    }

    private void Store(string key, byte[] entry)
    {
        string path = PathOf(key);
        Guard(() => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
        Durable.Replace(path, entry);
    }

    /// <summary>Removes entries that were stored before a time and are not among those still of use.</summary>
    /// <returns>How many.</returns>
    public int Prune(Predicate<string> isUsed, DateTimeOffset storedBefore)
    {
        int removed = 0;
        foreach (string entry in Entries())
        {
            if (isUsed(Path.GetFileNameWithoutExtension(entry)) || File.GetLastWriteTimeUtc(entry) >= storedBefore.UtcDateTime) continue;
            Durable.Unlink(entry);
            removed++;
        }
        return removed;
    }

    private IEnumerable<string> Entries() => Guard(() => Directory.Exists(_directory) ? Directory.GetDirectories(_directory) : [])
        .SelectMany(folder => Guard(() => Directory.GetFiles(folder, "*.json")));

    private byte[]? Bytes(string key) => IfThere(() => File.ReadAllBytes(PathOf(key)));

    /// <summary>Null where the file is not there (any more): another host may have dropped it.</summary>
    private static T? IfThere<T>(Func<T?> read) where T : class => Guard(() =>
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

    private static EntryHead? HeadOf(string entry) => IfThere(() =>
    {
        using FileStream stream = new(entry, new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete });
        byte[] bytes = new byte[HeadLength];
        ReadOnlySpan<byte> read = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        if (read.Length <= HashLength) return null;
        read = read[(HashLength + 1)..];
        try
        {
            return read.IndexOf((byte)'\n') is > 0 and int end ? JsonSerializer.Deserialize(read[..end], CacheJson.Default.EntryHead) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    });

    private static StoredScan? ParseScan(ReadOnlySpan<byte> head)
    {
        if (head.Length <= HashLength) return null;
        Dictionary<string, string?> texts = new(StringComparer.Ordinal);
        try
        {
            Utf8JsonReader json = new(head[(HashLength + 1)..], isFinalBlock: false, default);
            while (json.Read() && json is not { TokenType: JsonTokenType.EndObject, CurrentDepth: 1 })
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.GetString() is not string name || !ScanTexts.Contains(name)) continue;
                if (json.Read() && json.TokenType == JsonTokenType.String) texts[name] = json.GetString();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        return texts.GetValueOrDefault(nameof(ScanRow.ScanKey)) is string key
            ? new StoredScan(key, texts.GetValueOrDefault(nameof(ScanRow.CtSha256)), texts.GetValueOrDefault(nameof(ScanRow.MaskSha256)),
                texts.GetValueOrDefault(nameof(ScanRow.PicturePath)))
            : null;
    }

    private static bool IsSound(string key, ReadOnlySpan<byte> entry) => entry.Length > HashLength && entry[HashLength] == '\n'
        && entry[..HashLength].SequenceEqual(Encoding.ASCII.GetBytes(Checksum(key, entry[(HashLength + 1)..])));

    private static ScanResult? Parse(string key, ReadOnlySpan<byte> entry)
    {
        if (!IsSound(key, entry)) return null;
        try
        {
            ReadOnlySpan<byte> body = entry[(HashLength + 1)..];
            return StoredResult.OfJson(body[(body.IndexOf((byte)'\n') + 1)..]);
        }
        catch (JsonException)
        {
            return null; // written by another version under the same key
        }
    }

    /// <summary>Covers the key as well, so that an entry under the wrong name is no entry.</summary>
    private static string Checksum(string key, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(key));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool IsKey(string key) => key.Length is >= 16 and <= 128 && key.All(char.IsAsciiHexDigitLower);

    /// <summary>Where the entry of a key lies, if there is one.</summary>
    public string PathOf(string key)
    {
        if (!IsKey(key)) throw new ArgumentException("A cache key is 16 to 128 lower-case hexadecimal digits.", nameof(key));
        return Path.Combine(_directory, key[..2], key + ".json");
    }
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.Strict, UseStringEnumConverter = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ScanResult))]
[JsonSerializable(typeof(EntryHead))]
[JsonSerializable(typeof(Finding[]))]
internal sealed partial class CacheJson : JsonSerializerContext;
