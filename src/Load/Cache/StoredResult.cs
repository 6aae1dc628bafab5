using System.Buffers;
using System.Text.Json;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Cache;

/// <summary>The result of a scan out of JSON, and in bytes of this process's own.</summary>
internal static class StoredResult
{
    private static readonly StoredRows<ScanRow> Scans = new(PublishedSchema.Scans);
    private static readonly StoredRows<VertebraRow> Vertebrae = new(PublishedSchema.Vertebrae);
    private static readonly StoredRows<Finding> Findings = new(PublishedSchema.Findings);

    /// <summary>Reads what <see cref="CacheJson"/> writes, property by property as it writes them, and anything else as the library reads it.</summary>
    /// <returns>Null for `null`.</returns>
    /// <exception cref="JsonException">It is not the JSON of a result.</exception>
    public static ScanResult? OfJson(ReadOnlySpan<byte> utf8) => AsWritten(utf8) ?? JsonSerializer.Deserialize(utf8, CacheJson.Default.ScanResult);

    /// <summary>All of a result, but for a picture that is not stored yet.</summary>
    public static ReadOnlySpan<byte> BytesOf(ScanResult result)
    {
        ArrayBufferWriter<byte> bytes = new(1 << 13);
        Scans.Put(bytes, result.Scan, null);
        Put(bytes, result.Vertebrae, Vertebrae);
        Put(bytes, result.Findings, Findings);
        return bytes.WrittenSpan;
    }

    /// <param name="bytes">As <see cref="BytesOf"/> made them.</param>
    public static ScanResult OfBytes(ReadOnlySpan<byte> bytes)
    {
        ScanRow scan = Scans.Take(ref bytes, null);
        return new ScanResult(scan, Take(ref bytes, Vertebrae), Take(ref bytes, Findings));
    }

    /// <summary>Null for anything but what this build writes.</summary>
    internal static ScanResult? AsWritten(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader json = new(utf8);
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return null;
        if (!IsNext(ref json, nameof(ScanResult.Scan)) || Scans.TakeJson(ref json, null) is not ScanRow scan) return null;
        if (!IsNext(ref json, nameof(ScanResult.Vertebrae)) || json.TokenType != JsonTokenType.StartArray) return null;
        List<VertebraRow> vertebrae = [];
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (Vertebrae.TakeJson(ref json, vertebrae.Count == 0 ? null : vertebrae[^1]) is not VertebraRow row) return null;
            vertebrae.Add(row);
        }
        if (!IsNext(ref json, nameof(ScanResult.Findings)) || json.TokenType != JsonTokenType.StartArray) return null;
        Finding[] findings = JsonSerializer.Deserialize(ref json, CacheJson.Default.FindingArray)!;
        return json.Read() && json.TokenType == JsonTokenType.EndObject && !json.Read() ? new ScanResult(scan, vertebrae, findings) : null;
    }

    private static bool IsNext(ref Utf8JsonReader json, string name) =>
        json.Read() && json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals(name) && json.Read();

    private static void Put<TRow>(ArrayBufferWriter<byte> bytes, IReadOnlyList<TRow> rows, StoredRows<TRow> stored) where TRow : class
    {
        NumberBytes.Put(bytes, rows.Count);
        for (int at = 0; at < rows.Count; at++) stored.Put(bytes, rows[at], at == 0 ? null : rows[at - 1]);
    }

    private static TRow[] Take<TRow>(ref ReadOnlySpan<byte> bytes, StoredRows<TRow> stored) where TRow : class
    {
        TRow[] rows = new TRow[NumberBytes.Take<int>(ref bytes)];
        for (int at = 0; at < rows.Length; at++) rows[at] = stored.Take(ref bytes, at == 0 ? null : rows[at - 1]);
        return rows;
    }
}
