using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>
/// The labelled voxels of a mask in the stored order of a CT whose axes lie differently. The CT is read once, forward; the mask is
/// passed over once to count its voxels per CT slice and once per group of slices that fits the memory bound (one group for nearly all scans).
/// </summary>
internal sealed class ReorderedVoxels(AxisMap maskToCt, VoxelShape ct)
{
    /// <summary>Voxels held at a time: nine bytes each.</summary>
    private const int MostVoxels = 8_000_000;

    private const int VoxelsPerBatch = 4096;

    // labels end at 28; the part stands above
    private const int BitsOfLabel = 5;

    /// <summary>Consecutive CT voxels under labels; Codes is to be filled, Runs[t] (one voxel of the mask) belongs to Codes[t].</summary>
    internal readonly record struct Batch(long FirstVoxel, LabelRun[] Runs, long[] Codes);

    public IEnumerable<Batch> Batches(Func<IEnumerable<LabelRun>> maskRuns)
    {
        long[] perSlice = CountPerSlice(maskRuns());
        for (int first = 0; first < ct.K;)
        {
            int next = first;
            long voxels = 0;
            while (next < ct.K && (next == first || voxels + perSlice[next] <= MostVoxels)) voxels += perSlice[next++];
            if (voxels > MostVoxels)
                throw new BadFileException(Faults.PairShape, "orientation",
                    Invariant($"{voxels} labelled voxels in one CT slice of another axis order"), $"at most {MostVoxels}");
            if (voxels > 0)
                foreach (Batch batch in Sorted(maskRuns(), first, next, (int)voxels)) yield return batch;
            first = next;
        }
    }

    private long[] CountPerSlice(IEnumerable<LabelRun> runs)
    {
        long[] count = new long[ct.K];
        foreach (LabelRun run in runs)
            for (int t = 0; t < run.Length; t++) count[maskToCt.Apply(run.I + t, run.J, run.K).K]++;
        return count;
    }

    private IEnumerable<Batch> Sorted(IEnumerable<LabelRun> runs, int firstSlice, int nextSlice, int voxels)
    {
        long[] index = new long[voxels];
        byte[] label = new byte[voxels];
        int filled = 0;
        foreach (LabelRun run in runs)
            for (int t = 0; t < run.Length; t++)
            {
                (int i, int j, int k) = maskToCt.Apply(run.I + t, run.J, run.K);
                if (k < firstSlice || k >= nextSlice) continue;
                index[filled] = ct.LinearIndex(i, j, k);
                label[filled++] = VertebraLabel.IsKnown(run.Label) ? (byte)(run.Label | ((int)run.Part << BitsOfLabel)) : (byte)0;
            }
        Array.Sort(index, label, 0, filled);
        for (int start = 0; start < filled;)
        {
            int end = start + 1;
            while (end < filled && end - start < VoxelsPerBatch && index[end] == index[end - 1] + 1) end++;
            LabelRun[] mask = new LabelRun[end - start];
            for (int at = start; at < end; at++) mask[at - start] = MaskVoxel(index[at], label[at]);
            yield return new Batch(index[start], mask, new long[end - start]);
            start = end;
        }
    }

    private LabelRun MaskVoxel(long linear, byte label)
    {
        (int i, int j, int k) = maskToCt.Invert((int)(linear % ct.I), (int)(linear / ct.I % ct.J), (int)(linear / ct.I / ct.J));
        return new LabelRun(label & ((1 << BitsOfLabel) - 1), i, j, k, 1) { Part = (VertebraPart)(label >> BitsOfLabel) };
    }
}
