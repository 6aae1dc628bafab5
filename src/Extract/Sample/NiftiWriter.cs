using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Geometry;
using Quaternion = VerseEtl.Extract.Nifti.Quaternion;

namespace VerseEtl.Extract.Sample;

/// <summary>Writes valid single-file NIfTI volumes plane by plane: memory is one plane, and the same volume gives the same bytes.</summary>
internal static class NiftiWriter
{
    /// <summary>Writes header and voxels uncompressed.</summary>
    /// <param name="target">Left open.</param>
    /// <param name="fillPlane">
    /// Called for k = 0, 1, ... in order with an array of shape.I * shape.J stored values (before slope and intercept), i fastest,
    /// all zero on entry. Values must be representable in the datatype; integers beyond 2^53 are not.
    /// </param>
    /// <exception cref="ArgumentException">The spec or a stored value does not fit the format.</exception>
    public static void Write(Stream target, NiftiVolumeSpec spec, Action<int, Span<double>> fillPlane)
    {
        target.Write(Header(spec));
        int voxels = checked(spec.Shape.I * spec.Shape.J), size = spec.Datatype.BytesPerVoxel();
        double[] plane = new double[voxels];
        byte[] stored = new byte[checked(voxels * size)];
        for (int k = 0; k < spec.Shape.K; k++)
        {
            Array.Clear(plane);
            fillPlane(k, plane);
            Store(plane, spec.Datatype, stored);
            if (spec.BigEndian) Swap(stored, size);
            target.Write(stored);
        }
    }

    /// <summary>The same, as one gzip member without name or time.</summary>
    public static void WriteGzip(Stream target, NiftiVolumeSpec spec, Action<int, Span<double>> fillPlane, CompressionLevel level = CompressionLevel.Optimal)
    {
        using GZipStream packed = new(target, level, leaveOpen: true);
        Write(packed, spec, fillPlane);
    }

    /// <summary>The 352 (NIfTI-1) or 544 (NIfTI-2) bytes before the voxels.</summary>
    public static byte[] Header(NiftiVolumeSpec spec)
    {
        bool first = spec.Version switch { 1 => true, 2 => false, _ => throw new ArgumentException("The version is 1 or 2.", nameof(spec)) };
        byte[] bytes = new byte[(first ? NiftiFields.Size1 : NiftiFields.Size2) + 4];
        void Put(NiftiField field, double value, int item = 0) =>
            Encode(bytes.AsSpan((first ? field.Offset1 : field.Offset2) + item * HeaderBytes.Size(first ? field.Type1 : field.Type2)),
                first ? field.Type1 : field.Type2, value, spec.BigEndian, field.Name);

        Put(NiftiFields.SizeofHdr, first ? NiftiFields.Size1 : NiftiFields.Size2);
        (first ? NiftiFields.Magic1 : NiftiFields.Magic2).CopyTo(bytes.AsSpan(first ? NiftiFields.Magic.Offset1 : NiftiFields.Magic.Offset2));
        Put(NiftiFields.Dim, 3);
        for (int axis = 0; axis < 7; axis++) Put(NiftiFields.Dim, axis < 3 ? spec.Shape[axis] : 1, axis + 1);
        Put(NiftiFields.Datatype, (double)spec.Datatype);
        Put(NiftiFields.Bitpix, 8 * spec.Datatype.BytesPerVoxel());
        Put(NiftiFields.Pixdim, 1);
        for (int axis = 0; axis < 3; axis++) Put(NiftiFields.Pixdim, spec.SpacingMm[axis], axis + 1);
        Put(NiftiFields.VoxOffset, bytes.Length);
        Put(NiftiFields.SclSlope, spec.Slope);
        Put(NiftiFields.SclInter, spec.Intercept);
        Put(NiftiFields.XyztUnits, spec.Units);
        if (spec.Qform is Affine qform)
        {
            Quaternion quaternion = Quaternion.Of(qform);
            Put(NiftiFields.QformCode, spec.QformCode);
            Put(NiftiFields.Pixdim, quaternion.Qfac);
            Put(NiftiFields.Quatern, quaternion.B);
            Put(NiftiFields.Quatern, quaternion.C, 1);
            Put(NiftiFields.Quatern, quaternion.D, 2);
            for (int axis = 0; axis < 3; axis++) Put(NiftiFields.Qoffset, qform.Origin[axis], axis);
        }
        if (spec.Sform is Affine sform)
        {
            Put(NiftiFields.SformCode, spec.SformCode);
            double[] rows = sform.ToRowMajor();
            for (int item = 0; item < NiftiFields.Srow.Count; item++) Put(NiftiFields.Srow, rows[item], item);
        }
        return bytes;
    }

