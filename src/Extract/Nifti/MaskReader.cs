using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// Reads a label map as runs. Voxels are compared as stored (a run is a stretch of equal bit patterns) and converted once a run,
/// so background costs next to nothing, whatever the type, byte order or scaling.
/// </summary>
public sealed class MaskReader
{
    private const double WholeTolerance = 1e-3;

    private readonly NiftiHeader _header;
    private readonly VoxelBytes _voxels;
    private readonly bool _zeroIsBackground;
    private ulong? _lastRaw;
    private int _lastLabel;

    // voxel is the next one to be looked at; it lies in row (_j, _k), which begins at _rowStart, once Locate has been called
    private long _voxel;
    private long _rowStart;
    private int _j;
    private int _k;
    private LabelRun _open;
    private long _openEnd = -1;
    private bool _done;

    /// <exception cref="BadFileException">The scaling is not usable.</exception>
    public MaskReader(VolumeFile file)
    {
        (_header, _voxels) = (file.Header, file.Voxels);
        Scaling.Check(_header);
        if (_header.IsScaled)
            file.Note(new FileNote(Faults.MskScaled, "scl_slope, scl_inter", $"{HeaderChecks.Text(_header.Slope)}, {HeaderChecks.Text(_header.Intercept)}", "1, 0"));
        _zeroIsBackground = !_header.IsScaled || Math.Abs(_header.Intercept) <= WholeTolerance;
    }

