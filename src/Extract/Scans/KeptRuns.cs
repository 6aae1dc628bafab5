using System.Buffers;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>The runs of a small mask, kept from its first pass for the later ones. Of a larger one nothing is kept.</summary>
internal sealed class KeptRuns : IDisposable
{
    /// <summary>Runs up to which a mask is kept: 3 MB. Genuine masks have some 10,000 to 100,000.</summary>
    public const int MostRuns = 1 << 17;

    private const int RunsPerBatch = 4096;

    private readonly List<LabelRun[]> _batches = [];
    private int _count;
    private bool _tooMany;

    /// <summary>All runs in stored order, a batch at a time; null if they were too many. Valid until this is disposed.</summary>
    public IEnumerable<ReadOnlyMemory<LabelRun>>? Whole =>
        _tooMany ? null : _batches.Select((batch, at) => (ReadOnlyMemory<LabelRun>)batch.AsMemory(0, Math.Min(RunsPerBatch, _count - at * RunsPerBatch)));

    public void Add(ReadOnlySpan<LabelRun> runs)
    {
        if (_tooMany || runs.Length > MostRuns - _count)
        {
            _tooMany = true;
            Dispose();
            return;
        }
        while (runs.Length > 0)
        {
            int used = _count % RunsPerBatch, some = Math.Min(runs.Length, RunsPerBatch - used);
            if (used == 0) _batches.Add(ArrayPool<LabelRun>.Shared.Rent(RunsPerBatch));
            runs[..some].CopyTo(_batches[^1].AsSpan(used));
            _count += some;
            runs = runs[some..];
        }
    }

    public void Dispose()
    {
        foreach (LabelRun[] batch in _batches) ArrayPool<LabelRun>.Shared.Return(batch);
        _batches.Clear();
    }
}
