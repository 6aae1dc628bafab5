using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Cache;

/// <summary>
/// One stored result per scan, under a key made of the content of its files, the options that matter and the version of the measuring
/// code. Entries appear whole or not at all, carry their own checksum, and may be shared by several hosts.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ScanCache
{
    private const int HashLength = 64;

    // the scan's row stands first in its result, and is shorter
    private const int HeadLength = 1 << 14;

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

    /// <summary>There is a sound entry.</summary>
    public bool Has(string key) => Bytes(key) is byte[] bytes && IsSound(key, bytes);

    /// <summary>
    /// Which files the entries are of, as far as their beginnings tell, sound or not: a file that differs from all of them in name or size
    /// has no stored result, whatever it holds.
    /// </summary>
    public IReadOnlySet<StoredFiles> Files()
    {
        HashSet<StoredFiles> files = [];
        byte[] head = new byte[HeadLength];
        foreach (string entry in Entries())
        {
            StoredFiles? of = IfThere(() =>
            {
                using FileStream stream = new(entry, new FileStreamOptions { BufferSize = 0, Share = FileShare.ReadWrite | FileShare.Delete });
                return ParseHead(head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
            });
            if (of is not null) files.Add(of);
        }
        return files;
    }

    /// <summary>Stores a result, over an older one under the same key.</summary>
    public void Put(string key, ScanResult result)
    {
        string path = PathOf(key);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(result, CacheJson.Default.ScanResult);
        byte[] entry = new byte[HashLength + 1 + body.Length];
        System.Text.Encoding.ASCII.GetBytes(Checksum(key, body), entry);
        entry[HashLength] = (byte)'\n';
        body.CopyTo(entry, HashLength + 1);
        Guard(() => Directory.CreateDirectory(Path.GetDirectoryName(path)!));
        Durable.Replace(path, entry);
    }

    /// <summary>Removes entries that were stored before a time and are not among those still of use.</summary>
    /// <returns>How many.</returns>
    public int Prune(IReadOnlySet<string> used, DateTimeOffset storedBefore)
    {
        int removed = 0;
        foreach (string entry in Entries())
        {
            if (used.Contains(Path.GetFileNameWithoutExtension(entry)) || File.GetLastWriteTimeUtc(entry) >= storedBefore.UtcDateTime) continue;
            Durable.Unlink(entry);
            removed++;
        }
        return removed;
    }

    private string[] Entries() => Guard(() => Directory.Exists(_directory) ? Directory.GetFiles(_directory, "*.json", SearchOption.AllDirectories) : []);

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

    private static StoredFiles? ParseHead(ReadOnlySpan<byte> head)
    {
        if (head.Length <= HashLength) return null;
        string? scan = null, ct = null, mask = null;
        long? ctBytes = null, maskBytes = null;
        try
        {
            Utf8JsonReader json = new(head[(HashLength + 1)..], isFinalBlock: false, default);
            while (json.Read() && json is not { TokenType: JsonTokenType.EndObject, CurrentDepth: 1 })
            {
                if (json.TokenType != JsonTokenType.PropertyName) continue;
                if (json.ValueTextEquals(nameof(ScanRow.ScanKey))) scan = Text(ref json);
                else if (json.ValueTextEquals(nameof(ScanRow.CtPath))) ct = Text(ref json);
                else if (json.ValueTextEquals(nameof(ScanRow.CtBytes))) ctBytes = Number(ref json);
                else if (json.ValueTextEquals(nameof(ScanRow.MaskPath))) mask = Text(ref json);
                else if (json.ValueTextEquals(nameof(ScanRow.MaskBytes))) maskBytes = Number(ref json);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        return scan is null ? null : new StoredFiles(scan, ct, ctBytes, mask, maskBytes);

        static string? Text(ref Utf8JsonReader json) => json.Read() ? json.GetString() : null;
        static long? Number(ref Utf8JsonReader json) =>
            json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number) ? number : null;
    }

    private static bool IsSound(string key, ReadOnlySpan<byte> entry) => entry.Length > HashLength && entry[HashLength] == '\n'
        && entry[..HashLength].SequenceEqual(System.Text.Encoding.ASCII.GetBytes(Checksum(key, entry[(HashLength + 1)..])));

    private static ScanResult? Parse(string key, ReadOnlySpan<byte> entry)
    {
        if (!IsSound(key, entry)) return null;
        try
        {
            return JsonSerializer.Deserialize(entry[(HashLength + 1)..], CacheJson.Default.ScanResult);
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
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(key));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string PathOf(string key)
    {
        if (key.Length is < 16 or > 128 || !key.All(char.IsAsciiHexDigitLower))
            throw new ArgumentException("A cache key is 16 to 128 lower-case hexadecimal digits.", nameof(key));
        return Path.Combine(_directory, key[..2], key + ".json");
    }
}

[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.Strict, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ScanResult))]
[JsonSerializable(typeof(FileIndexEntry))]
[JsonSerializable(typeof(FileIndexEntry[]))]
internal sealed partial class CacheJson : JsonSerializerContext;
