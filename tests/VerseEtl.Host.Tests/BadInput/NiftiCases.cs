using VerseEtl.Extract;
using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using static VerseEtl.Host.Tests.BadInput.TwoScans;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>Damage to headers. Offsets are those of nifti1.h, and of nifti2.h where the version is 2.</summary>
internal static class NiftiCases
{
    private const int Dim = 40, Datatype = 70, Bitpix = 72, Pixdim = 76, VoxOffset = 108, Slope = 112, Intercept = 116, Descrip = 148;
    private const int QformCode = 252, SformCode = 254, Quatern = 256, QoffsetX = 268, Srow = 280, Magic = 344, Extension = 348;
    private const int Dim2 = 16, Pixdim2 = 104, Slope2 = 176;

    private static readonly NiftiVolumeSpec BothForms = MaskSpec with { Qform = MaskSpec.Sform };
    private static readonly NiftiVolumeSpec Second = MaskSpec with { Version = 2 };

    public static IEnumerable<FaultCase> All =>
    [
        Header("mask ends in its header", Faults.NiiShort, file => file.Cut(200)),
        Header("NIfTI-2 mask ends in its header", Faults.NiiShort, _ => MaskFile(Second).Cut(400)),
        Header("mask ends before its voxels", Faults.NiiDataShort, file => file.Cut(352)),
        Header("magic unknown", Faults.NiiMagic, file => file.Put(Magic, "abc\0"u8.ToArray())),
        Header("neither size nor magic", Faults.NiiMagic, file => file.Put(0, 1234).Put(Magic, "abc\0"u8.ToArray())),
        Header("header of a pair", Faults.NiiPair, file => file.Put(Magic, "ni1\0"u8.ToArray())),
        Header("Analyze 7.5", Faults.NiiAnalyze, file => file.Put(Magic, new byte[4])),
        Header("size in no byte order", Faults.NiiEndian, file => file.Put(0, 1234)),
        Header("byte orders mixed", Faults.NiiEndian, file => file.Put(Dim, (short)0x300)),
        Header("big-endian mask", Faults.NiiBigEndian, _ => MaskFile(MaskSpec with { BigEndian = true })),
        Header("NIfTI-2 mask", Faults.NiiNifti2, _ => MaskFile(Second)),
        Header("no dimensions", Faults.NiiNdim, file => file.Put(Dim, (short)0)),
        Header("a negative dimension", Faults.NiiDimNonpos, file => file.Put(Dim + 4, (short)-12)),
        Header("an axis beyond all limits", Faults.NiiDimOverflow, _ => MaskFile(Second).Put(Dim2 + 8, 2_000_000L)),
        Header("a product beyond 64 bits", Faults.NiiDimOverflow, _ =>
            MaskFile(Second).Put(12, (short)64).Put(Dim2 + 8, 1_000_000L).Put(Dim2 + 16, 1_000_000L).Put(Dim2 + 24, 10_000_000L)),
        Header("fourth axis of length 1", Faults.Nii4d, file => file.Put(Dim, (short)4)),
        Header("two volumes", Faults.NiiNot3d, file => file.Put(Dim, (short)4).Put(Dim + 8, (short)2)),
        Header("two dimensions", Faults.Nii2d, file => file.Put(Dim, (short)2)),
        Header("a single slice", Faults.Nii2d, _ =>
            PhantomFile.Mask(MaskSpec with { Shape = new VoxelShape(16, 12, 1) }, (new VoxelBox(2, 1, 0, 14, 11, 1), 20))),
        Header("RGB voxels", Faults.NiiDatatype, file => file.Put(Datatype, (short)128)),
        Header("bitpix wrong", Faults.NiiBitpix, file => file.Put(Bitpix, (short)16)),
        Header("vox_offset is not a number", Faults.NiiVoxOffset, file => file.Put(VoxOffset, float.NaN)),
        Header("vox_offset inside the header", Faults.NiiVoxOffset, file => file.Put(VoxOffset, 100f)),
        Header("vox_offset with a fraction", Faults.NiiVoxOffset, file => file.Put(VoxOffset, 352.5f)),
        Header("vox_offset beyond the file", Faults.NiiVoxOffset, file => file.Put(VoxOffset, 1e6f)),
        Header("vox_offset of 0", Faults.NiiVoxOffsetUnusual, file => file.Put(VoxOffset, 0f)),
        Header("vox_offset no multiple of 16", Faults.NiiVoxOffsetUnusual, file => file.Put(VoxOffset, 360f).Insert(352, new byte[8])),
        Header("spacing of 0", Faults.NiiPixdim, file => file.Put(Pixdim + 4, 0f)),
        Header("spacing not a number", Faults.NiiPixdim, file => file.Put(Pixdim + 8, float.NaN)),
        Header("spacing without end", Faults.NiiPixdim, file => file.Put(Pixdim + 12, float.PositiveInfinity)),
        Header("spacing beyond any scanner", Faults.NiiPixdim, _ => MaskFile(Second).Put(Pixdim2 + 8, 1e300)),
        Header("negative spacing", Faults.NiiPixdimNegative, file => file.Put(Pixdim + 4, -3f)),
        Header("spacing of 25 mm", Faults.NiiPixdimRange, file => file.Put(Pixdim + 4, 25f)),
        Header("qfac of 0", Faults.NiiQfac, file => file.Put(Pixdim, 0f)),
        Header("lengths in metres", Faults.NiiUnits, _ => MaskFile(MaskSpec with
        {
            Units = 1,
            SpacingMm = new Vector3d(0.003, 0.003, 0.004),
            Sform = new Affine(new Vector3d(0.003, 0, 0), new Vector3d(0, 0.003, 0), new Vector3d(0, 0, 0.004), new Vector3d(-0.01, -0.02, -0.03)),
        })),
        Header("micrometres beside millimetres", Faults.NiiUnitsDoubt, _ => MaskFile(MaskSpec with { Units = 3 })),
        Header("micrometres that are read as millimetres", Faults.NiiUnitsAssumed, _ => MaskFile(MaskSpec with { Units = 3 }))
            with { With = FaultCase.Limits(new ReadingLimits { AssumeMillimetres = true }) },
        Header("no affine coded", Faults.NiiAffineNone, file => file.Put(SformCode, (short)0)),
        Header("sform singular and alone", Faults.NiiSformSingular, file => file.Put(Srow, new byte[16])),
        Header("origin a light-second away", Faults.NiiSformSingular, file => file.Put(Srow + 12, 3e11f)),
        Header("sform not finite beside a qform", Faults.NiiSformUnusable, _ => MaskFile(BothForms).Put(Srow, float.NaN)),
        Header("quaternion too long", Faults.NiiQformRange, _ => MaskFile(BothForms).Put(SformCode, (short)0).Put(Quatern, 1.1f)),
        Header("sform and qform disagree", Faults.NiiSqMismatch, _ => MaskFile(BothForms).Put(QoffsetX, 50f)),
        Header("axes not at right angles", Faults.NiiObliqueShear, file => file.Put(Srow + 4, 0.5f)),
        Header("pixdim and sform disagree", Faults.NiiSpacingMismatch, file => file.Put(Pixdim + 4, 3.5f)),
        Header("mask slope infinite", Faults.NiiScl, file => file.Put(Slope, float.PositiveInfinity)),
        CtHeader("CT slope infinite", Faults.NiiScl, file => file.Put(Slope, float.NegativeInfinity)),
        CtHeader("CT slope beyond all bounds", Faults.NiiScl, _ => CtFile(CtSpec with { Version = 2 }).Put(Slope2, 1e300)),
        CtHeader("CT intercept not a number", Faults.NiiScl, file => file.Put(Intercept, float.NaN)),
        CtHeader("CT slope of 0", Faults.NiiSclNone, file => file.Put(Slope, 0f)),
        Header("extension of no length", Faults.NiiExt, file => file.Put(Extension, 1).Put(VoxOffset, 384f).Insert(352, new byte[32])),
        Header("extension beyond the voxels", Faults.NiiExt, file => file.Put(Extension, 1).Put(VoxOffset, 384f).Insert(352, [0, 1, 0, 0, .. new byte[28]])),
        Header("voxels missing", Faults.NiiDataShort, file => file.Cut(file.Bytes.Length - 10)),
        Header("zeros behind the voxels", Faults.NiiExtraBytes, file => file.Append(new byte[100])),
        Header("free text in the header", Faults.PhiTextPresent, file => file.Put(Descrip, "John Doe"u8.ToArray())),
    ];

    private static FaultCase Header(string name, Fault fault, Func<PhantomFile, PhantomFile> change) =>
        new(name, fault, scans => scans.Write(Mask, change(MaskFile()).Gzip()));

    private static FaultCase CtHeader(string name, Fault fault, Func<PhantomFile, PhantomFile> change) =>
        new(name, fault, scans => scans.Write(Ct, change(CtFile()).Gzip()));
}
