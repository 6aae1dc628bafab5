using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace VerseEtl.Load.Tables;

/// <summary>Numbers and truth values as the bytes of memory, and out of JSON.</summary>
internal static class NumberBytes
{
    public static void Put<T>(ArrayBufferWriter<byte> bytes, T value) where T : struct => bytes.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    public static T Take<T>(ref ReadOnlySpan<byte> bytes) where T : struct
    {
        T value = MemoryMarshal.Read<T>(bytes);
        bytes = bytes[Unsafe.SizeOf<T>()..];
        return value;
    }

    /// <returns>False where there is no value of the type.</returns>
    public static bool TryRead<T>(ref Utf8JsonReader json, out T value) where T : struct
    {
        value = default;
        if (typeof(T) == typeof(bool))
        {
            value = (T)(object)(json.TokenType == JsonTokenType.True);
            return json.TokenType is JsonTokenType.True or JsonTokenType.False;
        }
        if (json.TokenType != JsonTokenType.Number) return false;
        bool read;
        if (typeof(T) == typeof(double))
        {
            read = json.TryGetDouble(out double number);
            value = (T)(object)number;
        }
        else if (typeof(T) == typeof(int))
        {
            read = json.TryGetInt32(out int number);
            value = (T)(object)number;
        }
        else
        {
            read = json.TryGetInt64(out long number);
            value = (T)(object)number;
        }
        return read;
    }
}
