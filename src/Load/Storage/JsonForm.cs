using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace VerseEtl.Load.Storage;

/// <summary>
/// How a value stands in a file as JSON, member by member: what the serializer writes too, without all that it makes ready for each type, which takes a short
/// run longer than its files.
/// </summary>
/// <param name="Members">Writes them into an object that is open.</param>
/// <param name="From">Reads an object whose bytes a digest vouches for; members of a newer version are passed over.</param>
/// <param name="Type">Of a context that writes indented lines, ended by a line feed alone; for a file without a digest.</param>
internal sealed record JsonForm<T>(Action<Utf8JsonWriter, T> Members, Func<JsonElement, T> From, Func<JsonTypeInfo<T>> Type) where T : class
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    public byte[] Write(T value)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Indented))
        {
            json.WriteStartObject();
            Members(json, value);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }

    /// <exception cref="JsonException">It is no such object.</exception>
    /// <exception cref="InvalidOperationException">A member is of another kind.</exception>
    public T Read(ReadOnlyMemory<byte> bytes)
    {
        using JsonDocument document = JsonDocument.Parse(bytes);
        return From(document.RootElement);
    }
}

/// <summary>Members of a JSON object by name, and such members written.</summary>
internal static class JsonMembers
{
    public static JsonElement? Member(this JsonElement of, ReadOnlySpan<byte> name) =>
        of.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <exception cref="JsonException">It is not there, or null.</exception>
    public static JsonElement Required(this JsonElement of, ReadOnlySpan<byte> name) => of.Member(name) ?? throw new JsonException("a member is not there");

    public static string Text(this JsonElement of, ReadOnlySpan<byte> name) => of.Required(name).GetString()!;

    public static long Long(this JsonElement of, ReadOnlySpan<byte> name) => of.Required(name).WholeNumber();

    public static int Int(this JsonElement of, ReadOnlySpan<byte> name) => of.Required(name).Int();

    public static int Int(this JsonElement value) => value.TryGetInt32(out int number) ? number : throw new JsonException("no whole number of 32 bits");

    public static string? TextOrNull(this JsonElement of, ReadOnlySpan<byte> name) => of.Member(name)?.GetString();

    public static long? LongOrNull(this JsonElement of, ReadOnlySpan<byte> name) => of.Member(name)?.WholeNumber();

    public static int? IntOrNull(this JsonElement of, ReadOnlySpan<byte> name) => of.Member(name)?.Int();

    public static DateTimeOffset Time(this JsonElement of, ReadOnlySpan<byte> name) => of.Required(name).Time();

    public static DateTimeOffset Time(this JsonElement value) =>
        value.TryGetDateTimeOffset(out DateTimeOffset time) ? time : throw new JsonException("no time");

    public static void Number(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is long number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }

    private static long WholeNumber(this JsonElement value) => value.TryGetInt64(out long number) ? number : throw new JsonException("no whole number");
}