    /// <summary>
    /// The next runs of non-zero labels in stored order, as long as they can be but never across a row's end. Unknown labels are among
    /// them: the digest of a mask's content needs them.
    /// </summary>
    /// <returns>How many; 0 only at the end, after the length of the file and its packing have been checked. Until then none is to be trusted.</returns>
    /// <exception cref="BadFileException">A voxel is no label, or the file is damaged.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public int ReadRuns(Span<LabelRun> runs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(runs.Length, nameof(runs));
        int count = 0;
        while (count < runs.Length && !_done)
        {
            if (!_voxels.Next())
            {
                Finish(runs, ref count);
                break;
            }
            if (_voxels.ZeroVoxels > 0) _voxels.Consume(ScanZeros(_voxels.ZeroVoxels, runs, ref count));
            else _voxels.Consume(Scan(_voxels.Bytes, runs, ref count));
        }
        return count;
    }

    private void Finish(Span<LabelRun> runs, ref int count)
    {
        _done = true;
        if (_openEnd >= 0) runs[count++] = _open;
    }

    private int Scan(ReadOnlySpan<byte> bytes, Span<LabelRun> runs, ref int count) => _header.Datatype.BytesPerVoxel() switch
    {
        1 => Scan<byte>(bytes, runs, ref count),
        2 => Scan(MemoryMarshal.Cast<byte, ushort>(bytes), runs, ref count),
        4 => Scan(MemoryMarshal.Cast<byte, uint>(bytes), runs, ref count),
        _ => Scan(MemoryMarshal.Cast<byte, ulong>(bytes), runs, ref count),
    };

    /// <summary>Turns raw voxels into runs until they or the room for runs are used up; gives how many voxels were used.</summary>
    private int Scan<T>(ReadOnlySpan<T> raw, Span<LabelRun> runs, ref int count) where T : unmanaged, IBinaryInteger<T>
    {
        int at = 0;
        while (at < raw.Length)
        {
            T value = raw[at];
            if (_zeroIsBackground && value == T.Zero)
            {
                int background = raw[at..].IndexOfAnyExcept(T.Zero);
                if (background < 0) background = raw.Length - at;
                at += background;
                _voxel += background;
                continue;
            }
            Locate();
            int limit = (int)Math.Min(raw.Length - at, _rowStart + _header.Grid.Shape.I - _voxel);
            int length = raw.Slice(at, limit).IndexOfAnyExcept(value);
            if (length < 0) length = limit;
            if (!Add(ulong.CreateTruncating(value), length, runs, ref count)) break;
            at += length;
        }
        return at;
    }

    /// <summary>The same for voxels that are all zero.</summary>
    private long ScanZeros(long voxels, Span<LabelRun> runs, ref int count)
    {
        if (_zeroIsBackground)
        {
            _voxel += voxels;
            return voxels;
        }
        long at = 0;
        while (at < voxels)
        {
            Locate();
            int length = (int)Math.Min(voxels - at, _rowStart + _header.Grid.Shape.I - _voxel);
            if (!Add(0, length, runs, ref count)) break;
            at += length;
        }
        return at;
    }

    /// <summary>Takes the next voxels of one row, all of one raw value. False, with nothing taken, if there is no room for the run they end.</summary>
    private bool Add(ulong raw, int length, Span<LabelRun> runs, ref int count)
    {
        int label = Label(raw);
        if (label != 0)
        {
            bool continues = _openEnd == _voxel && _open.Label == label && _voxel > _rowStart;
            if (continues)
            {
                _open = _open with { Length = _open.Length + length };
            }
            else
            {
                if (_openEnd >= 0)
                {
                    if (count == runs.Length) return false;
                    runs[count++] = _open;
                }
                _open = new LabelRun(label, (int)(_voxel - _rowStart), _j, _k, length);
            }
            _openEnd = _voxel + length;
        }
        _voxel += length;
        return true;
    }

    /// <summary>Finds the row of the current voxel. Mostly it is the same or the next one, so divisions are kept for the jumps.</summary>
    private void Locate()
    {
        int row = _header.Grid.Shape.I, rows = _header.Grid.Shape.J;
        long ahead = _voxel - _rowStart;
        if (ahead < row) return;
        if (ahead < 2L * row)
        {
            _rowStart += row;
            if (++_j < rows) return;
            _j = 0;
            _k++;
            return;
        }
        long index = _voxel / row;
        _rowStart = index * row;
        (long k, long j) = Math.DivRem(index, rows);
        (_j, _k) = ((int)j, (int)k);
    }

    private int Label(ulong raw)
    {
        if (raw == _lastRaw) return _lastLabel;
        int label = Convert(raw);
        (_lastRaw, _lastLabel) = (raw, label);
        return label;
    }

    /// <summary>The label that a stored bit pattern stands for, judged before it is narrowed.</summary>
    private int Convert(ulong raw)
    {
        int size = _header.Datatype.BytesPerVoxel();
        if (_header.BigEndian) raw = BinaryPrimitives.ReverseEndianness(raw) >> (64 - 8 * size);
        if (!_header.IsScaled && !_header.Datatype.IsFloat())
        {
            Int128 whole = _header.Datatype switch
            {
                NiftiDatatype.Int8 => (sbyte)raw,
                NiftiDatatype.Int16 => (short)raw,
                NiftiDatatype.Int32 => (int)raw,
                NiftiDatatype.Int64 => (long)raw,
                _ => raw,
            };
            return whole >= int.MinValue && whole <= int.MaxValue ? (int)whole : throw Unknown(whole.ToString(CultureInfo.InvariantCulture));
        }
        double value = _header.Datatype switch
        {
            NiftiDatatype.Int8 => (sbyte)raw,
            NiftiDatatype.Int16 => (short)raw,
            NiftiDatatype.Int32 => (int)raw,
            NiftiDatatype.Int64 => (long)raw,
            NiftiDatatype.Float32 => BitConverter.UInt32BitsToSingle((uint)raw),
            NiftiDatatype.Float64 => BitConverter.UInt64BitsToDouble(raw),
            _ => raw,
        };
        if (_header.IsScaled) value = _header.Slope * value + _header.Intercept;
        double nearest = Math.Round(value);
        if (!(Math.Abs(value - nearest) <= WholeTolerance)) throw new BadFileException(Faults.MskNonintegral, "voxels", $"{HeaderChecks.Text(value)}{Where()}", "whole numbers");
        return nearest is >= int.MinValue and <= int.MaxValue ? (int)nearest : throw Unknown(HeaderChecks.Text(value));
    }

    private BadFileException Unknown(string value) => new(Faults.MskLabelUnknown, "voxels", $"{value}{Where()}", "0 to 28");

    private string Where() => $" at voxel ({HeaderChecks.Text(_voxel - _rowStart)}, {HeaderChecks.Text(_j)}, {HeaderChecks.Text(_k)})";
}
