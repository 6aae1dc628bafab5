using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Every field that is read, put at the offset that nifti1.h and nifti2.h give.</summary>
public sealed class NiftiHeaderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fields_of_nifti1_stand_where_the_standard_puts_them(bool bigEndian)
    {
        PhantomFile file = new PhantomFile(new byte[540], bigEndian)
            .Put(0, 348).Put(344, (byte)'n', (byte)'+', (byte)'1', 0)
            .Put(40, (short)4).Put(42, (short)11).Put(44, (short)12).Put(46, (short)13).Put(48, (short)1).Put(50, (short)-5)
            .Put(70, (short)512).Put(72, (short)16)
            .Put(76, -1f).Put(80, 0.5f).Put(84, 0.25f).Put(88, 2f)
            .Put(108, 368f).Put(112, -2f).Put(116, 7f).Put(123, (byte)(2 + 8))
            .Put(252, (short)1).Put(254, (short)2)
            .Put(280, 0.5f).Put(292, 4f).Put(300, 0.25f).Put(308, 5f).Put(320, 2f).Put(324, 6f);

        NiftiHeader header = NiftiHeader.Parse(file.Bytes, new ReadingLimits());

        Assert.Equal((1, bigEndian, NiftiDatatype.UInt16, 16, 368L), (header.Version, header.BigEndian, header.Datatype, header.Bitpix, header.VoxOffset));
        Assert.Equal((-2.0, 7.0, 2, 1, 2), (header.Slope, header.Intercept, header.Units, header.QformCode, header.SformCode));
        Assert.Equal(new VoxelShape(11, 12, 13), header.Grid.Shape);
        Assert.Equal(new Vector3d(0.5, 0.25, 2), header.Grid.SpacingMm);
        Assert.Equal(new Affine(new(0.5, 0, 0), new(0, 0.25, 0), new(0, 0, 2), new(4, 5, 6)), header.Grid.Affine);
        Assert.Equal(2L * 11 * 12 * 13, header.DataBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fields_of_nifti2_stand_where_the_standard_puts_them(bool bigEndian)
    {
        PhantomFile file = new PhantomFile(new byte[540], bigEndian)
            .Put(0, 540).Put(4, (byte)'n', (byte)'+', (byte)'2', 0, 13, 10, 26, 10)
            .Put(12, (short)1024).Put(14, (short)64)
            .Put(16, 3L).Put(24, 40_000L).Put(32, 12L).Put(40, 13L)
            .Put(104, 1.0).Put(112, 0.5).Put(120, 0.25).Put(128, 2.0)
            .Put(168, 560L).Put(176, 3.0).Put(184, -7.0)
            .Put(344, 1).Put(352, 0.0).Put(360, 0.0).Put(368, 0.0).Put(376, 4.0).Put(384, 5.0).Put(392, 6.0)
            .Put(500, 2);

        NiftiHeader header = NiftiHeader.Parse(file.Bytes, new ReadingLimits());

        Assert.Equal((2, bigEndian, NiftiDatatype.Int64, 64, 560L), (header.Version, header.BigEndian, header.Datatype, header.Bitpix, header.VoxOffset));
        Assert.Equal((3.0, -7.0, 2, 1, 0), (header.Slope, header.Intercept, header.Units, header.QformCode, header.SformCode));
        Assert.Equal(new VoxelShape(40_000, 12, 13), header.Grid.Shape);
        Assert.Equal(AffineSource.Qform, header.Grid.AffineSource);
        Assert.Equal(new Affine(new(0.5, 0, 0), new(0, 0.25, 0), new(0, 0, 2), new(4, 5, 6)), header.Grid.Affine);
    }

    [Theory]
    [InlineData(1, false, 1000)]
    [InlineData(3, true, 0.001)]
    public void Lengths_in_another_unit_become_millimetres(int unit, bool qform, double scale)
    {
        double step = 1 / scale;
        Affine stored = new(new(step, 0, 0), new(0, step, 0), new(0, 0, step), new(-10 * step, 20 * step, 30 * step));
        NiftiVolumeSpec spec = Volumes.Small
            with
        { Units = unit, SpacingMm = new(step, step, step), Sform = qform ? null : stored, Qform = qform ? stored : null };

        VoxelGrid grid = NiftiHeader.Parse(NiftiWriter.Header(spec), new ReadingLimits()).Grid;

        Assert.Equal(1, grid.SpacingMm.Y, 1e-6);
        Assert.Equal(0, (grid.Affine.Apply(new(1, 1, 1)) - new Vector3d(-9, 21, 31)).Length, 1e-5);
    }
}
