using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Cache;

/// <summary>
/// One stored result per scan, under a key made of the content of its files, the options that matter and the version of the measuring
/// code. Entries appear whole or not at all, carry their own checksum, and may be shared by several hosts.
/// </summary>
internal sealed class ScanCache
{
    private const int HashLength = 64;
    private readonly string _directory;

    /// <param name="directory">The cache folder of a warehouse; made if missing.</param>
    public ScanCache(string directory)
    {
        _directory = Path.Combine(directory, "scans");
        try
        {
            Directory.CreateDirectory(_directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageException.From(e);
        }
    }

    /// <summary>Looks a result up.</summary>
    /// <param name="key">Lower-case hexadecimal, 16 to 128 digits.</param>
    /// <param name="damage">CACHE_CORRUPT if there was an entry that could not be trusted; it is dropped, the scan is to be measured again.</param>
    /// <returns>True with a result; false without one.</returns>
    public bool TryGet(string key, out ScanResult? result, out Finding? damage)
    {
        (result, damage) = (null, null);
        string path = PathOf(key);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageException.From(e);
        }
        result = Parse(key, bytes);
        if (result is not null) return true;
        damage = Finding.Of(Faults.CacheCorrupt, observed: key);
        Durable.Unlink(path);
        return false;
    }

    /// <summary>There is an entry; whether it is sound is found out by taking it.</summary>
    public bool Has(string key) => File.Exists(PathOf(key));

    /// <summary>Stores a result, over an older one under the same key.</summary>
    public void Put(string key, ScanResult result)
    {
        string path = PathOf(key);
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(result, CacheJson.Default.ScanResult);
        byte[] entry = new byte[HashLength + 1 + body.Length];
        System.Text.Encoding.ASCII.GetBytes(Checksum(key, body), entry);
        entry[HashLength] = (byte)'\n';
        body.CopyTo(entry, HashLength + 1);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageException.From(e);
        }
        Durable.Replace(path, entry);
    }

    /// <summary>Removes entries that were stored before a time and are not among those still of use.</summary>
    /// <returns>How many.</returns>
    public int Prune(IReadOnlySet<string> used, DateTimeOffset storedBefore)
    {
        int removed = 0;
        try
        {
            foreach (string entry in Directory.EnumerateFiles(_directory, "*.json", SearchOption.AllDirectories))
            {
                if (used.Contains(Path.GetFileNameWithoutExtension(entry)) || File.GetLastWriteTimeUtc(entry) >= storedBefore.UtcDateTime) continue;
                Durable.Unlink(entry);
                removed++;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageException.From(e);
        }
        return removed;
    }

    private static ScanResult? Parse(string key, ReadOnlySpan<byte> entry)
    {
        if (entry.Length <= HashLength || entry[HashLength] != '\n') return null;
        ReadOnlySpan<byte> body = entry[(HashLength + 1)..];
        if (!entry[..HashLength].SequenceEqual(System.Text.Encoding.ASCII.GetBytes(Checksum(key, body)))) return null;
        try
        {
            return JsonSerializer.Deserialize(body, CacheJson.Default.ScanResult);
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
