using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>One file per way of being wrong, made from a right one by changing a few bytes at the standard's offsets.</summary>
public sealed class MalformedFileTests
{
    private static readonly PhantomFile Mask = Volumes.SmallMask;
    private static readonly PhantomFile Mask2 = PhantomFile.Of(Volumes.Small with { Version = 2 }, new double[84]);
    private static readonly PhantomFile Float = PhantomFile.Of(Volumes.Small with { Datatype = NiftiDatatype.Float32 }, new double[84]);
    private static readonly Affine Millimetre = PhantomFile.Diagonal(1, 1, 1);
    private static readonly PhantomFile BothForms = PhantomFile.Of(Volumes.Small with { Qform = Millimetre }, new double[84]);
    private static readonly PhantomFile QformOnly = PhantomFile.Of(Volumes.Small with { Qform = Millimetre, Sform = null }, new double[84]);

    private static readonly Dictionary<string, (PhantomFile File, Fault Fault)> Fatal = new()
    {
        ["empty"] = (Mask.Cut(0), Faults.NiiShort),
        ["one byte short of a header"] = (Mask.Cut(347), Faults.NiiShort),
        ["NIfTI-2 one byte short of a header"] = (Mask2.Cut(539), Faults.NiiShort),
        ["header only"] = (Mask.Cut(348), Faults.NiiDataShort),
        ["no voxel"] = (Mask.Cut(352), Faults.NiiDataShort),
        ["one voxel short"] = (Mask.Cut(Mask.Bytes.Length - 1), Faults.NiiDataShort),
        ["half a voxel short"] = (Float.Cut(Float.Bytes.Length - 2), Faults.NiiDataShort),
        ["some other file"] = (Mask.Put(0, 1234567).Put(344, 0), Faults.NiiMagic),
        ["unknown magic"] = (Mask.Put(344, (byte)'x'), Faults.NiiMagic),
        ["NIfTI-2 with damaged line ends"] = (Mask2.Put(8, 10, 26, 10, 10), Faults.NiiMagic),
        ["pair"] = (Mask.Put(344, (byte)'n', (byte)'i', (byte)'1', 0), Faults.NiiPair),
        ["NIfTI-2 pair"] = (Mask2.Put(4, (byte)'n', (byte)'i', (byte)'2', 0), Faults.NiiPair),
        ["Analyze"] = (Mask.Put(344, 0), Faults.NiiAnalyze),
        ["sizeof_hdr in no order"] = (Mask.Put(0, 349), Faults.NiiEndian),
        ["rank in the other order"] = (Mask.Put(40, 0, 3), Faults.NiiEndian),
        ["rank 0"] = (Mask.Put(40, (short)0), Faults.NiiNdim),
        ["rank 8"] = (Mask.Put(40, (short)8), Faults.NiiNdim),
        ["rank -1"] = (Mask.Put(40, (short)-1), Faults.NiiNdim),
        ["no rows"] = (Mask.Put(44, (short)0), Faults.NiiDimNonpos),
        ["negative planes"] = (Mask.Put(46, (short)-3), Faults.NiiDimNonpos),
        ["NIfTI-2 endless axis"] = (Mask2.Put(24, long.MaxValue), Faults.NiiDimOverflow),
        ["NIfTI-2 axis of a million and one"] = (Mask2.Put(24, 1_000_001L), Faults.NiiDimOverflow),
        ["larger than the limit"] = (Mask2.Put(24, 1_000_000L).Put(32, 1_000_000L), Faults.GzTooBig),
        ["largest of NIfTI-1"] = (Mask.Put(42, short.MaxValue).Put(44, short.MaxValue).Put(46, short.MaxValue), Faults.GzTooBig),
        ["two volumes"] = (Mask.Put(40, (short)4).Put(48, (short)2), Faults.NiiNot3d),
        ["two channels"] = (Mask.Put(40, (short)5).Put(48, (short)1).Put(50, (short)2), Faults.NiiNot3d),
        ["rank 2"] = (Mask.Put(40, (short)2), Faults.Nii2d),
        ["a line"] = (Mask.Put(44, (short)1).Put(46, (short)1), Faults.Nii2d),
        ["datatype 0"] = (Mask.Put(70, (short)0), Faults.NiiDatatype),
        ["bits"] = (Mask.Put(70, (short)1), Faults.NiiDatatype),
        ["RGB"] = (Mask.Put(70, (short)128), Faults.NiiDatatype),
        ["complex"] = (Mask.Put(70, (short)1792), Faults.NiiDatatype),
        ["float128"] = (Mask.Put(70, (short)1536), Faults.NiiDatatype),
        ["vox_offset NaN"] = (Mask.Put(108, float.NaN), Faults.NiiVoxOffset),
        ["vox_offset infinite"] = (Mask.Put(108, float.PositiveInfinity), Faults.NiiVoxOffset),
        ["vox_offset negative"] = (Mask.Put(108, -352f), Faults.NiiVoxOffset),
        ["vox_offset inside the header"] = (Mask.Put(108, 348f), Faults.NiiVoxOffset),
        ["vox_offset fractional"] = (Mask.Put(108, 352.5f), Faults.NiiVoxOffset),
        ["vox_offset huge"] = (Mask.Put(108, 2e9f), Faults.NiiVoxOffset),
        ["vox_offset behind the end"] = (Mask.Put(108, 100_000f), Faults.NiiVoxOffset),
        ["NIfTI-2 vox_offset below 544"] = (Mask2.Put(168, 352L), Faults.NiiVoxOffset),
        ["spacing 0"] = (Mask.Put(84, 0f), Faults.NiiPixdim),
        ["spacing NaN"] = (Mask.Put(80, float.NaN), Faults.NiiPixdim),
        ["spacing infinite"] = (Mask.Put(88, float.NegativeInfinity), Faults.NiiPixdim),
        ["sform singular, no qform"] = (Mask.Put(280, 0f), Faults.NiiSformSingular),
        ["sform NaN, no qform"] = (Mask.Put(292, float.NaN), Faults.NiiSformSingular),
        ["qform NaN"] = (QformOnly.Put(256, float.NaN), Faults.NiiSformSingular),
        ["sform and qform unusable"] = (BothForms.Put(280, 0f).Put(268, float.PositiveInfinity), Faults.NiiSformSingular),
        ["slope infinite"] = (Mask.Put(112, float.PositiveInfinity), Faults.NiiScl),
        ["intercept NaN"] = (Mask.Put(116, float.NaN), Faults.NiiScl),
        ["bytes behind the voxels"] = (Mask.Append(1), Faults.GzLong),
        ["many zeros behind the voxels"] = (Mask.Append(new byte[4097]), Faults.GzLong),
        ["half a label"] = (Float.Put(352 + 4 * 30, 19.5f), Faults.MskNonintegral),
    };

