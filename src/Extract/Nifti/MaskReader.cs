using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// Reads a label map as runs. Voxels are compared as stored, each with the one before it, and converted only where they differ, so
/// background and the inside of a vertebra cost next to nothing, whatever the type, byte order or scaling.
/// </summary>
public sealed class MaskReader
{
    private const double WholeTolerance = 1e-3;

    // a label stored with a slope comes back within half a slope (and what float32 makes of that), unless the next label is as near
    private const double LargestSlope = 0.5, SlopeTolerance = 0.5001;

    private readonly VolumeFile _file;
    private readonly NiftiHeader _header;
    private readonly VoxelBytes _voxels;
    private readonly bool _zeroIsBackground;
    private readonly double _tolerance = WholeTolerance;

    // stored patterns below this are labels as they stand, without a conversion
    private readonly ulong _plainBelow;
    private readonly ushort[] _borders = new ushort[Borders.Room];
    private ulong? _lastRaw;
    private int _lastLabel;
    private bool _notedNaN, _notedBeyond;

    // the next voxel to be looked at, and the stretch of one label that reaches up to it
    private long _voxel;
    private long _stretchStart;
    private ulong _stretchRaw;
    private int _stretchLabel;

    // where a run was last cut
    private RowCursor _cursor;

    /// <exception cref="BadFileException">The scaling is not usable.</exception>
    public MaskReader(VolumeFile file)
    {
        (_file, _header, _voxels) = (file, file.Header, file.Voxels);
        _cursor = new RowCursor(_header.Grid.Shape);
        Scaling.Check(_header);
        if (_header.IsScaled)
            file.Note(new FileNote(Faults.MskScaled, "scl_slope, scl_inter",
                $"{HeaderChecks.Text(_header.Slope)}, {HeaderChecks.Text(_header.Intercept)}", "1, 0"));
        if (_header.IsScaled && Math.Abs(_header.Slope) < LargestSlope) _tolerance = Math.Max(WholeTolerance, SlopeTolerance * Math.Abs(_header.Slope));
        _zeroIsBackground = !_header.IsScaled || Math.Abs(_header.Intercept) <= _tolerance;
        bool plain = !_header.IsScaled && !_header.Datatype.IsFloat() && (!_header.BigEndian || _header.Datatype.BytesPerVoxel() == 1);
        _plainBelow = plain ? (ulong)sbyte.MaxValue : _zeroIsBackground ? 1ul : 0;
    }

    /// <summary>
    /// The next runs of non-zero labels in stored order, as long as they can be but never across a row's end. Unknown labels are among
    /// them: the digest of a mask's content needs them. Not a number is 0, and what 32 bits cannot hold, infinities too, their last value.
    /// </summary>
    /// <returns>How many; 0 only at the end, after the length of the file and its packing have been checked. Until then none is to be trusted.</returns>
    /// <exception cref="BadFileException">A voxel is no label, or the file is damaged.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    [MethodImpl(Hot.Method)]
    public int ReadRuns(Span<LabelRun> runs)
    {
        ArgumentOutOfRangeException.ThrowIfZero(runs.Length, nameof(runs));
        int count = 0;
        while (count < runs.Length)
        {
            if (!_voxels.Next())
            {
                CutRuns(_voxel, runs, ref count);
                break;
            }
            if (_voxels.ZeroVoxels is > 0 and long zeros)
            {
                if (!Begin(0, runs, ref count)) break;
                _voxel += zeros;
                _voxels.Consume(zeros);
            }
            else
            {
                int used = Scan(_voxels.Bytes, runs, ref count);
                _voxels.Consume(used);
            }
        }
        return count;
    }

    private int Scan(ReadOnlySpan<byte> bytes, Span<LabelRun> runs, ref int count) => _header.Datatype.BytesPerVoxel() switch
    {
        1 => Scan<byte>(bytes, runs, ref count),
        2 => Scan(MemoryMarshal.Cast<byte, ushort>(bytes), runs, ref count),
        4 => Scan(MemoryMarshal.Cast<byte, uint>(bytes), runs, ref count),
        _ => Scan(MemoryMarshal.Cast<byte, ulong>(bytes), runs, ref count),
    };

    /// <summary>Cuts runs where voxels differ from the one before, until the voxels or the room for runs are used up.</summary>
    /// <returns>How many voxels were used.</returns>
    [MethodImpl(Hot.Method)]
    private int Scan<T>(ReadOnlySpan<T> raw, Span<LabelRun> runs, ref int count) where T : unmanaged, IBinaryInteger<T>
    {
        long first = _voxel;
        bool begins = first == 0 || raw[0] != T.CreateTruncating(_stretchRaw);
        if (begins && !Begin(ulong.CreateTruncating(raw[0]), runs, ref count)) return 0;
        for (int block = 0; block < raw.Length - 1; block += Borders.MostVoxels)
        {
            ReadOnlySpan<T> voxels = raw.Slice(block, Math.Min(raw.Length - block, Borders.MostVoxels + 1));
            ReadOnlySpan<ushort> borders = _borders.AsSpan(0, Borders.Find(voxels, _borders));
            for (int at = 0; at < borders.Length; at++)
            {
                at += CutWithinRows(voxels, borders[at..], first + block, runs, ref count);
                if (at == borders.Length) break;
                _voxel = first + block + borders[at];
                if (!Begin(ulong.CreateTruncating(voxels[borders[at]]), runs, ref count)) return block + borders[at];
            }
        }
        _voxel = first + raw.Length;
        return raw.Length;
    }

