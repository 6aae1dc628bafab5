using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Whole-file reads, as the naive reader would have them.</summary>
internal static class Volumes
{
    public static NiftiVolumeSpec Small { get; } = new() { Shape = new VoxelShape(7, 4, 3), Sform = PhantomFile.Diagonal(1, 1, 1) };

    public static PhantomFile SmallMask { get; } = PhantomFile.Mask(Small, (new VoxelBox(1, 1, 1, 5, 3, 3), 20), (new VoxelBox(0, 0, 0, 1, 1, 1), 3));

    public static (List<LabelRun> Runs, VolumeFile File) Mask(ByteSource source, int room = 100)
    {
        VolumeFile file = VolumeFile.Open(source, new ReadingLimits());
        MaskReader reader = new(file);
        List<LabelRun> all = [];
        LabelRun[] runs = new LabelRun[room];
        for (int count = reader.ReadRuns(runs); count > 0; count = reader.ReadRuns(runs)) all.AddRange(runs.AsSpan(0, count));
        return (all, file);
    }

    public static (long[] Codes, CtReader Reader) Ct(ByteSource source)
    {
        VolumeFile file = VolumeFile.Open(source, new ReadingLimits());
        CtReader reader = new(file);
        long[] codes = new long[file.Grid.Shape.VoxelCount];
        reader.Read(0, codes);
        reader.Finish();
        return (codes, reader);
    }

    /// <summary>Runs found one voxel at a time.</summary>
    public static List<LabelRun> NaiveRuns(VoxelShape shape, IReadOnlyList<int> labels)
    {
        List<LabelRun> runs = [];
        int at = 0;
        for (int k = 0; k < shape.K; k++)
            for (int j = 0; j < shape.J; j++)
                for (int i = 0; i < shape.I; i++, at++)
                    if (labels[at] != 0)
                    {
                        if (i > 0 && labels[at - 1] == labels[at]) runs[^1] = runs[^1] with { Length = runs[^1].Length + 1 };
                        else runs.Add(new LabelRun(labels[at], i, j, k, 1));
                    }
        return runs;
    }

    public static string[] Codes(this IEnumerable<FileNote> notes) => [.. notes.Select(note => $"{note.Fault.Code} {note.Severity ?? note.Fault.Severity}")];

    public static string[] Problems(this IEnumerable<FileNote> notes) =>
        [.. notes.Where(note => (note.Severity ?? note.Fault.Severity) != Severity.Info).Select(note => note.Fault.Code)];
}
