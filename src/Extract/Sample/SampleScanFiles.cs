using System.IO.Compression;
using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Sample;

/// <summary>Writes the files of one phantom scan under the root of a dataset.</summary>
internal sealed class SampleScanFiles(string root, SampleScan scan)
{
    private readonly string _raw = Path.Join(root, scan.Folder.Path, "rawdata", scan.Subject);
    private readonly string _derived = Path.Join(root, scan.Folder.Path, "derivatives", scan.Subject);
    private readonly Spine _spine = Drawn(scan);

    /// <summary>Voxels to draw: what the work is proportional to.</summary>
    public long Work => Grid(scan).Shape.VoxelCount;

    /// <exception cref="OperationCanceledException">Between two planes; files may be incomplete then.</exception>
    public SampleTruth Write(CancellationToken token)
    {
        int[] labels = [.. Shown().Select(v => v.Label)];
        PhantomVolume volume = PhantomVolume.Draw(Grid(scan), _spine, new HashSet<int>(scan.Fault == SampleFault.EmptyMask ? [] : labels));
        if (scan.Island) volume.AddIsland(scan.To);
        labels = [.. labels.Where(label => volume.Count(label) > 0)];
        Directory.CreateDirectory(_raw);
        Directory.CreateDirectory(_derived);
        if (scan.Fault != SampleFault.MissingMask) WriteMask(volume, token);
        if (!scan.NoCt) WriteCt(volume, token);
        IReadOnlyList<AnnotatedPoint> points = scan.Centroids == CentroidForm.Missing ? [] : CentroidText.Points(volume, _spine, labels);
        if (points.Count > 0) points = WriteCentroids(points, volume.Grid);
        File.WriteAllBytes(Path.Join(_derived, $"{(scan.PreviewWithoutPrefix ? scan.Name[4..] : scan.Name)}_seg-vert_snp.png"), Preview.Png(volume));
        if (scan.Scanner is not null) WriteSidecar(scan.Scanner);
        if (scan.Litter) File.WriteAllBytes(Path.Join(_raw, $"._{scan.Name}_ct.nii.gz"), [0x00, 0x05, 0x16, 0x07, 0x00, 0x02, 0x00, 0x00]);
        return new(scan, volume.Grid, labels.ToDictionary(label => label, volume.Count), points);
    }

    private static Spine Drawn(SampleScan scan)
    {
        Spine spine = Spine.Of(scan.Physique, StableHash.Of(scan.Person));
        return scan.Exchanged is (int one, int other) ? spine.Exchanged(one, other) : spine;
    }

    private IEnumerable<Vertebra> Shown() =>
        _spine.Vertebrae.SkipWhile(v => v.Label != scan.From).Reverse().SkipWhile(v => v.Label != scan.To).Reverse();

    private VoxelGrid Grid(SampleScan of) => FieldOfView.Around(Shown(), of.Axes, of.SpacingMm, of.Margin, of.Oblique);

    private void WriteMask(PhantomVolume volume, CancellationToken token)
    {
        NiftiVolumeSpec spec = Spec(volume.Grid, scan.Mask, scan.MaskAffine) with { BigEndian = scan.BigEndianMask };
        int count = volume.Grid.Shape.I * volume.Grid.Shape.J;
        string path = WriteVolume(_derived, "seg-vert_msk", spec, (k, plane) =>
        {
            ReadOnlySpan<byte> codes = volume.Codes.AsSpan(k * count, count);
            for (int at = 0; at < count; at++) plane[at] = PhantomVolume.LabelOf(codes[at]);
        }, token);
        if (scan.Fault == SampleFault.TruncatedMask) CutShort(path);
    }

    private void WriteCt(PhantomVolume volume, CancellationToken token)
    {
        if (scan.Fault == SampleFault.CtOfAnotherShape)
            volume = PhantomVolume.Draw(Grid(scan with { Margin = Margin.Wide }), _spine, new HashSet<int>());
        PhantomCt ct = new(volume, _spine, StableHash.Of(scan.Content)) { Screwed = scan.Screw ? _spine.At(scan.To) : null };
        NiftiVolumeSpec spec = Spec(volume.Grid, scan.Ct, scan.CtAffine) with { Intercept = scan.Ct == NiftiDatatype.UInt16 ? -1024 : 0 };
        short[] hu = new short[volume.Grid.Shape.I * volume.Grid.Shape.J];
        string path = WriteVolume(_raw, "ct", spec, (k, plane) =>
        {
            ct.Plane(k, hu);
            for (int at = 0; at < hu.Length; at++)
                plane[at] = scan.Ct switch
                {
                    NiftiDatatype.UInt16 => Math.Max(hu[at] + 1024, 0),
                    // resampled CT has fractions; quarters are exact in float32 and hold the halves that rounding rules differ on
                    NiftiDatatype.Float32 => hu[at] + 0.25 * (at & 3),
                    _ => hu[at],
                };
        }, token);
        if (scan.Fault == SampleFault.TruncatedCt) CutShort(path);
    }

    private string WriteVolume(string folder, string suffix, NiftiVolumeSpec spec, Action<int, Span<double>> fill, CancellationToken token)
    {
        string path = Path.Join(folder, $"{scan.Name}_{suffix}.nii{(scan.Plain ? "" : ".gz")}");
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        void Checked(int k, Span<double> plane)
        {
            token.ThrowIfCancellationRequested();
            fill(k, plane);
        }
        if (scan.Plain) NiftiWriter.Write(file, spec, Checked);
        else NiftiWriter.WriteGzip(file, spec, Checked, CompressionLevel.Optimal);
        return path;
    }

    private NiftiVolumeSpec Spec(VoxelGrid grid, NiftiDatatype datatype, StoredAffine affine) => new()
    {
        Shape = grid.Shape,
        Datatype = datatype,
        SpacingMm = grid.SpacingMm,
        Sform = affine == StoredAffine.Qform ? null : grid.Affine,
        Qform = affine == StoredAffine.Sform ? null : grid.Affine,
        Version = scan.Nifti2 ? 2 : 1,
    };

    private IReadOnlyList<AnnotatedPoint> WriteCentroids(IReadOnlyList<AnnotatedPoint> points, VoxelGrid grid)
    {
        // the annotator's body in the middle of the list is the one without numbers
        int withoutPoint = scan.Centroids == CentroidForm.OneNotANumber ? points[points.Count / 2].Label : 0;
        Orientation direction = grid.Orientation;
        if (scan.Centroids == CentroidForm.OtherDirection && !Orientation.TryParse("PIR", out direction))
            throw new InvalidOperationException("PIR is an orientation.");
        string suffix = scan.Centroids == CentroidForm.OlderName ? "seg-vb_ctd" : "seg-subreg_ctd";
        File.WriteAllText(Path.Join(_derived, $"{scan.Name}_{suffix}.json"), CentroidText.Json(points, grid, direction, withoutPoint));
        return [.. points.Where(point => point.Label != withoutPoint)];
    }

    private void WriteSidecar(Scanner scanner) => File.WriteAllText(Path.Join(_raw, $"{scan.Name}_ct.json"), $$"""
        {
            "dataset": "VerseEtl sample (generated phantom)",
            "KVP": "{{scanner.Kvp}}",
            "Manufacturer": "{{scanner.Manufacturer}}",
            "ManufacturerModelName": "{{scanner.Model}}"
        }

        """);

    private static void CutShort(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Write);
        file.SetLength(file.Length * 6 / 10);
    }
}
