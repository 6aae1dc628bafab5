namespace VerseEtl.Extract.Nifti;

/// <summary>How a header field is stored.</summary>
internal enum FieldType { Byte, Int16, Int32, Int64, Float32, Float64 }

/// <summary>Where a field stands in each version of the header. Text has one byte per item; offset -1 says that the version has no such field.</summary>
/// <param name="Count">Items: numbers, or bytes of text in NIfTI-1.</param>
internal sealed record NiftiField(string Name, int Count, int Offset1, FieldType Type1, int Offset2, FieldType Type2)
{
    /// <summary>Bytes of text in NIfTI-2 where they differ from NIfTI-1.</summary>
    public int Count2 { get; init; } = Count;
}

/// <summary>
/// The header as a table: offsets in bytes from the start of the file, NIfTI-1 (348 bytes, nifti1.h) and NIfTI-2 (540 bytes, nifti2.h).
/// Only the fields that are read or written; the others are zero in files written here.
/// </summary>
internal static class NiftiFields
{
    public const int Size1 = 348;
    public const int Size2 = 540;

    //                                                        name        n  NIfTI-1                    NIfTI-2
    public static readonly NiftiField SizeofHdr = new("sizeof_hdr",       1,   0, FieldType.Int32,      0, FieldType.Int32);    // 348 or 540
    public static readonly NiftiField DataType = new("data_type",        10,   4, FieldType.Byte,      -1, FieldType.Byte);     // free text
    public static readonly NiftiField DbName = new("db_name",            18,  14, FieldType.Byte,      -1, FieldType.Byte);     // free text
    public static readonly NiftiField Dim = new("dim",                    8,  40, FieldType.Int16,     16, FieldType.Int64);    // rank, then voxels per axis
    public static readonly NiftiField Datatype = new("datatype",          1,  70, FieldType.Int16,     12, FieldType.Int16);    // NiftiDatatype
    public static readonly NiftiField Bitpix = new("bitpix",              1,  72, FieldType.Int16,     14, FieldType.Int16);    // bits per voxel
    public static readonly NiftiField Pixdim = new("pixdim",              8,  76, FieldType.Float32,  104, FieldType.Float64);  // qfac, then spacing
    public static readonly NiftiField VoxOffset = new("vox_offset",       1, 108, FieldType.Float32,  168, FieldType.Int64);    // bytes before the voxels
    public static readonly NiftiField SclSlope = new("scl_slope",         1, 112, FieldType.Float32,  176, FieldType.Float64);
    public static readonly NiftiField SclInter = new("scl_inter",         1, 116, FieldType.Float32,  184, FieldType.Float64);
    public static readonly NiftiField XyztUnits = new("xyzt_units",       1, 123, FieldType.Byte,     500, FieldType.Int32);    // low 3 bits: 1 m, 2 mm, 3 um
    public static readonly NiftiField Descrip = new("descrip",           80, 148, FieldType.Byte,     240, FieldType.Byte);     // free text
    public static readonly NiftiField AuxFile = new("aux_file",          24, 228, FieldType.Byte,     320, FieldType.Byte);     // free text
    public static readonly NiftiField QformCode = new("qform_code",       1, 252, FieldType.Int16,    344, FieldType.Int32);    // 0: no qform
    public static readonly NiftiField SformCode = new("sform_code",       1, 254, FieldType.Int16,    348, FieldType.Int32);    // 0: no sform
    public static readonly NiftiField Quatern = new("quatern_b",          3, 256, FieldType.Float32,  352, FieldType.Float64);  // b, c, d of a unit quaternion
    public static readonly NiftiField Qoffset = new("qoffset_x",          3, 268, FieldType.Float32,  376, FieldType.Float64);  // mm
    public static readonly NiftiField Srow = new("srow_x",               12, 280, FieldType.Float32,  400, FieldType.Float64);  // rows of the affine, mm
    public static readonly NiftiField IntentName = new("intent_name",    16, 328, FieldType.Byte,     508, FieldType.Byte);     // free text
    public static readonly NiftiField Magic = new("magic",                4, 344, FieldType.Byte,       4, FieldType.Byte) { Count2 = 8 };

    /// <summary>Fields that hold whatever somebody typed.</summary>
    public static IReadOnlyList<NiftiField> FreeText { get; } = [DataType, DbName, Descrip, AuxFile, IntentName];

    public static ReadOnlySpan<byte> Magic1 => "n+1\0"u8;
    public static ReadOnlySpan<byte> MagicPair1 => "ni1\0"u8;
    public static ReadOnlySpan<byte> Magic2 => "n+2\0\r\n\u001a\n"u8;
    public static ReadOnlySpan<byte> MagicPair2 => "ni2\0\r\n\u001a\n"u8;
}
