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
    /// <summary>Of so many voxels passed over in one go, one is decoded.</summary>
    private const int PassedPerSample = 256;

    private const int SamplesAtOnce = 64;

    private readonly NiftiHeader _header;
    private readonly VoxelBytes _voxels;
    private readonly CtCodes _codes;
    private readonly HounsfieldHistogram _passed = new();
    private readonly long[] _samples = new long[SamplesAtOnce];
    private readonly int _size;
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
        _codes = new CtCodes(_header);
    }

    /// <summary>From codes to Hounsfield units; 1/64 and 0 for floating-point types, which are scaled before they are rounded.</summary>
    public CtScaling Scaling => _codes.Scaling;

    /// <summary>
    /// True if the stored values that were asked for differ, also where their codes do not: values of 0 to 0.001 have one code. Only looked at in
    /// floating-point types.
    /// </summary>
    public bool Varies => _codes.Varies;

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
            _codes.Decode(waiting, codes, sampled: false);
            _next = end;
            return;
        }
        if (passed > 0) Pass(passed);
        _next = end;
        Take(codes, sampled: false);
        KeepOf(firstVoxel, codes);
    }

    [MethodImpl(Hot.Method)]
    private void Take(Span<long> codes, bool sampled)
    {
        while (codes.Length > 0)
        {
            if (!_voxels.Next()) throw new InvalidOperationException("The volume ended before its last voxel.");
            if (_voxels.ZeroVoxels > 0)
            {
                int zeros = (int)Math.Min(_voxels.ZeroVoxels, codes.Length);
                _codes.Zeros(codes[..zeros], sampled);
                _voxels.Consume(zeros);
                codes = codes[zeros..];
                continue;
            }
            int count = Math.Min(_voxels.Bytes.Length / _size, codes.Length);
            _codes.Decode(_voxels.Bytes[..(count * _size)], codes[..count], sampled);
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
        for (int at = 0; at < count; at++) _codes.Decode(waiting.Slice(at * stretch, _size), samples.Slice(at, 1), sampled: true);
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
        int at = _nextKept;
        while (at < kept.Length && kept[at] < end)
        {
            int first = at++;
            while (at < kept.Length && kept[at] == kept[at - 1] + 1 && kept[at] < end) at++;
            Span<long> codes = all[first..at];
            if (zeros) _codes.Zeros(codes, sampled: true);
            else _codes.Decode(waiting.Slice((int)(kept[first] - _at) * _size, codes.Length * _size), codes, sampled: true);
        }
        KeepFrom(at);
    }

    /// <summary>Samples one voxel and passes over it.</summary>
    private void TakeOne()
    {
        Span<long> sample = _samples.AsSpan(0, 1);
        Take(sample, sampled: true);
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
}
