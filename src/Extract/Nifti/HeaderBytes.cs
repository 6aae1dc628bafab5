using System.Buffers.Binary;

namespace VerseEtl.Extract.Nifti;

/// <summary>The bytes of one header, read by field.</summary>
internal readonly ref struct HeaderBytes(ReadOnlySpan<byte> bytes, int version, bool bigEndian)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>An integer field, widened.</summary>
    public long Integer(NiftiField field, int item = 0)
    {
        ReadOnlySpan<byte> at = At(field, item);
        return Type(field) switch
        {
            FieldType.Byte => at[0],
            FieldType.Int16 => bigEndian ? BinaryPrimitives.ReadInt16BigEndian(at) : BinaryPrimitives.ReadInt16LittleEndian(at),
            FieldType.Int32 => bigEndian ? BinaryPrimitives.ReadInt32BigEndian(at) : BinaryPrimitives.ReadInt32LittleEndian(at),
            FieldType.Int64 => bigEndian ? BinaryPrimitives.ReadInt64BigEndian(at) : BinaryPrimitives.ReadInt64LittleEndian(at),
            _ => throw new ArgumentException("Not an integer field.", nameof(field)),
        };
    }

    /// <summary>A field as a real number: float32 widened, integers converted.</summary>
    public double Real(NiftiField field, int item = 0)
    {
        ReadOnlySpan<byte> at = At(field, item);
        return Type(field) switch
        {
            FieldType.Float32 => bigEndian ? BinaryPrimitives.ReadSingleBigEndian(at) : BinaryPrimitives.ReadSingleLittleEndian(at),
            FieldType.Float64 => bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(at) : BinaryPrimitives.ReadDoubleLittleEndian(at),
            _ => Integer(field, item),
        };
    }

    /// <summary>The bytes of a text field; empty if this version has none.</summary>
    public ReadOnlySpan<byte> Text(NiftiField field)
    {
        int offset = version == 1 ? field.Offset1 : field.Offset2;
        return offset < 0 ? [] : _bytes.Slice(offset, version == 1 ? field.Count : field.Count2);
    }

    private FieldType Type(NiftiField field) => version == 1 ? field.Type1 : field.Type2;

    private ReadOnlySpan<byte> At(NiftiField field, int item) =>
        _bytes[((version == 1 ? field.Offset1 : field.Offset2) + item * Size(Type(field)))..];

    public static int Size(FieldType type) => type switch
    {
        FieldType.Byte => 1,
        FieldType.Int16 => 2,
        FieldType.Int32 or FieldType.Float32 => 4,
        _ => 8,
    };
}
