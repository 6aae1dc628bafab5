using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Tests.Nifti;

public sealed class GoldenAffineTests
{
    [Fact]
    public void The_affine_of_a_header_is_the_one_nibabel_gives()
    {
        Assert.All(GoldenAffines.Cases, golden =>
        {
            NiftiVolumeSpec spec =
                new() { Shape = new VoxelShape(golden.Shape[0], golden.Shape[1], golden.Shape[2]), Version = golden.Version, BigEndian = golden.BigEndian };
            PhantomFile file = new(NiftiWriter.Header(spec), golden.BigEndian);
            file = PutReals(file, golden.Version == 1 ? 76 : 104, golden.Version, golden.Pixdim);
            file = golden.Version == 1
                ? file.Put(252, (short)golden.QformCode).Put(254, (short)golden.SformCode)
                : file.Put(344, golden.QformCode).Put(348, golden.SformCode);
            file = PutReals(file, golden.Version == 1 ? 256 : 352, golden.Version, golden.Quatern);
            file = PutReals(file, golden.Version == 1 ? 268 : 376, golden.Version, golden.Qoffset);
            file = PutReals(file, golden.Version == 1 ? 280 : 400, golden.Version, golden.Srow);

            VoxelGrid grid = NiftiHeader.Parse(file.Bytes, new ReadingLimits()).Grid;

            double[] affine = grid.Affine.ToRowMajor();
            for (int item = 0; item < 12; item++)
                Assert.Equal(golden.Affine[item], affine[item], 1e-14 * Math.Max(10, Math.Abs(golden.Affine[item])));
            Assert.Equal(new Vector3d(golden.Pixdim[1], golden.Pixdim[2], golden.Pixdim[3]), grid.SpacingMm);
            Assert.Equal(golden.SformCode != 0 ? AffineSource.Sform : golden.QformCode != 0 ? AffineSource.Qform : AffineSource.Pixdim, grid.AffineSource);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_written_qform_reads_back_as_the_same_affine(int version)
    {
        Random random = new(7);
        for (int round = 0; round < 200; round++)
        {
            Vector3d spacing = new(0.3 + random.NextDouble(), 0.3 + random.NextDouble(), 0.5 + random.NextDouble());
            Vector3d i = Unit(RandomVector(random)), k = Unit(Vector3d.Cross(i, RandomVector(random))), j = Vector3d.Cross(k, i);
            double mirror = random.Next(2) == 0 ? 1 : -1;
            Affine affine = new(spacing.X * i, spacing.Y * j, mirror * spacing.Z * k, 100 * RandomVector(random));
            NiftiVolumeSpec spec = new() { Shape = new VoxelShape(5, 6, 7), SpacingMm = spacing, Qform = affine, Version = version };

            Affine read = NiftiHeader.Parse(NiftiWriter.Header(spec), new ReadingLimits()).Grid.Affine;

            Assert.All(Enumerable.Range(0, 12), item => Assert.Equal(affine.ToRowMajor()[item], read.ToRowMajor()[item], version == 1 ? 2e-3 : 1e-7));
        }
    }

    private static PhantomFile PutReals(PhantomFile file, int offset, int version, double[] values)
    {
        for (int item = 0; item < values.Length; item++)
            file = version == 1 ? file.Put(offset + 4 * item, (float)values[item]) : file.Put(offset + 8 * item, values[item]);
        return file;
    }

    private static Vector3d RandomVector(Random random) => new(random.NextDouble() - 0.5, random.NextDouble() - 0.5, random.NextDouble() - 0.5);

    private static Vector3d Unit(Vector3d v) => 1 / v.Length * v;
}