    private static readonly Dictionary<string, (PhantomFile File, string[] Notes)> Harmless = new()
    {
        ["right"] = (Mask, []),
        ["NIfTI-2"] = (Mask2, ["NII_NIFTI2 Info"]),
        ["big-endian"] = (PhantomFile.Of(Volumes.Small with { BigEndian = true }, new double[84]), ["NII_BIG_ENDIAN Info"]),
        ["unit unknown"] = (Mask.Put(123, (byte)0), []),
        ["unit metre"] = (Mask.Put(123, (byte)1), ["NII_UNITS Warning", "NII_PIXDIM_RANGE Warning", "NII_PIXDIM_RANGE Warning", "NII_PIXDIM_RANGE Warning"]),
        ["unit of a code that means nothing"] = (Mask.Put(123, (byte)7), ["NII_UNITS Warning"]),
        ["trailing axes"] = (Mask.Put(40, (short)5), ["NII_4D Info"]),
        ["rubbish beyond the rank"] = (Mask.Put(48, (short)-7), []),
        ["one plane"] = (PhantomFile.Of(Volumes.Small with { Shape = new VoxelShape(9, 8, 1) }, new double[72]), ["NII_2D Warning"]),
        ["bitpix wrong"] = (Mask.Put(72, (short)16), ["NII_BITPIX Warning"]),
        ["vox_offset 0"] = (Mask.Put(108, 0f), ["NII_VOX_OFFSET Info"]),
        ["vox_offset odd"] = (Mask.Put(108, 353f).Insert(352, 0), ["NII_VOX_OFFSET Info"]),
        ["spacing negative"] = (Mask.Put(80, -1f), ["NII_PIXDIM Warning"]),
        ["spacing tiny"] = (Mask.Put(80, 0.01f).Put(280, 0.01f), ["NII_PIXDIM_RANGE Warning"]),
        ["qfac 0"] = (Mask.Put(76, 0f), ["NII_PIXDIM Info"]),
        ["no affine"] = (Mask.Put(254, (short)0), ["NII_AFFINE_NONE Warning"]),
        ["sform singular, qform good"] = (BothForms.Put(280, 0f), ["NII_SFORM_SINGULAR Warning"]),
        ["quaternion too long"] = (QformOnly.Put(256, 1.001f), ["NII_QFORM_RANGE Warning"]),
        ["quaternion too long by rounding"] = (QformOnly.Put(256, 1.0000001f), []),
        ["sform and qform apart"] = (BothForms.Put(268, -10.2f), ["NII_SQ_MISMATCH Warning"]),
        ["sform and qform nearly alike"] = (BothForms.Put(268, -10.05f), []),
        ["sform good, qform unusable"] = (BothForms.Put(256, float.NaN), ["NII_SQ_MISMATCH Warning"]),
        ["shear"] = (Mask.Put(284, 0.02f), ["NII_OBLIQUE_SHEAR Warning"]),
        ["affine longer than the spacing"] = (Mask.Put(280, 1.02f), ["NII_SPACING_MISMATCH Warning"]),
        ["slope 0"] = (Mask.Put(112, 0f), ["NII_SCL Info"]),
        ["slope and intercept NaN"] = (Mask.Put(112, float.NaN).Put(116, float.NaN), ["NII_SCL Info"]),
        ["free text"] = (Mask.Put(148, (byte)'D', (byte)'o', (byte)'e'), ["PHI_TEXT_PRESENT Info"]),
        ["scaled labels"] = (Mask.Put(112, 2f), ["MSK_SCALED Warning"]),
        ["zeros behind the voxels"] = (Mask.Append(new byte[4096]), ["NII_EXTRA_BYTES Warning"]),
        ["an extension"] = (Mask.Put(108, 384f).Put(348, (byte)1).Insert(352, Extension(32)), []),
        ["two extensions"] = (Mask.Put(108, 400f).Put(348, (byte)1).Insert(352, [.. Extension(16), .. Extension(32)]), []),
        ["extension of no length"] = (Mask.Put(108, 384f).Put(348, (byte)1).Insert(352, Extension(32)).Put(352, 0), ["NII_EXT Warning"]),
        ["extension of negative length"] = (Mask.Put(108, 384f).Put(348, (byte)1).Insert(352, Extension(32)).Put(352, -16), ["NII_EXT Warning"]),
        ["extension of odd length"] = (Mask.Put(108, 384f).Put(348, (byte)1).Insert(352, Extension(32)).Put(352, 31), ["NII_EXT Warning"]),
        ["extension beyond the voxels"] = (Mask.Put(108, 384f).Put(348, (byte)1).Insert(352, Extension(32)).Put(352, 48), ["NII_EXT Warning"]),
        ["extension flag without room"] = (Mask.Put(348, (byte)1), []),
    };