    private static void Encode(Span<byte> at, FieldType type, double value, bool bigEndian, string field)
    {
        switch (type)
        {
            case FieldType.Byte: at[0] = Checked<byte>(value, field); break;
            case FieldType.Int16: BinaryPrimitives.WriteInt16LittleEndian(at, Checked<short>(value, field)); break;
            case FieldType.Int32: BinaryPrimitives.WriteInt32LittleEndian(at, Checked<int>(value, field)); break;
            case FieldType.Int64: BinaryPrimitives.WriteInt64LittleEndian(at, Checked<long>(value, field)); break;
            case FieldType.Float32: BinaryPrimitives.WriteSingleLittleEndian(at, (float)value); break;
            case FieldType.Float64: BinaryPrimitives.WriteDoubleLittleEndian(at, value); break;
        }
        if (bigEndian) at[..HeaderBytes.Size(type)].Reverse();
    }

    private static void Store(ReadOnlySpan<double> values, NiftiDatatype datatype, Span<byte> stored)
    {
        int size = datatype.BytesPerVoxel();
        for (int at = 0; at < values.Length; at++)
        {
            Span<byte> to = stored.Slice(at * size, size);
            double value = values[at];
            switch (datatype)
            {
                case NiftiDatatype.UInt8: to[0] = Checked<byte>(value, "voxel"); break;
                case NiftiDatatype.Int8: to[0] = (byte)Checked<sbyte>(value, "voxel"); break;
                case NiftiDatatype.Int16: BinaryPrimitives.WriteInt16LittleEndian(to, Checked<short>(value, "voxel")); break;
                case NiftiDatatype.UInt16: BinaryPrimitives.WriteUInt16LittleEndian(to, Checked<ushort>(value, "voxel")); break;
                case NiftiDatatype.Int32: BinaryPrimitives.WriteInt32LittleEndian(to, Checked<int>(value, "voxel")); break;
                case NiftiDatatype.UInt32: BinaryPrimitives.WriteUInt32LittleEndian(to, Checked<uint>(value, "voxel")); break;
                case NiftiDatatype.Int64: BinaryPrimitives.WriteInt64LittleEndian(to, Checked<long>(value, "voxel")); break;
                case NiftiDatatype.UInt64: BinaryPrimitives.WriteUInt64LittleEndian(to, Checked<ulong>(value, "voxel")); break;
                case NiftiDatatype.Float32: BinaryPrimitives.WriteSingleLittleEndian(to, (float)value); break;
                case NiftiDatatype.Float64: BinaryPrimitives.WriteDoubleLittleEndian(to, value); break;
            }
        }
    }

    private static T Checked<T>(double value, string field) where T : IBinaryInteger<T>
    {
        try
        {
            T whole = T.CreateChecked(value);
            if (double.CreateChecked(whole) == value) return whole;
        }
        catch (OverflowException)
        {
            // reported below, with the field
        }
        throw new ArgumentException($"{field} cannot hold {value.ToString(CultureInfo.InvariantCulture)}.");
    }

    private static void Swap(Span<byte> stored, int size)
    {
        if (size == 1) return;
        for (int at = 0; at < stored.Length; at += size) stored.Slice(at, size).Reverse();
    }
}
