using System.Runtime.InteropServices;

namespace VerseEtl.Load.Tables;

/// <summary>What the library that writes a column chunk does not know, or does not say, about its values.</summary>
/// <param name="ByteOrder">Byte order of the values is the order in which their statistics were computed.</param>
/// <param name="LeastTruth">The least of truth values, for which the library has no statistics; null for other types and where all are null.</param>
/// <param name="GreatestTruth">The greatest of them.</param>
internal readonly record struct ChunkFacts(bool ByteOrder, bool? LeastTruth = null, bool? GreatestTruth = null)
{
    /// <summary>Of numbers or truth values, nulls left out.</summary>
    public static ChunkFacts Of<T>(ReadOnlySpan<T> values) where T : struct
    {
        if (typeof(T) != typeof(bool) || values.IsEmpty) return new ChunkFacts(ByteOrder: true);
        ReadOnlySpan<byte> truths = MemoryMarshal.AsBytes(values);
        return new ChunkFacts(ByteOrder: true, !truths.Contains((byte)0), truths.ContainsAnyExcept((byte)0));
    }
}
