namespace VerseEtl.Load.Tables;

/// <summary>What the library that writes a column chunk does not know, or does not say, about its values.</summary>
/// <param name="ByteOrder">Byte order of the values is the order in which their statistics were computed.</param>
/// <param name="LeastTruth">The least of truth values, for which the library has no statistics; null for other types and where all are null.</param>
/// <param name="GreatestTruth">The greatest of them.</param>
internal readonly record struct ChunkFacts(bool ByteOrder, bool? LeastTruth = null, bool? GreatestTruth = null)
{
    /// <summary>Of numbers or truth values, nulls left out.</summary>
    public static ChunkFacts Of<T>(IEnumerable<T> values) where T : struct
    {
        if (values is not IEnumerable<bool> truths) return new ChunkFacts(ByteOrder: true);
        bool anyFalse = truths.Contains(false), anyTrue = truths.Contains(true);
        return anyFalse || anyTrue ? new ChunkFacts(ByteOrder: true, !anyFalse, anyTrue) : new ChunkFacts(ByteOrder: true);
    }
}
