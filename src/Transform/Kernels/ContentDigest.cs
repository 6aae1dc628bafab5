using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// SHA-256 of what a mask says, whatever its encoding: little-endian shape as three int64, then for each maximal run of one non-zero
/// label in stored order (flattened, so a run may cross rows) its start int64, length int64 and label int32.
/// </summary>
public sealed class ContentDigest : IDisposable
{
    private const int RunBytes = 20;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[RunBytes * 1024];
    private readonly VoxelShape _shape;
    private int _filled;
    private long _start, _length;
    private int _label;

    public ContentDigest(VoxelShape shape)
    {
        _shape = shape;
        for (int axis = 0; axis < 3; axis++) BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(8 * axis), shape[axis]);
        _filled = 24;
    }

    /// <summary>Adds runs in stored order, as they are cut at the ends of rows or elsewhere.</summary>
    public void Add(ReadOnlySpan<LabelRun> runs)
    {
        foreach (ref readonly LabelRun run in runs) Add(run);
    }

    /// <summary>Lower-case hex, or null if the mask holds no label at all.</summary>
    public string? Finish()
    {
        if (_label == 0) return null;
        Emit();
        _hash.AppendData(_buffer, 0, _filled);
        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    public void Dispose() => _hash.Dispose();

    [MethodImpl(Hot.Method)]
    private void Add(in LabelRun run)
    {
        long start = _shape.LinearIndex(run.I, run.J, run.K);
        if (run.Label == _label && start == _start + _length)
        {
            _length += run.Length;
            return;
        }
        Emit();
        (_start, _length, _label) = (start, run.Length, run.Label);
    }

    [MethodImpl(Hot.Method)]
    private void Emit()
    {
        if (_label == 0) return;
        if (_filled + RunBytes > _buffer.Length)
        {
            _hash.AppendData(_buffer, 0, _filled);
            _filled = 0;
        }
        Span<byte> at = _buffer.AsSpan(_filled, RunBytes);
        BinaryPrimitives.WriteInt64LittleEndian(at, _start);
        BinaryPrimitives.WriteInt64LittleEndian(at[8..], _length);
        BinaryPrimitives.WriteInt32LittleEndian(at[16..], _label);
        _filled += RunBytes;
    }
}
