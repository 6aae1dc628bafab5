using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// A forward cursor over a CT that decodes only the voxels it is asked for, to integer codes: the stored value of an integer type,
/// or the scaled value of a floating-point type in 64ths, rounded half to even. Hounsfield units = <see cref="Scaling"/> of the code. Nothing is
/// clipped. Of what it passes over it counts a voxel here and there.
/// </summary>
public sealed class CtReader
{
    private const int SwapBytes = 4096;

    /// <summary>
    /// Codes per unit of a floating-point type. A power of two, so that whole, half and quarter units stay what they are; a CT scatters by
    /// ten units or more, of which a 64th is little.
    /// </summary>
    private const int CodesPerUnit = 64;

    /// <summary>Of so many voxels passed over in one go, one is decoded.</summary>
    private const int PassedPerSample = 256;

    private const int SamplesAtOnce = 64;

    private readonly NiftiHeader _header;
    private readonly VoxelBytes _voxels;
    private readonly CtScaling _stored;
    private readonly byte[] _swapped;
    private readonly HounsfieldHistogram _passed = new();
    private readonly long[] _samples = new long[SamplesAtOnce];
    private readonly int _size;
    private double? _first;
    private bool _sampling;
    private long _next;

    // voxels to be kept, the next of them, which is nowhere behind the last one, and where a stretch that is passed over has got to
    private ReadOnlyMemory<long> _kept;
    private Memory<long> _keptCodes;
    private int _nextKept;
    private long _voxelToKeep = long.MaxValue;
    private long _at;

    /// <exception cref="BadFileException">The scaling is not usable.</exception>
    public CtReader(VolumeFile file)
    {
        (_header, _voxels, _size) = (file.Header, file.Voxels, file.Header.Datatype.BytesPerVoxel());
        Nifti.Scaling.Check(_header);
        _stored = Nifti.Scaling.Of(_header);
        if (_header.Datatype.IsFloat()) _stored = new CtScaling(CodesPerUnit * _stored.Slope, CodesPerUnit * _stored.Intercept);
        _swapped = _header.BigEndian ? new byte[SwapBytes] : [];
    }

    /// <summary>From codes to Hounsfield units; 1/64 and 0 for floating-point types, which are scaled before they are rounded.</summary>
    public CtScaling Scaling => _header.Datatype.IsFloat() ? new CtScaling(1.0 / CodesPerUnit, 0) : _stored;

    /// <summary>
    /// True if the stored values that were asked for differ, also where their codes do not: values of 0 to 0.001 have one code. Only looked at in
    /// floating-point types.
    /// </summary>
    public bool Varies { get; private set; }

    /// <summary>Codes of one in some hundred voxels that were passed over: what lies around those that were asked for.</summary>
    public HounsfieldHistogram Passed => _passed;

    /// <summary>
    /// Asks for the codes of voxels wherever they lie, besides those that are read: they are kept as the reader comes by and do not count as
    /// asked for otherwise. Call before reading.
    /// </summary>
    /// <param name="voxels">Indices in the flattened volume (i fastest), ascending; some may be there twice.</param>
    /// <param name="codes">Gets as many codes, complete after <see cref="Finish"/>.</param>
    public void Keep(ReadOnlyMemory<long> voxels, Memory<long> codes)
    {
        (_kept, _keptCodes) = (voxels, codes);
        KeepFrom(0);
    }

