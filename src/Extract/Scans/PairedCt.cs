using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Pictures;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>
/// The CT beside a mask, read forward under the mask's runs. Whatever is wrong with it voids its columns, is noted once and does not
/// disturb the mask: after that, values are no longer asked for.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PairedCt
{
    private readonly SourcePath _path;
    private readonly VolumeFile _file;
    private readonly CtReader _reader;
    private readonly AxisMap _map;
    private readonly VoxelShape _shape;
    private readonly Action<SourcePath, FileNote> _note;

    // which voxel of the picture each one that is kept of a reordered CT stands for
    private int[] _keptFor = [];

    private PairedCt(SourcePath path, VolumeFile file, AxisMap map, Action<SourcePath, FileNote> note)
    {
        (_path, _file, _map, _note) = (path, file, map, note);
        _reader = new CtReader(file);
        _shape = file.Grid.Shape;
        Scaling = _reader.Scaling;
    }

    /// <summary>How stored values become Hounsfield units; null once the CT has turned out to be unusable.</summary>
    public CtScaling? Scaling { get; private set; }

    public string DatatypeName => _file.DatatypeName;

    /// <summary>True if values under the mask differ although their codes may not.</summary>
    public bool Varies => _reader.Varies;

    /// <summary>Some of the values that the mask leaves out; complete after <see cref="Finish"/>. Null if there are none, or the CT is unusable.</summary>
    public HounsfieldSummary? Around => Scaling is CtScaling scaling ? _reader.Passed.Summarise(scaling) : null;

    /// <summary>True if the CT is stored in another axis order, so that it cannot be read under the runs as they come.</summary>
    public bool IsReordered => !_map.IsIdentity;

    /// <summary>Opens the CT and proves that it lies on the mask's voxels; null, with a note, where it does not or cannot be read.</summary>
    public static PairedCt? Open(VolumeInput input, VoxelGrid mask, ReadingLimits limits, Action<SourcePath, FileNote> note) =>
        Open(input, limits, note, file => ProveSameVoxels(input.Path, mask, file.Grid, note));

    /// <summary>Opens the CT of a scan without a usable mask, for its own faults.</summary>
    public static PairedCt? OpenAlone(VolumeInput input, ReadingLimits limits, Action<SourcePath, FileNote> note) =>
        Open(input, limits, note, file => AxisMap.Between(file.Grid, file.Grid)!);

    private static PairedCt? Open(VolumeInput input, ReadingLimits limits, Action<SourcePath, FileNote> note, Func<VolumeFile, AxisMap> map)
    {
        try
        {
            VolumeFile file = VolumeFile.Open(input.Content, limits);
            return new PairedCt(input.Path, file, map(file), note);
        }
        catch (BadFileException bad)
        {
            note(input.Path, FileNote.Of(bad));
            return null;
        }
    }

    /// <summary>Has the values that a picture asks for kept on the way. Call before reading.</summary>
    public void KeepFor(ScanPicture picture)
    {
        if (!IsReordered)
        {
            _reader.Keep(picture.Voxels, picture.Codes);
            return;
        }
        long[] voxels = [.. picture.Voxels.Span];
        VoxelShape mask = _map.InSourceOrder(_file.Grid).Shape;
        for (int at = 0; at < voxels.Length; at++)
        {
            (long row, long i) = Math.DivRem(voxels[at], mask.I);
            (int ctI, int ctJ, int ctK) = _map.Apply((int)i, (int)(row % mask.J), (int)(row / mask.J));
            voxels[at] = _shape.LinearIndex(ctI, ctJ, ctK);
        }
        _keptFor = [.. Enumerable.Range(0, voxels.Length)];
        Array.Sort(voxels, _keptFor);
        _reader.Keep(voxels, picture.Codes);
    }

    /// <summary>Gives a picture the values that were kept for it, after <see cref="Finish"/>; none of a CT that is unusable.</summary>
    public void GiveTo(ScanPicture picture)
    {
        if (Scaling is not CtScaling scaling) return;
        if (_keptFor.Length == 0)
        {
            picture.Take(picture.Codes.Span, scaling);
            return;
        }
        ReadOnlySpan<long> kept = picture.Codes.Span;
        long[] codes = new long[kept.Length];
        for (int at = 0; at < codes.Length; at++) codes[_keptFor[at]] = kept[at];
        picture.Take(codes, scaling);
    }

    /// <summary>Feeds the values under these runs, run by run; does nothing for a reordered CT.</summary>
    /// <param name="runs">Of the mask, in stored order, after those of earlier calls.</param>
    /// <param name="scratch">Holds the codes of a part of a run.</param>
    /// <param name="measurement">Where they go.</param>
    [MethodImpl(Hot.Method)]
    public void Add(ReadOnlySpan<LabelRun> runs, Span<long> scratch, HounsfieldMeasurement measurement)
    {
        if (Scaling is null || IsReordered) return;
        try
        {
            foreach (ref readonly LabelRun run in runs)
                for (int done = 0; done < run.Length; done += scratch.Length)
                {
                    LabelRun part = run with { I = run.I + done, Length = Math.Min(scratch.Length, run.Length - done) };
                    Span<long> codes = scratch[..part.Length];
                    _reader.Read(_shape.LinearIndex(part.I, part.J, part.K), codes);
                    Count(measurement, part, codes);
                }
        }
        catch (BadFileException bad)
        {
            Void(bad);
        }
    }

    /// <summary>Feeds the values of a CT stored in another axis order.</summary>
    /// <param name="maskRuns">Passes over the mask's runs from the start; made once or a few times.</param>
    /// <param name="measurement">Where they go.</param>
    public void AddReordered(Func<IEnumerable<LabelRun>> maskRuns, HounsfieldMeasurement measurement)
    {
        if (Scaling is null || !IsReordered) return;
        try
        {
            ReorderedVoxels voxels = new(_map, _shape);
            foreach (ReorderedVoxels.Batch batch in voxels.Batches(maskRuns))
            {
                _reader.Read(batch.FirstVoxel, batch.Codes);
                for (int at = 0; at < batch.Runs.Length; at++) Count(measurement, batch.Runs[at], batch.Codes.AsSpan(at, 1));
            }
        }
        catch (BadFileException bad)
        {
            Void(bad);
        }
    }

    /// <summary>Voids the columns of a CT that was read well but does not hold what it should.</summary>
    public void Refuse() => Scaling = null;

    /// <summary>Reads to the end, so that a CT that breaks after its last vertebra is noticed as well.</summary>
    public void Finish()
    {
        if (Scaling is null) return;
        try
        {
            _reader.Finish();
            foreach (FileNote note in _file.Notes) _note(_path, note);
        }
        catch (BadFileException bad)
        {
            Void(bad);
        }
    }

    private static void Count(HounsfieldMeasurement measurement, in LabelRun run, ReadOnlySpan<long> codes)
    {
        if (measurement.Add(run, codes)) return;
        throw new BadFileException(Faults.CtTooVaried, "voxel",
            Invariant($"more than {HounsfieldMeasurement.MostSparseValues} distinct values beyond the usual range"));
    }

    private void Void(BadFileException bad)
    {
        Scaling = null;
        _note(_path, FileNote.Of(bad));
    }

    private static AxisMap ProveSameVoxels(SourcePath path, VoxelGrid mask, VoxelGrid ct, Action<SourcePath, FileNote> note)
    {
        AxisMap map = AxisMap.Between(mask, ct)
            ?? throw new BadFileException(Faults.PairShape, "dim", $"{ct.Shape} {ct.Orientation}", $"{mask.Shape} {mask.Orientation}");
        SameVoxels.Prove(mask, map.InSourceOrder(ct), (Faults.PairAffine, Faults.PairAffineShift), remark => note(path, remark));
        if (!map.IsIdentity) note(path, new FileNote(Faults.PairReoriented, "orientation", $"{ct.Orientation} ({map} of the mask)", mask.Orientation.Codes));
        return map;
    }
}
