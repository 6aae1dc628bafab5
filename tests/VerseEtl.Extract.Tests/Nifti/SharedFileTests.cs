using VerseEtl.Extract.Nifti;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Files of other projects' test suites; what they hold was read with nibabel.</summary>
public sealed class SharedFileTests
{
    [Theory]
    [InlineData("complex128-2d.nii", "NII_2D")]
    [InlineData("extension-2d.nii", "NII_2D")]
    [InlineData("fuzz-crash-1.nii", "NII_ENDIAN")]
    [InlineData("nifti2-4d.nii.gz", "NII_NOT_3D")]
    [InlineData("rgb-3d.nii", "NII_DATATYPE")]
    public void What_is_no_volume_is_refused(string name, string code)
    {
        using PieceSource source = SharedData.Pieces("nifti", name);

        Assert.Equal(code, Assert.Throws<BadFileException>(() => VolumeFile.Open(source, new ReadingLimits())).Fault.Code);
    }

    [Theory]
    [InlineData("uint8")]
    [InlineData("int8")]
    [InlineData("int16")]
    [InlineData("uint16")]
    [InlineData("int32")]
    [InlineData("uint32")]
    [InlineData("int64")]
    [InlineData("uint64")]
    [InlineData("float32")]
    [InlineData("float64")]
    public void Every_stored_type_of_another_writer_reads_as_0_to_26(string datatype)
    {
        using PieceSource source = SharedData.Pieces("nifti", $"27-{datatype}.nii");
        VolumeFile file = VolumeFile.Open(source, new ReadingLimits());
        CtReader ct = new(file);
        long[] codes = new long[27];
        ct.Read(0, codes);
        ct.Finish();
        using PieceSource again = SharedData.Pieces("nifti", $"27-{datatype}.nii");

        Assert.Equal(datatype, file.DatatypeName);
        double[] values = [.. codes.Select(code => code * ct.Scaling.Slope + ct.Scaling.Intercept)];
        Assert.Equal(Enumerable.Range(0, 27).Select(value => (double)value), values.Order());
        Assert.Equal(values.Where(value => value != 0), Volumes.Mask(again).Runs.Select(run => (double)run.Label));
        Assert.Empty(file.Notes.Problems());
    }

    [Theory]
    [InlineData("anatomical.nii", -610, 30393, 284166082, "LAS", AffineSource.Sform)]
    [InlineData("bigendian-minimal.nii.gz", 0, 63, 1290240, "LAS", AffineSource.Pixdim)]
    [InlineData("slope-uint8.nii.gz", 0, 255, 4148290, "RAS", AffineSource.Sform)]
    public void Volumes_of_other_writers_hold_what_nibabel_reads(string name, long least, long most, long sum, string orientation, AffineSource affineSource)
    {
        using PieceSource source = SharedData.Pieces("nifti", name);
        VolumeFile file = VolumeFile.Open(source, new ReadingLimits());
        CtReader ct = new(file);
        long[] codes = new long[file.Grid.Shape.VoxelCount];
        ct.Read(0, codes);
        ct.Finish();

        Assert.Equal((least, most, sum), (codes.Min(), codes.Max(), codes.Sum()));
        Assert.Equal((orientation, affineSource), (file.Grid.Orientation.Codes, file.Grid.AffineSource));
    }

    [Fact]
    public void A_mask_of_sub_regions_is_read_in_full()
    {
        using PieceSource source = SharedData.Pieces("loose", "sub-ct_seg-subreg_label-22_msk.nii.gz");
        (List<LabelRun> runs, _) = Volumes.Mask(source);

        Assert.Equal(36348, runs.Sum(run => (long)run.Length));
        Assert.Equal([41, 42, 43, 44, 45, 46, 47, 48, 49, 50], runs.Select(run => run.Label).Distinct().Order());
    }
}