    /// <summary>Codes of consecutive voxels in stored order.</summary>
    /// <param name="firstVoxel">Index in the flattened volume (i fastest), not before the end of the previous call.</param>
    /// <exception cref="BadFileException">The file is damaged or shorter than it says.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    [MethodImpl(Hot.Method)]
    public void Read(long firstVoxel, Span<long> codes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstVoxel, _next);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstVoxel + codes.Length, _header.Grid.Shape.VoxelCount, nameof(codes));
        long passed = firstVoxel - _next, end = firstVoxel + codes.Length;
        if (passed < PassedPerSample && end <= _voxelToKeep && _voxels.TryTake((int)passed, codes.Length, out ReadOnlySpan<byte> waiting))
        {
            Decode(waiting, codes);
            _next = end;
            return;
        }
        if (passed > 0) Pass(passed);
        _next = end;
        Take(codes);
        KeepOf(firstVoxel, codes);
    }

    [MethodImpl(Hot.Method)]
    private void Take(Span<long> codes)
    {
        while (codes.Length > 0)
        {
            if (!_voxels.Next()) throw new InvalidOperationException("The volume ended before its last voxel.");
            if (_voxels.ZeroVoxels > 0)
            {
                int zeros = (int)Math.Min(_voxels.ZeroVoxels, codes.Length);
                codes[..zeros].Fill(_header.Datatype.IsFloat() ? Code(0.0) : 0);
                if (_header.Datatype.IsFloat()) Watch([0.0]);
                _voxels.Consume(zeros);
                codes = codes[zeros..];
                continue;
            }
            int count = Math.Min(_voxels.Bytes.Length / _size, codes.Length);
            Decode(_voxels.Bytes[..(count * _size)], codes[..count]);
            _voxels.Consume(count);
            codes = codes[count..];
        }
    }

    /// <summary>Runs to the end of the file. The codes are to be trusted once this has returned: length and packing have been checked.</summary>
    /// <exception cref="BadFileException">The file is damaged, shorter or longer than it says.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public void Finish()
    {
        Pass(_header.Grid.Shape.VoxelCount - _next);
        _next = _header.Grid.Shape.VoxelCount;
        if (_voxels.Next()) throw new InvalidOperationException("Voxels remain after the last one.");
    }

    private void Pass(long voxels)
    {
        _at = _next;
        while (voxels >= PassedPerSample)
        {
            int sampled = SampleWaiting(voxels / PassedPerSample);
            if (sampled == 0)
            {
                TakeOne();
                Skip(PassedPerSample - 1);
                sampled = 1;
            }
            voxels -= (long)sampled * PassedPerSample;
        }
        Skip(voxels);
    }

    /// <summary>Samples stretches that wait in memory, as long as nothing of them is to be kept, and passes over them.</summary>
    /// <returns>How many.</returns>
    [MethodImpl(Hot.Method)]
    private int SampleWaiting(long most)
    {
        ReadOnlySpan<byte> waiting = _voxels.Bytes;
        int stretch = PassedPerSample * _size;
        int count = (int)Math.Min(Math.Min(most, SamplesAtOnce), Math.Min(waiting.Length / stretch, (_voxelToKeep - _at) / PassedPerSample));
        if (count == 0) return 0;
        Span<long> samples = _samples.AsSpan(0, count);
        _sampling = true;
        for (int at = 0; at < count; at++) Decode(waiting.Slice(at * stretch, _size), samples.Slice(at, 1));
        _sampling = false;
        _passed.Add(samples);
        _voxels.Consume((long)count * PassedPerSample);
        _at += (long)count * PassedPerSample;
        return count;
    }

    /// <summary>Skips, but for voxels that are to be kept.</summary>
    [MethodImpl(Hot.Method)]
    private void Skip(long voxels)
    {
        long end = _at + voxels;
        while (_voxelToKeep < end)
        {
            _voxels.SkipVoxels(_voxelToKeep - _at);
            _at = _voxelToKeep;
            KeepWaiting(end);
        }
        _voxels.SkipVoxels(end - _at);
        _at = end;
    }

    /// <summary>Keeps what is to be kept of the voxels that wait in memory, the first of which is; none of them is consumed.</summary>
    /// <param name="end">Only voxels before it.</param>
    private void KeepWaiting(long end)
    {
        if (!_voxels.Next()) throw new InvalidOperationException("The volume ended before its last voxel.");
        ReadOnlySpan<long> kept = _kept.Span;
        Span<long> all = _keptCodes.Span;
        bool zeros = _voxels.ZeroVoxels > 0;
        ReadOnlySpan<byte> waiting = zeros ? default : _voxels.Bytes;
        end = Math.Min(end, _at + (zeros ? _voxels.ZeroVoxels : waiting.Length / _size));
        if (!zeros && _header is { Datatype: NiftiDatatype.Int16, BigEndian: false })
        {
            // as nearly every CT is, and most voxels stand alone
            ReadOnlySpan<short> raw = MemoryMarshal.Cast<byte, short>(waiting);
            int next = _nextKept;
            for (; next < kept.Length && kept[next] < end; next++) all[next] = raw[(int)(kept[next] - _at)];
            KeepFrom(next);
            return;
        }
        _sampling = true;
        int at = _nextKept;
        while (at < kept.Length && kept[at] < end)
        {
            int first = at++;
            while (at < kept.Length && kept[at] == kept[at - 1] + 1 && kept[at] < end) at++;
            Span<long> codes = all[first..at];
            if (zeros) codes.Fill(_header.Datatype.IsFloat() ? Code(0.0) : 0);
            else Decode(waiting.Slice((int)(kept[first] - _at) * _size, codes.Length * _size), codes);
        }
        KeepFrom(at);
        _sampling = false;
    }

    /// <summary>Samples one voxel and passes over it.</summary>
    private void TakeOne()
    {
        Span<long> sample = _samples.AsSpan(0, 1);
        _sampling = true;
        Take(sample);
        _sampling = false;
        _passed.Add(sample);
        KeepOf(_at++, sample);
    }

    private void KeepOf(long firstVoxel, ReadOnlySpan<long> codes)
    {
        if (_voxelToKeep >= firstVoxel + codes.Length) return;
        ReadOnlySpan<long> kept = _kept.Span;
        Span<long> all = _keptCodes.Span;
        int next = _nextKept;
        for (; next < kept.Length && kept[next] < firstVoxel + codes.Length; next++) all[next] = codes[(int)(kept[next] - firstVoxel)];
        KeepFrom(next);
    }

    private void KeepFrom(int next)
    {
        _nextKept = next;
        _voxelToKeep = next < _kept.Length ? _kept.Span[next] : long.MaxValue;
    }

    [MethodImpl(Hot.Method)]
    private void Decode(ReadOnlySpan<byte> stored, Span<long> codes)
    {
        int size = _size;
        if (!_header.BigEndian || size == 1)
        {
            DecodeLittleEndian(stored, codes);
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
            DecodeLittleEndian(swapped, codes[..(bytes / size)]);
            stored = stored[bytes..];
            codes = codes[(bytes / size)..];
        }
    }

    [MethodImpl(Hot.Method)]
    private void DecodeLittleEndian(ReadOnlySpan<byte> stored, Span<long> codes)
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
            case NiftiDatatype.Float32: Round<float>(stored, codes); break;
            case NiftiDatatype.Float64: Round<double>(stored, codes); break;
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
    private void Round<T>(ReadOnlySpan<byte> stored, Span<long> codes) where T : unmanaged, IFloatingPoint<T>
    {
        ReadOnlySpan<T> raw = MemoryMarshal.Cast<byte, T>(stored);
        for (int at = 0; at < codes.Length; at++) codes[at] = Code(double.CreateTruncating(raw[at]));
        Watch(raw);
    }

    private void Watch<T>(ReadOnlySpan<T> raw) where T : unmanaged, IFloatingPoint<T>
    {
        if (Varies || _sampling || raw.IsEmpty) return;
        Varies = raw.ContainsAnyExcept(raw[0]) || double.CreateTruncating(raw[0]) != (_first ??= double.CreateTruncating(raw[0]));
    }

    // slope and intercept are in codes; times a power of two they round as they would in units
    private long Code(double stored)
    {
        double value = Math.Round(_stored.Slope * stored + _stored.Intercept, MidpointRounding.ToEven);
        return Math.Abs(value) <= HounsfieldHistogram.LargestCode ? (long)value : HounsfieldHistogram.NotMeasurable;
    }
}
