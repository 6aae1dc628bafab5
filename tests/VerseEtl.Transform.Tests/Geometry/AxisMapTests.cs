using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Tests.Geometry;

public sealed class AxisMapTests
{
    /// <summary>RAS, sizes and spacings all different.</summary>
    private static readonly VoxelGrid Ras = new(
        new VoxelShape(2, 3, 4), new(new(0.5, 0, 0), new(0, 0.7, 0), new(0, 0, 1.1), new(10, 20, 30)), AffineSource.Qform, new(0.5, 0.7, 1.1));

    [Fact]
    public void One_voxel_of_RAS_read_as_PIR()
    {
        // PIR: i runs to posterior (A flipped), j to inferior (S flipped), k to the right
        AxisMap map = AxisMap.Between(Ras, Reordered("PIR"))!;
        Assert.Equal((3 - 1 - 2, 4 - 1 - 1, 1), map.Apply(1, 2, 1));
        Assert.Equal((1, 2, 1), map.Invert(0, 2, 1));
        Assert.False(map.IsIdentity);
        Assert.Equal("-j -k +i", map.ToString());
    }

    [Fact]
    public void Every_stored_order_puts_every_voxel_where_it_lies_in_the_world_and_back()
    {
        int orders = 0;
        foreach (string codes in Orders())
        {
            orders++;
            VoxelGrid to = Reordered(codes);
            AxisMap map = AxisMap.Between(Ras, to)!;
            Assert.Equal(codes == "RAS", map.IsIdentity);
            for (int k = 0; k < 4; k++)
                for (int j = 0; j < 3; j++)
                    for (int i = 0; i < 2; i++)
                    {
                        (int x, int y, int z) = map.Apply(i, j, k);
                        Assert.Equal(0, (Ras.Affine.Apply(new(i, j, k)) - to.Affine.Apply(new(x, y, z))).Length, 1e-12);
                        Assert.Equal((i, j, k), map.Invert(x, y, z));
                    }
            VoxelGrid back = map.InSourceOrder(to);
            Assert.Equal((Ras.Shape, Ras.SpacingMm, Ras.AffineSource), (back.Shape, back.SpacingMm, back.AffineSource));
            Assert.Equal(0, Ras.LargestCornerDistanceMm(back), 1e-12);
        }
        Assert.Equal(48, orders);
    }

    [Theory]
    [InlineData(45, 0)]
    [InlineData(45, 1)]
    [InlineData(45, 2)]
    [InlineData(44.99, 0)]
    [InlineData(54.7356, 1)]
    [InlineData(137, 2)]
    public void A_tilt_leaves_the_map_of_every_stored_order_as_it_was(double degrees, int axis)
    {
        foreach (string codes in Orders())
        {
            VoxelGrid from = Tilted(Ras, degrees, axis), to = Tilted(Reordered(codes), degrees, axis);
            AxisMap map = AxisMap.Between(from, to)!;
            Assert.Equal(codes == "RAS", map.IsIdentity);
            Assert.Equal(AxisMap.Between(Ras, Reordered(codes))!.Apply(1, 2, 1), map.Apply(1, 2, 1));
            Assert.Equal(0, from.LargestCornerDistanceMm(map.InSourceOrder(to)), 1e-12);
        }
    }

    [Theory]
    [InlineData(2, 3, 5)]
    [InlineData(2, 4, 4)]
    [InlineData(3, 3, 4)]
    [InlineData(3, 2, 4)]
    public void Grids_of_other_sizes_along_the_same_anatomical_axes_have_no_map(int i, int j, int k) =>
        Assert.Null(AxisMap.Between(Ras, Ras with { Shape = new VoxelShape(i, j, k) }));

    /// <summary>The grid turned about a world axis, all of it in one piece.</summary>
    private static VoxelGrid Tilted(VoxelGrid grid, double degrees, int axis)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        Vector3d Turn(Vector3d v) => axis switch
        {
            0 => new(v.X, cos * v.Y - sin * v.Z, sin * v.Y + cos * v.Z),
            1 => new(cos * v.X + sin * v.Z, v.Y, -sin * v.X + cos * v.Z),
            _ => new(cos * v.X - sin * v.Y, sin * v.X + cos * v.Y, v.Z),
        };
        Affine affine = grid.Affine;
        return new VoxelGrid(grid.Shape, new(Turn(affine.I), Turn(affine.J), Turn(affine.K), Turn(affine.Origin)), grid.AffineSource, grid.SpacingMm);
    }

    private static IEnumerable<string> Orders() =>
        from a in "RLAPSI"
        from b in "RLAPSI"
        from c in "RLAPSI"
        where Orientation.TryParse($"{a}{b}{c}", out _)
        select $"{a}{b}{c}";

    /// <summary>The voxels of <see cref="Ras"/> stored in another order.</summary>
    private static VoxelGrid Reordered(string codes)
    {
        Vector3d[] columns = new Vector3d[3];
        double[] spacing = new double[3];
        int[] shape = new int[3];
        Vector3d origin = Ras.Affine.Origin;
        for (int axis = 0; axis < 3; axis++)
        {
            int world = "RLAPSI".IndexOf(codes[axis], StringComparison.Ordinal) / 2;
            (shape[axis], spacing[axis], columns[axis]) = (Ras.Shape[world], Ras.SpacingMm[world], Ras.Affine.Column(world));
            if ("RAS".Contains(codes[axis], StringComparison.Ordinal)) continue;
            origin += (shape[axis] - 1) * columns[axis];
            columns[axis] = -1 * columns[axis];
        }
        return new VoxelGrid(new VoxelShape(shape[0], shape[1], shape[2]), new(columns[0], columns[1], columns[2], origin),
            AffineSource.Qform, new(spacing[0], spacing[1], spacing[2]));
    }
}
