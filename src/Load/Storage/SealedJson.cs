using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VerseEtl.Load.Storage;

/// <summary>
/// A JSON object whose last member, `digest`, is the SHA-256 of the bytes of the object without it: no bit of the file can change unnoticed.
/// A file without a digest is one of an older build; it is read if it has every key it should have and no other.
/// </summary>
internal static class SealedJson
{
    private const string Before = ",\n  \"digest\": \"", After = "\"\n}", End = "\n}";
    private const int DigestLength = 64, SealLength = 15 + DigestLength + 3;

    /// <param name="type">Of a context that writes indented lines, ended by a line feed alone.</param>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type) => Seal(JsonSerializer.SerializeToUtf8Bytes(value, type));

    public static byte[] Write<T>(T value, JsonForm<T> form) where T : class => Seal(form.Write(value));

    private static byte[] Seal(byte[] body) =>
        [.. body.AsSpan(0, body.Length - End.Length), .. Encoding.ASCII.GetBytes(Before + Sha256.Of(body) + After)];

    /// <summary>Reads what was written so. Members of a newer version are ignored where the digest vouches for them.</summary>
    public static SealedValue<T> Read<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type) where T : class =>
        Read(bytes, () => type, body => JsonSerializer.Deserialize(body, type)!);

    /// <inheritdoc cref="Read{T}(ReadOnlySpan{byte}, JsonTypeInfo{T})"/>
    public static SealedValue<T> Read<T>(ReadOnlySpan<byte> bytes, JsonForm<T> form) where T : class => Read(bytes, form.Type, body => form.Read(body));

    private static SealedValue<T> Read<T>(ReadOnlySpan<byte> bytes, Func<JsonTypeInfo<T>> type, Func<byte[], T> whole) where T : class
    {
        if (bytes.Length == 0) return new SealedValue<T>(null, false, "it is empty");
        try
        {
            if (DigestOf(bytes) is not string digest)
                return FaultOfKeys(bytes, type()) is string fault
                    ? new SealedValue<T>(null, false, fault)
                    : new SealedValue<T>(JsonSerializer.Deserialize(bytes, type()), false, null);
            byte[] body = [.. bytes[..^SealLength], .. Encoding.ASCII.GetBytes(End)];
            return digest == Sha256.Of(body)
                ? new SealedValue<T>(whole(body), true, null)
                : new SealedValue<T>(null, true, "its digest is not that of its content");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // the latter for an escaped half of a surrogate pair
            return new SealedValue<T>(null, false, "it is not the JSON it should be");
        }
    }

    /// <summary>Null unless the file ends as a sealed one does.</summary>
    private static string? DigestOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SealLength) return null;
        string end = Encoding.Latin1.GetString(bytes[^SealLength..]);
        string digest = end[Before.Length..^After.Length];
        return end.StartsWith(Before, StringComparison.Ordinal) && end.EndsWith(After, StringComparison.Ordinal) && digest.All(char.IsAsciiHexDigitLower)
            ? digest
            : null;
    }

    private static string? FaultOfKeys(ReadOnlySpan<byte> bytes, JsonTypeInfo type)
    {
        using JsonDocument document = JsonDocument.Parse(bytes.ToArray());
        if (document.RootElement.ValueKind != JsonValueKind.Object) return "it is no JSON object";
        string[] keys = [.. document.RootElement.EnumerateObject().Select(member => member.Name)];
        if (keys.FirstOrDefault(key => type.Properties.All(property => property.Name != key)) is string unknown) return $"it has the unknown key '{unknown}'";
        if (type.Properties.FirstOrDefault(property => property.IsRequired && !keys.Contains(property.Name)) is JsonPropertyInfo missing)
            return $"it lacks the key '{missing.Name}'";
        return keys.Length == keys.Distinct(StringComparer.Ordinal).Count() ? null : "it has a key twice";
    }
}

/// <summary>What a file held; either the value or the fault, in words, is null.</summary>
/// <param name="IsSealed">It carries a digest.</param>
internal readonly record struct SealedValue<T>(T? Value, bool IsSealed, string? Fault) where T : class;
