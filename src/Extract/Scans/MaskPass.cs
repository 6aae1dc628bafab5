using System.Buffers;
using System.Runtime.Versioning;
using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>One pass over a mask, a batch of runs at a time.</summary>
/// <param name="labels">What the labels mean; null for VerSe's.</param>
/// <param name="parts">The mask's files where it has one for each vertebra, disposed with this; null for a mask in one file.</param>
[SupportedOSPlatform("linux")]
internal sealed class MaskPass(VolumeFile mask, LabelMap? labels, PartedMask? parts, CancellationToken token) : IDisposable
{
    private const int RunsAtOnce = 4096;

    private readonly MaskReader? _reader = parts is null ? new(mask) : null;
    private readonly LabelRun[] _runs = ArrayPool<LabelRun>.Shared.Rent(RunsAtOnce);
    private readonly SortedDictionary<int, long> _leftOut = [];

    /// <summary>The next runs in stored order, valid until the next call; none only at the end, when the whole file has been checked.</summary>
    /// <exception cref="BadFileException">A voxel is no label, or the file is damaged.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ReadOnlyMemory<LabelRun> Next()
    {
        while (true)
        {
            token.ThrowIfCancellationRequested();
            int count = parts?.ReadRuns(_runs) ?? _reader!.ReadRuns(_runs);
            if (labels is null || count == 0) return _runs.AsMemory(0, count);
            if (Translate(labels, count) is > 0 and int kept) return _runs.AsMemory(0, kept);
        }
    }

    public void Dispose()
    {
        ArrayPool<LabelRun>.Shared.Return(_runs);
        parts?.Dispose();
    }

    private int Translate(LabelMap map, int count)
    {
        int kept = 0;
        foreach (LabelRun run in _runs.AsSpan(0, count))
        {
            if (map[run.Label] is int label) _runs[kept++] = run with { Label = label };
            else _leftOut[run.Label] = _leftOut.GetValueOrDefault(run.Label) + run.Length;
        }
        return kept;
    }

    /// <summary>Labels that mean nothing here; null where there are none.</summary>
    public FileNote? LeftOut => _leftOut.Count == 0 ? null
        : new FileNote(Faults.MskLabelLeftOut, "label", Invariant($"{_leftOut.Count}: {string.Join(", ", _leftOut.Keys.Take(12))}"), labels!.Text);

    /// <summary>The first pass: measures the whole mask.</summary>
    /// <param name="annotatedIndex">Annotated point by label, as voxel index of the mask; empty without a centroid file.</param>
    /// <param name="digest">Given the same runs; null where it is not needed.</param>
    /// <param name="kept">Given the same runs; null where no other pass follows.</param>
    /// <exception cref="BadFileException">The mask is damaged, noise or no label map; nothing of it is to be trusted.</exception>
    /// <inheritdoc cref="Next"/>
    public SpineMeasurement Measure(IReadOnlyDictionary<int, Vector3d> annotatedIndex, ContentDigest? digest = null, KeptRuns? kept = null)
    {
        SpineMeasurement measurement = new(mask.Grid, annotatedIndex);
        for (ReadOnlyMemory<LabelRun> runs = Next(); !runs.IsEmpty; runs = Next())
        {
            if (!measurement.Add(runs.Span))
                throw new BadFileException(Faults.MskNoise,
                    observed: Invariant($"more than {SpineMeasurement.MostRunsPerSlice} runs in slice k = {runs.Span[0].K}"));
            digest?.Add(runs.Span);
            kept?.Add(runs.Span);
        }
        measurement.Finish();
        if (measurement.WhyNoLabelMap is string why) throw new BadFileException(Faults.MskNotLabels, "label", why, "labels 1 to 28 and few others");
        return measurement;
    }

    /// <summary>What is to be said about labels that get no row; null where there are none.</summary>
    public static FileNote? UnknownLabels(IReadOnlyDictionary<int, long> voxels) => voxels.Count == 0 ? null
        : new FileNote(Faults.MskLabelUnknown, "label",
            string.Join(", ", voxels.Select(pair => Invariant($"{Text(pair.Key)} ({pair.Value} voxels)"))), "1 to 28");

    private static string Text(int label) => label switch
    {
        int.MaxValue => Invariant($"{int.MaxValue} or more"),
        int.MinValue => Invariant($"{int.MinValue} or less"),
        _ => Invariant($"{label}"),
    };
}
