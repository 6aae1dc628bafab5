using System.Text.Json;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Centroids;

/// <summary>
/// What the optional `_ct.json` says about the scanner; null where it says nothing. Values are text as written, at most 256 characters,
/// control characters escaped. No other key is read: free text may name a person.
/// </summary>
internal sealed record CtSidecar(string? Kvp, string? Manufacturer, string? ManufacturerModelName, IReadOnlyList<FileNote> Notes)
{
    /// <summary>Genuine files have about 150 bytes.</summary>
    public const int LongestBytes = 1 << 20;

    private const int Deepest = 32, LongestText = 256;

    /// <inheritdoc cref="Read(ReadOnlySpan{byte})"/>
    /// <exception cref="IOException">The storage failed.</exception>
    public static CtSidecar Read(Stream stream) => Read(TolerantJson.ReadBounded(stream, LongestBytes));

    /// <summary>Never fails on bytes: a file that cannot be read gives nulls and one SIDECAR_UNREADABLE note.</summary>
    public static CtSidecar Read(ReadOnlySpan<byte> bytes)
    {
        JsonDefect defect = TolerantJson.Parse(bytes, LongestBytes, Deepest, out JsonDocument? document, out _);
        using (document)
        {
            if (document is null) return Unreadable(Words(defect));
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return Unreadable("no object");
            List<FileNote> notes = [];
            return new CtSidecar(Text(root, "KVP", notes), Text(root, "Manufacturer", notes), Text(root, "ManufacturerModelName", notes), notes);
        }
    }

    private static CtSidecar Unreadable(string observed) =>
        new(null, null, null, [new FileNote(Faults.SidecarUnreadable, "content", observed, "a JSON object")]);

    private static string? Text(JsonElement root, string key, List<FileNote> notes)
    {
        if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return null;
        string? text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TolerantJson.Text(value);
        if (text is null) notes.Add(new FileNote(Faults.SidecarUnreadable, key, "neither text nor number", "text"));
        return string.IsNullOrEmpty(text) ? null : Shortened(Finding.OneLine(text));
    }

    private static string Shortened(string text)
    {
        if (text.Length <= LongestText) return text;
        return text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
    }

    private static string Words(JsonDefect defect) => defect switch
    {
        JsonDefect.Empty => "0 bytes",
        JsonDefect.TooBig => "more than 1 MiB",
        JsonDefect.TooDeep => "nested too deep",
        JsonDefect.NotUtf8 => "bytes that are not UTF-8",
        JsonDefect.DuplicateKey => "a key twice in one object",
        _ => "no valid JSON",
    };
}
