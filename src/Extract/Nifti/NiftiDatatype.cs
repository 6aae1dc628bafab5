using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace VerseEtl.Extract.Nifti;

/// <summary>Stored voxel types that can hold a CT or a label map, by their NIfTI code. The others (bit, RGB, complex, float128) are refused.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The stored types are what this names.")]
public enum NiftiDatatype : short
{
    UInt8 = 2,
    Int16 = 4,
    Int32 = 8,
    Float32 = 16,
    Float64 = 64,
    Int8 = 256,
    UInt16 = 512,
    UInt32 = 768,
    Int64 = 1024,
    UInt64 = 1280,
}

/// <summary>What follows from a stored voxel type.</summary>
public static class NiftiDatatypes
{
    internal static bool IsSupported(long code) => code is 2 or 4 or 8 or 16 or 64 or 256 or 512 or 768 or 1024 or 1280;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BytesPerVoxel(this NiftiDatatype datatype) => datatype switch
    {
        NiftiDatatype.UInt8 or NiftiDatatype.Int8 => 1,
        NiftiDatatype.Int16 or NiftiDatatype.UInt16 => 2,
        NiftiDatatype.Int32 or NiftiDatatype.UInt32 or NiftiDatatype.Float32 => 4,
        NiftiDatatype.Int64 or NiftiDatatype.UInt64 or NiftiDatatype.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "Not a supported datatype."),
    };

    public static bool IsFloat(this NiftiDatatype datatype) => datatype is NiftiDatatype.Float32 or NiftiDatatype.Float64;

    /// <summary>The name in the published tables, numpy's: `uint8`, `int16`, `float64`.</summary>
    public static string Name(this NiftiDatatype datatype) => datatype switch
    {
        NiftiDatatype.UInt8 => "uint8",
        NiftiDatatype.Int8 => "int8",
        NiftiDatatype.Int16 => "int16",
        NiftiDatatype.UInt16 => "uint16",
        NiftiDatatype.Int32 => "int32",
        NiftiDatatype.UInt32 => "uint32",
        NiftiDatatype.Int64 => "int64",
        NiftiDatatype.UInt64 => "uint64",
        NiftiDatatype.Float32 => "float32",
        NiftiDatatype.Float64 => "float64",
        _ => throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "Not a supported datatype."),
    };
}
