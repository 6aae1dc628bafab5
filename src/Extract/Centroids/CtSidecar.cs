using System.Globalization;
using System.Text.Json;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Centroids;

/// <summary>
/// What the optional `_ct.json` says about the scanner; null where it says nothing, and where it says what is no voltage of a CT (kV) or no
/// known scanner: free text may name a person. Maker and model are as written. No other key is read.
/// </summary>
internal sealed record CtSidecar(double? KilovoltPeak, string? Manufacturer, string? ManufacturerModelName, IReadOnlyList<FileNote> Notes)
{
    /// <summary>Genuine files have about 150 bytes.</summary>
    public const int LongestBytes = 1 << 20;

    private const int Deepest = 32;

    private const double LowestKilovolt = 20, HighestKilovolt = 300;

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
            double? kilovolt = Text(root, "KVP", notes) is string text && Known(text, "KVP", IsVoltage(text), $"{LowestKilovolt} to {HighestKilovolt}", notes)
                ? double.Parse(text, CultureInfo.InvariantCulture)
                : null;
            return new CtSidecar(kilovolt, Name(root, "Manufacturer", ScannerNames.IsMaker, notes),
                Name(root, "ManufacturerModelName", ScannerNames.IsModel, notes), notes);
        }
    }

    private static CtSidecar Unreadable(string observed) =>
        new(null, null, null, [new FileNote(Faults.SidecarUnreadable, "content", observed, "a JSON object")]);

    private static string? Text(JsonElement root, string key, List<FileNote> notes)
    {
        if (!root.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return null;
        string? text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TolerantJson.Text(value);
        if (text is null) notes.Add(new FileNote(Faults.SidecarUnreadable, key, "neither text nor number", "text"));
        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    private static string? Name(JsonElement root, string key, Func<string, bool> isName, List<FileNote> notes) =>
        Text(root, key, notes) is string text && Known(text, key, isName(text), "words known for scanners", notes) ? text : null;

    private static bool IsVoltage(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number is >= LowestKilovolt and <= HighestKilovolt;

    /// <summary>Notes what is not known by its length alone.</summary>
    private static bool Known(string text, string key, bool known, string expected, List<FileNote> notes)
    {
        if (!known) notes.Add(new FileNote(Faults.SidecarUnknown, key, Invariant($"a text of {text.Length} characters"), expected));
        return known;
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
