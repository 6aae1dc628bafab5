using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace VerseEtl.Extract.Centroids;

/// <summary>Why a small JSON file cannot be used.</summary>
internal enum JsonDefect { None, Empty, TooBig, TooDeep, NotUtf8, Invalid, DuplicateKey }

/// <summary>
/// Small JSON files as Python writes them: the bare tokens NaN, Infinity and -Infinity are read as null. Nothing else is relaxed, and a
/// key that stands twice in one object is an error, since readers disagree about which one counts.
/// </summary>
internal static class TolerantJson
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xef, 0xbb, 0xbf];

    /// <summary>Reads at most one byte more than the limit, whatever the stream holds.</summary>
    /// <exception cref="IOException">The storage failed.</exception>
    public static byte[] ReadBounded(Stream stream, int longest)
    {
        byte[] buffer = new byte[longest + 1];
        int length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer.AsSpan(0, length).ToArray();
    }

    /// <summary>Parses, or says what is wrong; the document is null exactly if there is a defect.</summary>
    /// <param name="marked">True if the file starts with a UTF-8 byte order mark.</param>
    public static JsonDefect Parse(ReadOnlySpan<byte> bytes, int longest, int deepest, out JsonDocument? document, out bool marked)
    {
        document = null;
        marked = false;
        if (bytes.IsEmpty) return JsonDefect.Empty;
        if (bytes.Length > longest) return JsonDefect.TooBig;
        // no JSON text has a NUL in it, and UTF-16 or UTF-32 of one always has
        if (bytes is [0xfe, 0xff, ..] or [0xff, 0xfe, ..] || bytes.Contains((byte)0)) return JsonDefect.NotUtf8;
        marked = bytes.StartsWith(ByteOrderMark);
        if (marked) bytes = bytes[ByteOrderMark.Length..];
        if (!Utf8.IsValid(bytes)) return JsonDefect.NotUtf8;

        ReadOnlyMemory<byte> strict = WithoutNonFinite(bytes, out int depth);
        if (depth > deepest) return JsonDefect.TooDeep;
        try
        {
            document = JsonDocument.Parse(strict, new JsonDocumentOptions { MaxDepth = deepest, AllowDuplicateProperties = false });
            return JsonDefect.None;
        }
        catch (JsonException)
        {
            return IsValidWithDuplicates(strict, deepest) ? JsonDefect.DuplicateKey : JsonDefect.Invalid;
        }
        catch (InvalidOperationException)
        {
            // a key holds an escaped lone surrogate, which no string can hold
            return JsonDefect.Invalid;
        }
    }

    /// <summary>The text of a string element; null if it is no string or holds an escaped lone surrogate.</summary>
    public static string? Text(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsValidWithDuplicates(ReadOnlyMemory<byte> bytes, int deepest)
    {
        try
        {
            using JsonDocument _ = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = deepest, AllowDuplicateProperties = true });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Copies, with null for each non-finite token outside strings, and counts how deep brackets are nested.</summary>
    private static ReadOnlyMemory<byte> WithoutNonFinite(ReadOnlySpan<byte> bytes, out int depth)
    {
        ArrayBufferWriter<byte> output = new(bytes.Length + 16);
        bool inString = false;
        int open = 0;
        depth = 0;
        for (int at = 0; at < bytes.Length; at++)
        {
            byte c = bytes[at];
            if (inString)
            {
                if (c == '\\' && at + 1 < bytes.Length) output.Write(bytes.Slice(at++, 2));
                else output.Write(bytes.Slice(at, 1));
                inString = c != '"';
                continue;
            }
            int token = NonFiniteLength(bytes[at..]);
            if (token > 0)
            {
                output.Write("null"u8);
                at += token - 1;
                continue;
            }
            output.Write(bytes.Slice(at, 1));
            inString = c == '"';
            if (c is (byte)'[' or (byte)'{') depth = Math.Max(depth, ++open);
            if (c is (byte)']' or (byte)'}') open--;
        }
        return output.WrittenMemory;
    }

    /// <summary>Length of a token that starts here, else 0. What stands around it needs no look: null is as invalid there as the token was.</summary>
    private static int NonFiniteLength(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("NaN"u8) ? 3 : rest.StartsWith("Infinity"u8) ? 8 : rest.StartsWith("-Infinity"u8) ? 9 : 0;
}
