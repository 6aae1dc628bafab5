using System.Buffers.Binary;
using System.Reflection;
using Parquet;
using Parquet.Meta;

namespace VerseEtl.Load.Tables;

/// <summary>
/// Repairs what Parquet.Net 6.1.0 gets wrong in a footer, so that a filtered read never loses rows: column orders are missing
/// (readers then ignore string statistics), all-null columns carry min = max = 0, a leading NaN becomes min and max, zero has the
/// wrong sign, strings are compared as UTF-16, truth values have no bounds. The library's footer is private: a test fails if the names move.
/// </summary>
internal static class FooterCorrections
{
    private const BindingFlags Private = BindingFlags.Instance | BindingFlags.NonPublic;

    /// <summary>Call after the last row group and before the writer is disposed.</summary>
    /// <param name="facts">Per row group and leaf column.</param>
    public static void Apply(ParquetWriter writer, int leafCount, IReadOnlyList<ChunkFacts[]> facts)
    {
        FileMetaData footer = FooterOf(writer);
        footer.ColumnOrders = [.. Enumerable.Range(0, leafCount).Select(_ => new ColumnOrder { TYPEORDER = new TypeDefinedOrder() })];
        for (int group = 0; group < footer.RowGroups.Count; group++)
        {
            List<ColumnChunk> chunks = footer.RowGroups[group].Columns;
            for (int column = 0; column < chunks.Count; column++)
                Correct(chunks[column].MetaData!, facts[group][column]);
        }
    }

    internal static FileMetaData FooterOf(ParquetWriter writer)
    {
        object footer = typeof(ParquetWriter).GetField("_footer", Private)?.GetValue(writer) ?? throw Moved("ParquetWriter._footer");
        return footer.GetType().GetField("_fileMeta", Private)?.GetValue(footer) as FileMetaData ?? throw Moved("ThriftFooter._fileMeta");
    }

    private static void Correct(ColumnMetaData chunk, ChunkFacts facts)
    {
        Statistics? statistics = chunk.Statistics;
        if (statistics is null) return;
        bool allNull = statistics.NullCount == chunk.NumValues;
        if (allNull || !facts.ByteOrder || IsNaN(chunk.Type, statistics.MinValue) || IsNaN(chunk.Type, statistics.MaxValue))
            (statistics.MinValue, statistics.MaxValue) = (null, null);
        if (chunk.Type == Parquet.Meta.Type.DOUBLE)
        {
            // Arrow takes equal bounds for the value itself and looks it up bit by bit: -0.0 is in no list of zeros (apache/arrow#46183)
            bool zeros = IsZero(statistics.MinValue) && IsZero(statistics.MaxValue);
            if (IsZero(statistics.MinValue)) statistics.MinValue = zeros ? null : BitConverter.GetBytes(-0.0);
            if (IsZero(statistics.MaxValue)) statistics.MaxValue = BitConverter.GetBytes(0.0);
        }
        if (facts.LeastTruth is bool least && facts.GreatestTruth is bool greatest)
            (statistics.MinValue, statistics.MaxValue) = (BitConverter.GetBytes(least), BitConverter.GetBytes(greatest));
        // the deprecated pair is defined by signed comparison: right for numbers, wrong for text
        bool number = chunk.Type != Parquet.Meta.Type.BYTE_ARRAY;
        (statistics.Min, statistics.Max) = number ? (statistics.MinValue, statistics.MaxValue) : (null, null);
    }

    private static bool IsNaN(Parquet.Meta.Type type, byte[]? value) =>
        type == Parquet.Meta.Type.DOUBLE && value is { Length: 8 } && double.IsNaN(BinaryPrimitives.ReadDoubleLittleEndian(value));

    private static bool IsZero(byte[]? value) => value is { Length: 8 } && BinaryPrimitives.ReadDoubleLittleEndian(value) == 0;

    private static InvalidOperationException Moved(string name) =>
        new($"{name} is not where Parquet.Net 6.1.0 had it; the footer cannot be corrected.");
}
