using System.Runtime.Versioning;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Pictures;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Pictures;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>A picture of one mask, over its CT where that is given: for somebody who wants to see it.</summary>
[SupportedOSPlatform("linux")]
public sealed record MaskPreview
{
    private const int PanelGreys = 48;

    /// <summary>The picture as a PNG file; null if the mask is bad or has nothing to show.</summary>
    public byte[]? Png { get; private init; }

    /// <summary>The same without words, to be made smaller.</summary>
    public Picture? Panels { get; private init; }

    /// <summary>What is wrong with the CT, as the run would publish it. What is wrong with the mask, <see cref="MaskInspection"/> tells.</summary>
    public IReadOnlyList<Finding> Findings { get; private init; } = [];

    /// <param name="mask">Of a regular file, links resolved.</param>
    /// <param name="ct">The same; null for labels alone.</param>
    /// <exception cref="IOException">The storage failed or a file changed meanwhile.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static MaskPreview Read(string mask, string? ct, ReadingLimits? limits = null, CancellationToken token = default)
    {
        limits ??= new ReadingLimits();
        List<Finding> findings = [];
        try
        {
            using VolumeInput input = VolumeInput.Open(PathOf(mask), limits);
            VolumeFile file = VolumeFile.Open(input.Content, limits);
            using MaskPass first = new(file, labels: null, parts: null, token);
            SpineMeasurement spine = first.Measure(new Dictionary<int, Vector3d>());
            using ScanPicture? picture = ScanPicture.Of(spine);
            if (picture is null) return new MaskPreview();
            using ByteSource again = input.ContentAgain(limits);
            using MaskPass second = new(VolumeFile.Open(again, limits), labels: null, parts: null, token);
            for (ReadOnlyMemory<LabelRun> runs = second.Next(); !runs.IsEmpty; runs = second.Next()) picture.Add(runs.Span);
            if (ct is not null) TakeCt(PathOf(ct), spine.Grid, picture, limits, Note);
            return new MaskPreview
            {
                Png = PackedPicture.Of(picture, Path.GetFileName(mask)), Panels = picture.PaintPanels(PanelGreys), Findings = findings,
            };
        }
        catch (BadFileException)
        {
            return new MaskPreview { Findings = findings };
        }

        void Note(SourcePath path, FileNote note) => findings.Add(
            Finding.Of(note.Fault, new(Path: path.Relative, Field: note.Field), note.Observed, note.Expected, note.Severity));
    }

    private static void TakeCt(SourcePath path, VoxelGrid mask, ScanPicture picture, ReadingLimits limits, Action<SourcePath, FileNote> note)
    {
        try
        {
            using VolumeInput input = VolumeInput.Open(path, limits);
            if (PairedCt.Open(input, mask, limits, note) is not PairedCt ct) return;
            ct.KeepFor(picture);
            ct.Finish();
            ct.GiveTo(picture);
        }
        catch (BadFileException bad)
        {
            note(path, FileNote.Of(bad));
        }
    }

    private static SourcePath PathOf(string path) => new(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", Path.GetFileName(path));
}
