using System.Buffers;
using System.Runtime.CompilerServices;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>
/// The runs of a mask, kept from its first pass for the later ones in two or three bytes each: most are short, have the label of the one before, and
/// lie in its row or the next one. Of a mask that takes more than some megabytes nothing is kept.
/// </summary>
/// <param name="mostBytes">Up to which a mask is kept.</param>
internal sealed class KeptRuns(int mostBytes = KeptRuns.MostBytes) : IDisposable
{
    /// <summary>Enough for a million runs and more. Genuine masks have some 10,000 to 100,000.</summary>
    public const int MostBytes = 4 << 20;

    private const int RunsPerBatch = 4096;

    // a first byte, and five numbers
    private const int LongestRun = 1 + 5 * 5;

    // what the first byte says: where the run lies (in the row of the one before if neither), what follows, and its length, if that is not longer
    private const int NextRow = 1, OtherRow = 2, OtherLabel = 4, LengthShift = 3, LongLength = 31;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1 << 16);
    private int _used;
    private LabelRun _last;
    private bool _tooMany;

    /// <summary>All runs in stored order, a batch at a time, valid until the next one; null if they take too much. Call before this is disposed.</summary>
    public IEnumerable<ReadOnlyMemory<LabelRun>>? Whole => _tooMany ? null : Batches();

    /// <param name="runs">Of a mask as it is read: of no part yet.</param>
    [MethodImpl(Hot.Method)]
    public void Add(ReadOnlySpan<LabelRun> runs)
    {
        LabelRun last = _last;
        foreach (ref readonly LabelRun run in runs)
        {
            if (_used > _bytes.Length - LongestRun && !TryGrow()) return;
            int at = _used;
            bool inSlice = run.K == last.K, inRow = inSlice & run.J == last.J, inNext = inSlice & run.J == last.J + 1;
            int first = (inRow ? 0 : inNext ? NextRow : OtherRow) | (run.Label == last.Label ? 0 : OtherLabel);
            _bytes[at++] = (byte)(first | Math.Min(run.Length, LongLength) << LengthShift);
            Write(inRow ? run.I - last.I - last.Length : run.I, ref at);
            if ((first & OtherRow) != 0)
            {
                Write(run.J, ref at);
                Write(run.K, ref at);
            }
            if ((first & OtherLabel) != 0) Write(run.Label, ref at);
            if (run.Length >= LongLength) Write(run.Length, ref at);
            _used = at;
            last = run;
        }
        _last = last;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _used, _tooMany) = ([], 0, true);
    }

    private bool TryGrow()
    {
        if (_tooMany || _bytes.Length >= mostBytes)
        {
            Dispose();
            return false;
        }
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * _bytes.Length, mostBytes));
        _bytes.AsSpan(0, _used).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Write(int number, ref int at)
    {
        uint left = (uint)number;
        for (; left > 127; left >>= 7) _bytes[at++] = (byte)(left | 128);
        _bytes[at++] = (byte)left;
    }

    private IEnumerable<ReadOnlyMemory<LabelRun>> Batches()
    {
        LabelRun[] batch = ArrayPool<LabelRun>.Shared.Rent(RunsPerBatch);
        try
        {
            LabelRun last = default;
            for (int at = 0; at < _used;)
            {
                int count = Read(batch, ref last, ref at);
                yield return batch.AsMemory(0, count);
            }
        }
        finally
        {
            ArrayPool<LabelRun>.Shared.Return(batch);
        }
    }

    [MethodImpl(Hot.Method)]
    private int Read(Span<LabelRun> runs, ref LabelRun before, ref int from)
    {
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, _used);
        (int label, int j, int k, int end) = (before.Label, before.J, before.K, before.I + before.Length);
        int count = 0, at = from;
        for (; count < runs.Length && at < bytes.Length; count++)
        {
            int first = bytes[at++], i = ReadNumber(bytes, ref at);
            j += first & NextRow;
            i += (first & (NextRow | OtherRow)) == 0 ? end : 0;
            if ((first & OtherRow) != 0) (j, k) = (ReadNumber(bytes, ref at), ReadNumber(bytes, ref at));
            if ((first & OtherLabel) != 0) label = ReadNumber(bytes, ref at);
            int length = first >> LengthShift;
            if (length == LongLength) length = ReadNumber(bytes, ref at);
            runs[count] = new LabelRun(label, i, j, k, length);
            end = i + length;
        }
        (before, from) = (runs[count - 1], at);
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int ReadNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        int part = bytes[at++], number = part & 127;
        for (int shift = 7; part > 127; shift += 7)
        {
            part = bytes[at++];
            number |= (part & 127) << shift;
        }
        return number;
    }
}
