using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using static VerseEtl.Host.Tests.BadInput.TwoScans;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>Masks and CTs that are whole files but not what they should hold, or that do not belong together.</summary>
internal static class VoxelCases
{
    private static readonly NiftiVolumeSpec FloatCt = CtSpec with { Datatype = NiftiDatatype.Float32 };
    private static readonly NiftiVolumeSpec FloatMask = MaskSpec with { Datatype = NiftiDatatype.Float32 };

    public static IEnumerable<FaultCase> All =>
    [
        WithCt("one CT voxel in 1080 not a number", Faults.CtNonfinite, () => CtFile(FloatCt, (at, value) => at == Inside ? double.NaN : value)),
        WithCt("half the CT infinite", Faults.CtNonfinite, () => CtFile(FloatCt, (at, value) => at % 2 == 0 ? double.PositiveInfinity : value)),
        WithCt("the whole CT not a number", Faults.CtNonfinite, () => CtFile(FloatCt, (_, _) => double.NaN)),
        new("one CT voxel in 12000 not a number", Faults.CtNonfinite, scans =>
        {
            NiftiVolumeSpec large = MaskSpec with { Shape = new VoxelShape(34, 22, 22) };
            scans.Write(Mask, PhantomFile.Mask(large, (new VoxelBox(2, 1, 1, 32, 21, 21), 20)).Gzip());
            scans.Write(Ct, CtFile(large with { Datatype = NiftiDatatype.Float64 }, (at, value) => at == 34 * 22 * 5 + 34 * 5 + 5 ? double.NaN : value).Gzip());
        }),
        WithCt("CT values below -4096", Faults.CtRange, () => CtFile(CtSpec, (at, value) => at == Inside ? -5000 : value)),
        WithCt("CT stored without its intercept", Faults.CtNotHounsfield, () => CtFile(CtSpec, (_, value) => value + 1024)),
        WithCt("CT normalised to 0..1", Faults.CtNotHounsfield, () => CtFile(FloatCt, (_, value) => value / 2000)),
        WithCt("CT of unusually dense bone", Faults.CtDoubtfulHounsfield, () => CtFile(CtSpec, (_, value) => value + 400)),
        WithCt("CT constant", Faults.CtBlank, () => CtFile(change: (_, _) => -1024)),
        new("CT of noise in 32 bits", Faults.CtTooVaried, scans =>
        {
            NiftiVolumeSpec large = MaskSpec with { Shape = new VoxelShape(170, 120, 102) };
            scans.Write(Mask, PhantomFile.Mask(large, (new VoxelBox(1, 1, 1, 169, 119, 102), 20)).Gzip());
            scans.Write(Ct, CtFile(large with { Datatype = NiftiDatatype.Int32 }, (at, _) => 300_000 + at).Gzip());
        }),
        WithMask("mask of probabilities", Faults.MskNonintegral, () =>
            PhantomFile.Of(FloatMask, [.. Enumerable.Range(0, 16 * 12 * 20).Select(at => at == Inside ? 0.25 : 0)])),
        WithMask("mask with a voxel that is not a number", Faults.MskNan, () => MaskFile(FloatMask).Put(352 + 4 * Inside, float.NaN)),
        WithMask("mask with an infinite voxel", Faults.MskLabelUnknown, () => MaskFile(FloatMask).Put(352 + 4 * Inside, float.PositiveInfinity)),
        WithMask("mask saved in 8 bits with a slope", Faults.MskScaled, () => MaskFile(MaskSpec with { Slope = 21 / 255.0 }, 243, 255)),
        WithMask("mask with a slope too coarse for its labels", Faults.MskNonintegral, () => MaskFile(MaskSpec with { Slope = 0.7 }, 29, 30)),
        WithMask("CT in the mask's place", Faults.MskNotLabels, () => CtFile(CtSpec, (_, value) => value - 400)),
        WithMask("mask with a slope", Faults.MskScaled, () => MaskFile(MaskSpec with { Slope = 2 }, 10, 11)),
        WithMask("mask with label 29", Faults.MskLabelUnknown, () => MaskFile(lower: 29)),
        WithMask("mask with label 300, which is 44 in a byte", Faults.MskLabelUnknown, () => MaskFile(FloatMask, lower: 300)),
        WithMask("mask with label -1, which is 255 in a byte", Faults.MskLabelUnknown, () =>
            MaskFile(MaskSpec with { Datatype = NiftiDatatype.Int16 }, lower: -1)),
        WithMask("mask with a label beyond 32 bits", Faults.MskLabelUnknown, () =>
            MaskFile(MaskSpec with { Datatype = NiftiDatatype.Int64 }).Put(352 + 8 * Inside, 5_000_000_000L)),
        WithMask("mask with the sacrum", Faults.MskLabelReserved, () => MaskFile(lower: 26)),
        WithMask("mask without a label", Faults.MskEmpty, () => MaskFile(upper: 0, lower: 0)),
        WithMask("mask of noise", Faults.MskNoise, () =>
        {
            VoxelShape shape = new(2900, 2900, 2);
            return PhantomFile.Of(MaskSpec with { Shape = shape }, [.. Enumerable.Range(0, (int)shape.VoxelCount).Select(at => (double)(1 + at % 2))]);
        }),
        WithCt("CT of another shape", Faults.PairShape, () => CtFile(CtSpec with { Shape = new VoxelShape(16, 12, 19) })),
        WithCt("CT stored from head to feet", Faults.PairReoriented, Mirrored),
        WithCt("CT stored from head to feet and cut", Faults.GzTruncated, Mirrored, packed => packed[..^3]),
        WithCt("CT 4 mm away", Faults.PairAffine, () => CtFile(CtSpec with { Sform = Moved(4) })),
        WithCt("CT mirrored and not moved", Faults.PairAffine, () =>
            CtFile(CtSpec with { Sform = new Affine(new Vector3d(3, 0, 0), new Vector3d(0, 3, 0), new Vector3d(0, 0, -4), new Vector3d(-10, -20, -30)) })),
        WithCt("CT with its axes exchanged", Faults.PairShape, () =>
            CtFile(CtSpec with { Sform = new Affine(new Vector3d(0, 3, 0), new Vector3d(3, 0, 0), new Vector3d(0, 0, 4), new Vector3d(-10, -20, -30)) })),
        WithCt("CT 0.1 mm away", Faults.PairAffineShift, () => CtFile(CtSpec with { Sform = Moved(0.1) })),
        WithSubregions("sub-region mask 4 mm away", Faults.SubGrid, MaskSpec with { Sform = Moved(4) }, 50, 41),
        WithSubregions("sub-region mask 0.1 mm away", Faults.SubShift, MaskSpec with { Sform = Moved(0.1) }, 50, 41),
        WithSubregions("sub-region mask with the labels of vertebrae", Faults.SubCodes, MaskSpec, 20, 21),
    ];

