using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Centroids;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Pictures;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Scans;

/// <summary>
/// One scan being read. The mask makes the rows; a bad CT or centroid file costs its own columns only, and each trouble is a
/// finding. The mask is gone over first, alone and to its end; then again for what needs the place of each label; then once more for the CT,
/// which is read once: the runs of the mask say which of its voxels to decode. Where a core is idle, the CT is unpacked on another
/// thread meanwhile.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ScanReading(ScanFiles files, ReadingLimits limits, ScanMeasuring measuring, CancellationToken token)
{
    private const int VoxelsAtOnce = 8192;

    // a smaller CT is unpacked in less time than a thread is worth
    private const long WorthReadingAhead = 4 << 20;
    private const double NonFiniteErrorFraction = 0.001;
    private const double BlankFraction = 0.999;
    private const double LowestUsualHu = -4096, HighestUsualHu = 32767;

    private readonly List<Finding> _findings = [.. files.Findings];
    private byte[]? _picture;

    public ScanResult Measure()
    {
        ScanRow row = files.ToFailedRow();
        (CentroidFile? centroids, string? centroidSha256) = ReadCentroids();
        row = row with
        {
            CentroidSha256 = centroidSha256,
            CentroidDirection = centroids?.Direction.Codes,
            AnnotatedLabels = centroids is null ? null : [.. centroids.Points.Keys.OrderBy(VertebraLabel.AnatomicalOrder)],
        };
        row = WithSidecar(row);
        (ScanRow measured, IReadOnlyList<VertebraRow> vertebrae) = MeasureVolumes(row, centroids);
        List<Finding> findings = [.. _findings.Distinct()];
        findings.Sort(Finding.CompareByKey);
        if (measured.Status != ScanStatus.Failed)
            measured = measured with { Status = findings.Any(f => f.Severity >= Severity.Warning) ? ScanStatus.Warning : ScanStatus.Ok };
        if (_picture is not null) measured = measured with { PicturePath = PackedPicture.PathOf(_picture) };
        return new ScanResult(measured, vertebrae, findings) { PicturePng = _picture };
    }

    /// <summary>The same scan with a picture; what else there is to notice was noticed when it was measured.</summary>
    public ScanResult Paint(ScanResult measured)
    {
        (CentroidFile? centroids, _) = ReadCentroids();
        using VolumeInput mask = VolumeInput.Open(files.Mask!, limits, keep: true);
        VolumeFile file = VolumeFile.Open(mask.Content, limits);
        (_, IReadOnlyDictionary<int, Vector3d> annotated) = Annotated(measured.Scan, centroids, file.Grid);
        using PartedMask? parts = Parts(file);
        using MaskPass pass = new(file, files.Labels, parts, token);
        using KeptRuns kept = new(measuring.KeptRunBytes);
        SpineMeasurement spine = pass.Measure(annotated, kept: kept);
        using PictureInTheMaking picture = new(measuring.Pack);
        picture.Begin(spine);
        foreach (ReadOnlyMemory<LabelRun> runs in kept.Whole ?? Decoded(mask)) picture.Add(runs.Span);
        // a CT that was refused has no columns
        using VolumeInput? ct = measured.Vertebrae.Any(row => row.MaskHuMean is not null) ? Open(files.Ct, keep: false) : null;
        PairedCt? paired = ct is null ? null : PairedCt.Open(ct, file.Grid, limits, Note);
        picture.AskOf(paired);
        paired?.Finish();
        byte[]? png = picture.Finish(paired, files.Key.Text);
        mask.FinishSha256(token);
        ct?.FinishSha256(token);
        return png is null ? WithLoss(measured, picture)
            : measured with { Scan = measured.Scan with { PicturePath = PackedPicture.PathOf(png) }, PicturePng = png };
    }

    private ScanResult WithLoss(ScanResult measured, PictureInTheMaking picture)
    {
        if (picture.Defect is not string defect) return measured;
        List<Finding> findings = [.. measured.Findings, Finding.Of(Faults.PicFailed, new(files.Key), defect)];
        findings.Sort(Finding.CompareByKey);
        return measured with { Scan = measured.Scan with { Status = ScanStatus.Warning }, Findings = findings };
    }

    private (ScanRow Row, IReadOnlyList<VertebraRow> Vertebrae) MeasureVolumes(ScanRow row, CentroidFile? centroids)
    {
        using BusyCores.Core own = measuring.Cores.Take();
        using VolumeInput? ct = Open(files.Ct, keep: false);
        using VolumeInput? mask = Open(files.Mask, keep: true);
        using VolumeInput? subregions = mask is null ? null : Open(files.Subregions, keep: true);
        using BusyCores.Core? other = mask is not null && ct?.StoredBytes >= WorthReadingAhead ? measuring.Cores.TakeIdle() : null;
        if (other is not null) ct!.ReadAhead();
        if (mask is null)
        {
            if (files.Mask is not null) CheckAlone(ct);
            return (Hashed(row, ct, null), []);
        }
        IReadOnlyList<VertebraRow> vertebrae;
        VolumeFile? file = null;
        PairedCt? paired = null;
        string? digest, partSha256 = null;
        long? partBytes = null;
        using PictureInTheMaking? picture = limits.Pictures ? new PictureInTheMaking(measuring.Pack) : null;
        try
        {
            file = VolumeFile.Open(mask.Content, limits);
            paired = ct is null ? null : PairedCt.Open(ct, file.Grid, limits, Note);
            (row, IReadOnlyDictionary<int, Vector3d> annotated) = Annotated(row, centroids, file.Grid);
            using ContentDigest content = new(file.Grid.Shape);
            using PartedMask? parts = Parts(file);
            using MaskPass pass = new(file, files.Labels, parts, token);
            using KeptRuns kept = new(measuring.KeptRunBytes);
            SpineMeasurement spine = pass.Measure(annotated, content, kept);
            if (pass.LeftOut is FileNote leftOut) Note(mask.Path, leftOut);
            if (parts?.Overlap is FileNote overlap) Note(mask.Path, overlap);
            if (parts is not null) (partBytes, partSha256) = parts.Finish(mask, token);
            digest = content.Finish();
            foreach (FileNote note in file.Notes) Note(mask.Path, note);
            LocalMeasurement local = new(spine);
            picture?.Begin(spine);
            foreach (ReadOnlyMemory<LabelRun> runs in Again())
            {
                local.Add(runs.Span);
                picture?.Add(runs.Span);
            }
            local.Finish();
            SubregionMask? parted = subregions is null ? null
                : SubregionMask.Read(subregions, file.Grid, limits, Again(), remark => Note(subregions.Path, remark));
            row = row with { SubregionSha256 = subregions?.FinishSha256(token) };
            picture?.AskOf(paired);
            HounsfieldMeasurement? hounsfield = paired is null ? null : MeasureCt(paired, () => parted?.Cut(Again()) ?? Again(), local);
            vertebrae = Rows();
            if (hounsfield is not null && paired is { Scaling: not null, Varies: false }) NoteBlank(ct!.Path, hounsfield, vertebrae);
            if (HounsfieldUnits.Doubt(vertebrae, paired?.Around) is UnitsDoubt doubt)
            {
                Note(ct!.Path, new FileNote(doubt.Fault, "Hounsfield units", doubt.Observed, doubt.Expected));
                if (doubt.Fault.Severity == Severity.Error) paired!.Refuse();
                vertebrae = Rows();
            }
            NoteLabels(mask.Path, spine);
            if (hounsfield is not null && paired is { Scaling: not null }) NoteHounsfield(ct!.Path, hounsfield, vertebrae);
            _picture = picture?.Finish(paired, files.Key.Text);
            if (picture?.Defect is string defect) _findings.Add(Finding.Of(Faults.PicFailed, new(files.Key), defect));

            IEnumerable<ReadOnlyMemory<LabelRun>> Again() => kept.Whole ?? Decoded(mask);

            IReadOnlyList<VertebraRow> Rows() => new SpineRows(new ScanIdentity(files.Key, files.SubjectId, files.SeriesId), spine)
            {
                Local = local, Parts = parted?.Voxels, Hounsfield = hounsfield, Scaling = paired?.Scaling,
            }.Vertebrae();
        }
        catch (BadFileException bad)
        {
            // what is known of a mask that fails is told: its header, and the CT's own faults
            Note(mask.Path, bad);
            foreach (FileNote note in file?.Notes ?? []) Note(mask.Path, note);
            if (file is null) CheckAlone(ct);
            else paired?.Finish();
            return (Hashed(WithGeometry(row, file, paired), ct, mask), []);
        }
        row = Hashed(WithGeometry(row, file, paired), ct, mask);
        return (row with
        {
            MaskBytes = partBytes ?? row.MaskBytes,
            MaskSha256 = partSha256 ?? row.MaskSha256,
            Status = ScanStatus.Ok,
            VertebraCount = vertebrae.Count,
            Labels = [.. vertebrae.Select(vertebra => vertebra.Label)],
            MaskContentSha256 = digest,
        }, vertebrae);
    }

    private void CheckAlone(VolumeInput? ct)
    {
        if (ct is not null) PairedCt.OpenAlone(ct, limits, Note)?.Finish();
    }

    /// <summary>What the mask's header says, also where its voxels cannot be trusted.</summary>
    private static ScanRow WithGeometry(ScanRow row, VolumeFile? mask, PairedCt? ct) => mask?.Grid is not VoxelGrid grid ? row : row with
    {
        ShapeI = grid.Shape.I,
        ShapeJ = grid.Shape.J,
        ShapeK = grid.Shape.K,
        SpacingIMm = grid.SpacingMm.X,
        SpacingJMm = grid.SpacingMm.Y,
        SpacingKMm = grid.SpacingMm.Z,
        SpacingLrMm = grid.SpacingMm[grid.Orientation.StoredAxis(0)],
        SpacingApMm = grid.SpacingMm[grid.Orientation.StoredAxis(1)],
        SpacingSiMm = grid.SpacingMm[grid.Orientation.StoredAxis(2)],
        Orientation = grid.Orientation.Codes,
        Affine = grid.Affine.ToRowMajor(),
        AffineSource = grid.AffineSource.ToString().ToLowerInvariant(),
        MaskDatatype = mask.DatatypeName,
        CtDatatype = ct?.DatatypeName,
    };

    /// <summary>The CT under the mask, read once. A CT that fails voids its own columns and leaves the mask's alone.</summary>
    /// <param name="again">Another pass over the mask's runs.</param>
    private static HounsfieldMeasurement MeasureCt(PairedCt ct, Func<IEnumerable<ReadOnlyMemory<LabelRun>>> again, LocalMeasurement local)
    {
        HounsfieldMeasurement hounsfield = new(local);
        long[] codes = new long[VoxelsAtOnce];
        if (ct.IsReordered) ct.AddReordered(() => again().SelectMany(MemoryMarshal.ToEnumerable), hounsfield);
        else if (ct.Scaling is not null)
            foreach (ReadOnlyMemory<LabelRun> runs in again()) ct.Add(runs.Span, codes, hounsfield);
        ct.Finish();
        return hounsfield;
    }

    /// <summary>The mask decoded again, which has been checked to its end by now: its runs, a batch at a time.</summary>
    private IEnumerable<ReadOnlyMemory<LabelRun>> Decoded(VolumeInput mask)
    {
        using ByteSource again = mask.ContentAgain(limits);
        VolumeFile file = VolumeFile.Open(again, limits);
        using MaskPass pass = new(file, files.Labels, Parts(file), token);
        for (ReadOnlyMemory<LabelRun> runs = pass.Next(); !runs.IsEmpty; runs = pass.Next()) yield return runs;
    }

    private PartedMask? Parts(VolumeFile first) => files.MaskParts is { } parts ? new PartedMask(first, parts, limits) : null;

    private VolumeInput? Open(SourcePath? path, bool keep)
    {
        if (path is null) return null;
        try
        {
            return VolumeInput.Open(path, limits, keep);
        }
        catch (BadFileException bad)
        {
            Note(path, bad);
            return null;
        }
    }

    private ScanRow Hashed(ScanRow row, VolumeInput? ct, VolumeInput? mask) => row with
    {
        CtBytes = ct?.StoredBytes,
        CtSha256 = ct?.FinishSha256(token),
        MaskBytes = mask?.StoredBytes,
        MaskSha256 = mask?.FinishSha256(token),
    };

    private (CentroidFile? Centroids, string? Sha256) ReadCentroids()
    {
        if (files.Centroids is not { } path) return (null, null);
        string? sha256 = null;
        try
        {
            byte[] bytes = SmallFile.Read(path, limits, CentroidFile.LongestBytes, out sha256);
            CentroidFile centroids = CentroidFile.Read(bytes);
            foreach (FileNote note in centroids.Notes) Note(path, note);
            return (centroids, sha256);
        }
        catch (BadFileException bad)
        {
            Note(path, bad);
            return (null, sha256);
        }
    }

    /// <summary>The annotated points as voxel indices of the mask; none, with a finding, where the file's grid cannot be turned into it.</summary>
    private (ScanRow Row, IReadOnlyDictionary<int, Vector3d> Index) Annotated(ScanRow row, CentroidFile? centroids, VoxelGrid mask)
    {
        IReadOnlyDictionary<int, Vector3d> none = new Dictionary<int, Vector3d>();
        if (centroids is null || files.Centroids is not { } path) return (row, none);
        try
        {
            return (row, centroids.ToVoxelIndex(mask, note => Note(path, note)));
        }
        catch (BadFileException bad)
        {
            Note(path, bad);
            return (row with { AnnotatedLabels = null }, none);
        }
    }

    private ScanRow WithSidecar(ScanRow row)
    {
        if (files.Sidecar is not { } path) return row;
        try
        {
            CtSidecar sidecar = CtSidecar.Read(SmallFile.Read(path, limits, CtSidecar.LongestBytes, out _));
            foreach (FileNote note in sidecar.Notes) Note(path, note);
            return row with { Manufacturer = sidecar.Manufacturer, ManufacturerModel = sidecar.ManufacturerModelName, Kvp = sidecar.KilovoltPeak };
        }
        catch (BadFileException bad)
        {
            Note(path, bad);
            return row;
        }
    }

    private void NoteLabels(SourcePath mask, SpineMeasurement measurement)
    {
        if (MaskPass.UnknownLabels(measurement.UnknownLabels) is FileNote unknown) Note(mask, unknown);
        foreach (int label in measurement.Labels.Where(label => VertebraLabel.IsReserved(label)))
            _findings.Add(Finding.Of(Faults.MskLabelReserved, new(files.Key, mask.Relative, "label", label), VertebraLabel.Name(label)));
        if (measurement.Labels.Count == 0 && measurement.UnknownLabels.Count == 0) Note(mask, new FileNote(Faults.MskEmpty, Observed: "no voxel above 0"));
    }

    private void NoteHounsfield(SourcePath ct, HounsfieldMeasurement measurement, IReadOnlyList<VertebraRow> vertebrae)
    {
        foreach (VertebraRow row in vertebrae)
        {
            if (measurement.Whole(row.Label) is not { } histogram) continue;
            if (histogram.NotMeasurableCount > 0)
                _findings.Add(Finding.Of(Faults.CtNonfinite, new(files.Key, ct.Relative, "voxel", row.Label),
                    Invariant($"{histogram.NotMeasurableCount} of {row.VoxelCount} voxels"), "0",
                    histogram.NotMeasurableCount > NonFiniteErrorFraction * row.VoxelCount ? Severity.Error : Severity.Warning));
            if (row.MaskHuMin < LowestUsualHu || row.MaskHuMax > HighestUsualHu)
                _findings.Add(Finding.Of(Faults.CtRange, new(files.Key, ct.Relative, "mask_hu", row.Label),
                    Invariant($"{row.MaskHuMin} to {row.MaskHuMax}"), "-4096 to 32767"));
        }
    }

    private void NoteBlank(SourcePath ct, HounsfieldMeasurement measurement, IReadOnlyList<VertebraRow> vertebrae)
    {
        HounsfieldHistogram[] counts = [.. vertebrae.Select(row => measurement.Whole(row.Label)).OfType<HounsfieldHistogram>()];
        (long Code, long Count)[] modes = [.. counts.Select(histogram => histogram.Mode())];
        long voxels = counts.Sum(histogram => histogram.VoxelCount), mostFrequent = modes.Sum(mode => mode.Count);
        if (voxels > 0 && modes.All(mode => mode.Code == modes[0].Code) && mostFrequent >= BlankFraction * voxels)
            Note(ct, new FileNote(Faults.CtBlank, "voxel", Invariant($"one value in {mostFrequent} of {voxels} voxels")));
    }

    private void Note(SourcePath path, BadFileException bad) => Note(path, FileNote.Of(bad));

    private void Note(SourcePath path, FileNote note) => _findings.Add(
        Finding.Of(note.Fault, new(files.Key, path.Relative, note.Field), note.Observed, note.Expected, note.Severity));
}