    public static TheoryData<string> FatalNames => [.. Fatal.Keys];

    public static TheoryData<string> HarmlessNames => [.. Harmless.Keys];

    [Theory]
    [MemberData(nameof(FatalNames))]
    public void A_file_that_cannot_be_trusted_is_refused_with_its_code(string name)
    {
        foreach (int pieceBytes in (ReadOnlySpan<int>)[1, 97, 100_000])
        {
            BadFileException bad = Assert.Throws<BadFileException>(() => Volumes.Mask(Fatal[name].File.Pieces(pieceBytes)));
            Assert.Equal(Fatal[name].Fault, bad.Fault);
            Assert.NotNull(bad.Field);
            Assert.NotNull(bad.Observed);
            Assert.NotNull(bad.Expected);
        }
    }

    [Theory]
    [MemberData(nameof(HarmlessNames))]
    public void A_file_that_is_only_odd_is_read_and_noted(string name)
    {
        foreach (int pieceBytes in (ReadOnlySpan<int>)[1, 97, 100_000])
            Assert.Equal(Harmless[name].Notes, Volumes.Mask(Harmless[name].File.Pieces(pieceBytes)).File.Notes.Codes());
    }

    [Fact]
    public void Text_of_a_header_is_never_quoted()
    {
        PhantomFile file = Mask.Put(148, [.. "Jane Doe"u8]).Put(328, [.. "Jane"u8]).Put(228, [.. "Jane"u8]).Put(4, [.. "Jane"u8]).Put(14, [.. "Jane"u8]);

        IReadOnlyList<FileNote> notes = Volumes.Mask(file.Pieces()).File.Notes;

        Assert.Equal(["data_type", "db_name", "descrip", "aux_file", "intent_name"], notes.Select(note => note.Field));
        Assert.DoesNotContain(notes, note => note.ToString().Contains("Jane", StringComparison.Ordinal));
    }

    [Fact]
    public void The_first_voxel_that_is_no_label_is_named()
    {
        BadFileException bad = Assert.Throws<BadFileException>(() => Volumes.Mask(Float.Put(352 + 4 * 30, 19.5f).Put(352 + 4 * 60, 0.5f).Pieces()));

        Assert.StartsWith("19.5 at voxel (2, 0, 1): this looks like ", bad.Observed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bomb_costs_no_more_than_the_volume_it_declares()
    {
        PhantomFile bomb = Mask.Append(new byte[10_000_000]);
        using PieceSource source = new(bomb.Bytes, 1000, 0);

        Assert.Equal(Faults.GzLong, Assert.Throws<BadFileException>(() => Volumes.Mask(source)).Fault);
        Assert.True(source.Position < Mask.Bytes.Length + 4096 + 1000);
    }

    [Fact]
    public void Every_prefix_of_a_file_is_refused()
    {
        foreach (PhantomFile file in (PhantomFile[])[Mask, Mask2, Float, BothForms])
            for (int length = 0; length < file.Bytes.Length; length++)
                Assert.Throws<BadFileException>(() => Volumes.Mask(file.Cut(length).Pieces()));
    }

    private static byte[] Extension(int length) => [(byte)length, 0, 0, 0, 6, 0, 0, 0, .. new byte[length - 8]];
}
