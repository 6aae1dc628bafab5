using System.Runtime.Versioning;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>
/// The mask of sub-regions beside a vertebra mask: it must lie on the same voxels in the same order. Whatever is wrong with it voids the columns of
/// body and arch, is noted once and disturbs nothing else.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SubregionMask
{
    private const int RunsAtOnce = 4096;

    private readonly VolumeInput _input;
    private readonly ReadingLimits _limits;

    private SubregionMask(VolumeInput input, ReadingLimits limits) => (_input, _limits) = (input, limits);

    /// <summary>What the first pass counted.</summary>
    public PartVoxels Voxels { get; } = new();

    /// <summary>Opens it, proves that it lies on the mask's voxels and goes over both to their ends.</summary>
    /// <param name="maskRuns">The runs of the whole mask.</param>
    /// <param name="note">Told what is wrong with it.</param>
    /// <returns>Null, with a note, where it is not to be trusted.</returns>
    public static SubregionMask? Read(VolumeInput input, VoxelGrid mask, ReadingLimits limits,
        IEnumerable<ReadOnlyMemory<LabelRun>> maskRuns, Action<FileNote> note)
    {
        try
        {
            VolumeFile file = VolumeFile.Open(input.Content, limits);
            if (AxisMap.Between(mask, file.Grid) is not { IsIdentity: true })
                throw new BadFileException(Faults.SubGrid, "dim", $"{file.Grid.Shape} {file.Grid.Orientation}", $"{mask.Shape} {mask.Orientation}");
            SameVoxels.Prove(mask, file.Grid, (Faults.SubGrid, Faults.SubShift), note);
            SubregionMask subregions = new(input, limits);
            foreach (ReadOnlyMemory<LabelRun> pieces in Cut(file, maskRuns))
                foreach (LabelRun piece in pieces.Span) subregions.Voxels.Add(piece);
            foreach (FileNote remark in file.Notes) note(remark);
            return subregions.Voxels.IsEmpty ? throw new BadFileException(Faults.SubCodes, "voxels", "none of them in a vertebra", "41 to 50") : subregions;
        }
        catch (BadFileException bad)
        {
            note(FileNote.Of(bad));
            return null;
        }
    }

    /// <summary>Another pass: the same runs, cut into pieces that lie within one part.</summary>
    /// <param name="maskRuns">The runs of the whole mask, again.</param>
    public IEnumerable<ReadOnlyMemory<LabelRun>> Cut(IEnumerable<ReadOnlyMemory<LabelRun>> maskRuns)
    {
        using ByteSource again = _input.ContentAgain(_limits);
        foreach (ReadOnlyMemory<LabelRun> pieces in Cut(VolumeFile.Open(again, _limits), maskRuns)) yield return pieces;
    }

    private static IEnumerable<ReadOnlyMemory<LabelRun>> Cut(VolumeFile file, IEnumerable<ReadOnlyMemory<LabelRun>> maskRuns)
    {
        MaskReader reader = new(file);
        LabelRun[] read = new LabelRun[RunsAtOnce], pieces = new LabelRun[RunsAtOnce];
        PartSplitter splitter = new(() => read.AsMemory(0, reader.ReadRuns(read)));
        int count = 0;
        foreach (ReadOnlyMemory<LabelRun> runs in maskRuns)
        {
            for (int at = 0; at < runs.Length; at++)
            {
                LabelRun rest = runs.Span[at];
                while (splitter.Next(ref rest, out pieces[count]))
                {
                    if (++count < pieces.Length) continue;
                    yield return pieces;
                    count = 0;
                }
            }
        }
        if (count > 0) yield return pieces.AsMemory(0, count);
        splitter.Finish();
    }
}
