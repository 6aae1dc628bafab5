using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>One pass over a mask, a batch of runs at a time.</summary>
internal sealed class MaskPass(VolumeFile mask, CancellationToken token)
{
    private const int RunsAtOnce = 4096;

    private readonly MaskReader _reader = new(mask);
    private readonly LabelRun[] _runs = new LabelRun[RunsAtOnce];

    /// <summary>The next runs in stored order, valid until the next call; none only at the end, when the whole file has been checked.</summary>
    /// <exception cref="BadFileException">A voxel is no label, or the file is damaged.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ReadOnlyMemory<LabelRun> Next()
    {
        token.ThrowIfCancellationRequested();
        return _runs.AsMemory(0, _reader.ReadRuns(_runs));
    }

    /// <summary>The first pass: measures the whole mask.</summary>
    /// <param name="annotatedIndex">Annotated point by label, as voxel index of the mask; empty without a centroid file.</param>
    /// <param name="digest">Given the same runs; null where it is not needed.</param>
    /// <exception cref="BadFileException">The mask is damaged, noise or no label map; nothing of it is to be trusted.</exception>
    /// <inheritdoc cref="Next"/>
    public SpineMeasurement Measure(IReadOnlyDictionary<int, Vector3d> annotatedIndex, ContentDigest? digest = null)
    {
        SpineMeasurement measurement = new(mask.Grid, annotatedIndex);
        for (ReadOnlyMemory<LabelRun> runs = Next(); !runs.IsEmpty; runs = Next())
        {
            if (!measurement.Add(runs.Span))
                throw new BadFileException(Faults.MskNoise,
                    observed: Invariant($"more than {SpineMeasurement.MostRunsPerSlice} runs in slice k = {runs.Span[0].K}"));
            digest?.Add(runs.Span);
        }
        measurement.Finish();
        if (measurement.WhyNoLabelMap is string why) throw new BadFileException(Faults.MskNotLabels, "label", why, "labels 1 to 28 and few others");
        return measurement;
    }

    /// <summary>What is to be said about labels that get no row; null where there are none.</summary>
    public static FileNote? UnknownLabels(IReadOnlyDictionary<int, long> voxels) => voxels.Count == 0 ? null
        : new FileNote(Faults.MskLabelUnknown, "label",
            string.Join(", ", voxels.Select(pair => Invariant($"{pair.Key} ({pair.Value} voxels)"))), "1 to 28");
}
