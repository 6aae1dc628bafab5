using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// Integer codes of a CT's stored bytes: the stored value of an integer type, or the scaled value of a floating-point type in 64ths, rounded half to even.
/// </summary>
internal sealed class CtCodes
{
    private const int SwapBytes = 4096;

    /// <summary>
    /// Codes per unit of a floating-point type. A power of two, so that whole, half and quarter units stay what they are; a CT scatters by
    /// ten units or more, of which a 64th is little.
    /// </summary>
    private const int CodesPerUnit = 64;

    private readonly NiftiHeader _header;
    private readonly CtScaling _stored;
    private readonly byte[] _swapped;
    private readonly int _size;
    private double? _first;

    /// <exception cref="BadFileException">The scaling is not usable.</exception>
    public CtCodes(NiftiHeader header)
    {
        (_header, _size) = (header, header.Datatype.BytesPerVoxel());
        Nifti.Scaling.Check(header);
        _stored = Nifti.Scaling.Of(header);
        if (header.Datatype.IsFloat()) _stored = new CtScaling(CodesPerUnit * _stored.Slope, CodesPerUnit * _stored.Intercept);
        _swapped = header.BigEndian ? new byte[SwapBytes] : [];
    }

    /// <summary>From codes to Hounsfield units; 1/64 and 0 for floating-point types, which are scaled before they are rounded.</summary>
    public CtScaling Scaling => _header.Datatype.IsFloat() ? new CtScaling(1.0 / CodesPerUnit, 0) : _stored;

    /// <summary>True if the values that were not mere samples differ, also where their codes do not. Only looked at in floating-point types.</summary>
    public bool Varies { get; private set; }

    /// <summary>Codes of as many voxels as there is room for.</summary>
    /// <param name="stored">Their bytes.</param>
    /// <param name="sampled">Whether the values are mere samples: those do not count for <see cref="Varies"/>.</param>
    [MethodImpl(Hot.Method)]
    public void Decode(ReadOnlySpan<byte> stored, Span<long> codes, bool sampled)
    {
        int size = _size;
        if (!_header.BigEndian || size == 1)
        {
            DecodeLittleEndian(stored, codes, sampled);
            return;
        }
        while (stored.Length > 0)
        {
            int bytes = Math.Min(stored.Length, SwapBytes);
            Span<byte> swapped = _swapped.AsSpan(0, bytes);
            ReadOnlySpan<byte> from = stored[..bytes];
            if (size == 2) BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ushort>(from), MemoryMarshal.Cast<byte, ushort>(swapped));
            else if (size == 4) BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(from), MemoryMarshal.Cast<byte, uint>(swapped));
            else BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, ulong>(from), MemoryMarshal.Cast<byte, ulong>(swapped));
            DecodeLittleEndian(swapped, codes[..(bytes / size)], sampled);
            stored = stored[bytes..];
            codes = codes[(bytes / size)..];
        }
    }

    /// <summary>Codes of voxels that are zero.</summary>
    /// <inheritdoc cref="Decode"/>
    public void Zeros(Span<long> codes, bool sampled)
    {
        bool isFloat = _header.Datatype.IsFloat();
        codes.Fill(isFloat ? Code(0.0) : 0);
        if (isFloat && !sampled) Watch([0.0]);
    }

    [MethodImpl(Hot.Method)]
    private void DecodeLittleEndian(ReadOnlySpan<byte> stored, Span<long> codes, bool sampled)
    {
        switch (_header.Datatype)
        {
            case NiftiDatatype.UInt8: Widen<byte>(stored, codes); break;
            case NiftiDatatype.Int8: Widen<sbyte>(stored, codes); break;
            case NiftiDatatype.Int16: Widen<short>(stored, codes); break;
            case NiftiDatatype.UInt16: Widen<ushort>(stored, codes); break;
            case NiftiDatatype.Int32: Widen<int>(stored, codes); break;
            case NiftiDatatype.UInt32: Widen<uint>(stored, codes); break;
            case NiftiDatatype.Int64: WidenLong<long>(stored, codes, -HounsfieldHistogram.LargestCode); break;
            case NiftiDatatype.UInt64: WidenLong<ulong>(stored, codes, 0); break;
            case NiftiDatatype.Float32: Round<float>(stored, codes, sampled); break;
            case NiftiDatatype.Float64: Round<double>(stored, codes, sampled); break;
        }
    }

    [MethodImpl(Hot.Method)]
    private static void Widen<T>(ReadOnlySpan<byte> stored, Span<long> codes) where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> raw = MemoryMarshal.Cast<byte, T>(stored);
        for (int at = 0; at < codes.Length; at++) codes[at] = long.CreateTruncating(raw[at]);
    }

    [MethodImpl(Hot.Method)]
    private static void WidenLong<T>(ReadOnlySpan<byte> stored, Span<long> codes, long least) where T : unmanaged, IBinaryInteger<T>
    {
        ReadOnlySpan<T> raw = MemoryMarshal.Cast<byte, T>(stored);
        T low = T.CreateChecked(least), high = T.CreateChecked(HounsfieldHistogram.LargestCode);
        for (int at = 0; at < codes.Length; at++)
            codes[at] = raw[at] >= low && raw[at] <= high ? long.CreateTruncating(raw[at]) : HounsfieldHistogram.NotMeasurable;
    }

    [MethodImpl(Hot.Method)]
    private void Round<T>(ReadOnlySpan<byte> stored, Span<long> codes, bool sampled) where T : unmanaged, IFloatingPoint<T>
    {
        ReadOnlySpan<T> raw = MemoryMarshal.Cast<byte, T>(stored);
        for (int at = 0; at < codes.Length; at++) codes[at] = Code(double.CreateTruncating(raw[at]));
        if (!sampled) Watch(raw);
    }

    private void Watch<T>(ReadOnlySpan<T> raw) where T : unmanaged, IFloatingPoint<T>
    {
        if (Varies || raw.IsEmpty) return;
        Varies = raw.ContainsAnyExcept(raw[0]) || double.CreateTruncating(raw[0]) != (_first ??= double.CreateTruncating(raw[0]));
    }

    // slope and intercept are in codes; times a power of two they round as they would in units
    private long Code(double stored)
    {
        double value = Math.Round(_stored.Slope * stored + _stored.Intercept, MidpointRounding.ToEven);
        return Math.Abs(value) <= HounsfieldHistogram.LargestCode ? (long)value : HounsfieldHistogram.NotMeasurable;
    }
}