    /// <summary>
    /// The same as <see cref="Begin"/> at one border after another, with everything at hand, as long as labels need no conversion and no
    /// run crosses a row's end: nearly always.
    /// </summary>
    /// <returns>How many borders were dealt with.</returns>
    [MethodImpl(Hot.Method)]
    private int CutWithinRows<T>(ReadOnlySpan<T> voxels, ReadOnlySpan<ushort> borders, long first, Span<LabelRun> runs, ref int count)
        where T : unmanaged, IBinaryInteger<T>
    {
        long start = _stretchStart;
        int label = _stretchLabel, cut = count, done = 0;
        (ulong plainBelow, ulong? lastRaw, int lastLabel) = (_plainBelow, _lastRaw, _lastLabel);
        RowCursor row = _cursor;
        for (; done < borders.Length; done++)
        {
            ulong raw = ulong.CreateTruncating(voxels[borders[done]]);
            int next = raw < plainBelow ? (int)raw : raw == lastRaw ? lastLabel : -1;
            if (next < 0) break;
            long border = first + borders[done];
            if (label != 0 && label != next)
            {
                row.MoveTo(start);
                if (border > row.End || cut == runs.Length) break;
                runs[cut++] = new LabelRun(label, (int)(start - row.Start), row.J, row.K, (int)(border - start));
            }
            if (label != next) (start, label) = (border, next);
        }
        if (done > 0) _stretchRaw = ulong.CreateTruncating(voxels[borders[done - 1]]);
        (_stretchStart, _stretchLabel, _cursor, count) = (start, label, row, cut);
        return done;
    }

    /// <summary>
    /// From the current voxel on they are stored like this. Another pattern of the same label does not end a stretch.
    /// False if there is no room for the runs that end here; the voxel is then to be seen again.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Begin(ulong raw, Span<LabelRun> runs, ref int count)
    {
        int label = raw < _plainBelow ? (int)raw : Label(raw);
        if (label != _stretchLabel)
        {
            if (_stretchLabel != 0 && !CutRuns(_voxel, runs, ref count)) return false;
            (_stretchStart, _stretchLabel) = (_voxel, label);
        }
        _stretchRaw = raw;
        return true;
    }

    /// <summary>Cuts the stretch, which reaches up to a voxel, at the ends of rows. False if not all of it found room.</summary>
    [MethodImpl(Hot.Method)]
    private bool CutRuns(long end, Span<LabelRun> runs, ref int count)
    {
        if (_stretchLabel == 0) return true;
        while (_stretchStart < end)
        {
            if (count == runs.Length) return false;
            _cursor.MoveTo(_stretchStart);
            int length = (int)(Math.Min(end, _cursor.End) - _stretchStart);
            runs[count++] = new LabelRun(_stretchLabel, (int)(_stretchStart - _cursor.Start), _cursor.J, _cursor.K, length);
            _stretchStart += length;
        }
        return true;
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
            return whole >= int.MinValue && whole <= int.MaxValue ? (int)whole : Beyond(whole > 0, whole.ToString(CultureInfo.InvariantCulture));
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
        if (double.IsNaN(value)) return NotANumber();
        double nearest = Math.Round(value);
        if (Math.Abs(value - nearest) > _tolerance) throw Fraction(value);
        return nearest is >= int.MinValue and <= int.MaxValue ? (int)nearest : Beyond(nearest > 0, HeaderChecks.Text(value));
    }

    private int NotANumber()
    {
        if (!_notedNaN) _file.Note(new FileNote(Faults.MskNan, "voxels", $"the first{Where()}", "0"));
        _notedNaN = true;
        return 0;
    }

    private int Beyond(bool positive, string value)
    {
        if (!_notedBeyond) _file.Note(new FileNote(Faults.MskLabelUnknown, "voxels", $"{value}{Where()}", "0 to 28"));
        _notedBeyond = true;
        return positive ? int.MaxValue : int.MinValue;
    }

    private BadFileException Fraction(double value) => _header.IsScaled
        ? new BadFileException(Faults.MskNonintegral, "scl_slope",
            $"{HeaderChecks.Text(value)}{Where()} through scl_slope {HeaderChecks.Text(_header.Slope)}: this looks like {Likeness(value)}",
            "whole numbers, or a slope below 0.5 and labels within half of it")
        : new BadFileException(Faults.MskNonintegral, "voxels",
            $"{HeaderChecks.Text(value)}{Where()}: this looks like {Likeness(value)}", "whole numbers");

    private static string Likeness(double value) => value switch
    {
        < 0 => "a CT",
        < 1 => "probabilities",
        <= VertebraLabel.Highest => "labels that were interpolated, or a grey image",
        _ => "a grey image",
    };

    private string Where()
    {
        RowCursor at = _cursor;
        at.MoveTo(_voxel);
        return $" at voxel ({HeaderChecks.Text(_voxel - at.Start)}, {HeaderChecks.Text(at.J)}, {HeaderChecks.Text(at.K)})";
    }
}