    private static FaultCase WithSubregions(string name, Fault fault, NiftiVolumeSpec spec, int upper, int lower) => new(name, fault, scans =>
        scans.Write($"{Folder}/derivatives/{Broken}/{Broken}_seg-subreg_msk.nii.gz", MaskFile(spec, upper, lower).Gzip()));

    /// <summary>Index of a voxel in the upper vertebra.</summary>
    private static int Inside => 16 * 12 * 14 + 16 * 5 + 5;

    private static Affine Moved(double mm) => new(new Vector3d(3, 0, 0), new Vector3d(0, 3, 0), new Vector3d(0, 0, 4), new Vector3d(-10 + mm, -20, -30));

    /// <summary>The usual CT with its slices in reverse and an affine that says so: the same voxels at the same places.</summary>
    private static PhantomFile Mirrored()
    {
        const int plane = 16 * 12;
        NiftiVolumeSpec spec = CtSpec
            with
        { Sform = new Affine(new Vector3d(3, 0, 0), new Vector3d(0, 3, 0), new Vector3d(0, 0, -4), new Vector3d(-10, -20, -30 + 19 * 4)) };
        return CtFile(spec, (at, _) => -100 + 30 * (at % 16) + 50 * (at / 16 % 12) + 10 * (19 - at / plane));
    }

    private static FaultCase WithCt(string name, Fault fault, Func<PhantomFile> ct, Func<byte[], byte[]>? change = null) =>
        new(name, fault, scans => scans.Write(Ct, change is null ? ct().Gzip() : change(ct().Gzip())));

    private static FaultCase WithMask(string name, Fault fault, Func<PhantomFile> mask) => new(name, fault, scans =>
    {
        PhantomFile file = mask();
        scans.Write(Mask, file.Gzip());
        // a mask of another size takes its CT along, so that the mask alone is at fault
        if (file.Bytes.Length > 1 << 20) scans.Delete(Ct);
    });
}
