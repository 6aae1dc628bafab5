using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class BlocksTests
{
    private static readonly CtScaling Scaling = new(0.5, -3);

    [Fact]
    public void Labels_of_random_volumes_are_the_most_frequent_of_each_block()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            LabelVolume volume = LabelVolume.Random(new Random(seed), [1, 7, 20, 28, 99]);
            CoarseGrid blocks = CoarseGrid.Of(Grid(volume.I, volume.J, volume.K), mostBlocks: 1 + seed % 5);
            VoxelShape shape = blocks.Grid.Shape;
            LabelBlocks labels = new(blocks);
            ILookup<int, LabelRun> runs = volume.Runs().ToLookup(run => run.K / blocks[2]);
            byte[] slice = new byte[shape.I * shape.J];
            for (int k = 0; k < shape.K; k++)
            {
                foreach (LabelRun run in runs[k]) labels.Add(run);
                labels.Take(slice);
                for (int at = 0; at < slice.Length; at++)
                    Assert.Equal(Mode(Block(volume, blocks, at % shape.I, at / shape.I, k)), slice[at]);
            }
        }

        static int Mode(IEnumerable<int> labels) => labels.Select(label => label == 99 ? 0 : label).GroupBy(label => label)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key == 0).ThenBy(group => group.Key).First().Key;
    }

    [Fact]
    public void Values_of_random_volumes_are_the_means_of_each_block()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            Random random = new(seed);
            LabelVolume volume = LabelVolume.Random(random, [-2000, 37, 4095, 100_000]);
            long missing = seed % 3 == 0 ? 37 : long.MaxValue;
            CoarseGrid blocks = CoarseGrid.Of(Grid(volume.I, volume.J, volume.K), mostBlocks: 1 + seed % 5);
            VoxelShape shape = blocks.Grid.Shape;
            MeanBlocks means = new(blocks);
            short[] slice = new short[shape.I * shape.J];
            for (int k = 0; k < shape.K; k++)
            {
                for (int z = k * blocks[2]; z < k * blocks[2] + blocks.Length(2, k); z++)
                    for (int y = 0; y < volume.J; y++)
                        means.Add(y, [.. Enumerable.Range(0, volume.I).Select(x => Code(volume[x, y, z]))]);
                means.Take(Scaling, slice);
                for (int at = 0; at < slice.Length; at++)
                    Assert.Equal(Mean(Block(volume, blocks, at % shape.I, at / shape.I, k).Where(value => value != missing)), slice[at]);
            }

            long Code(int value) => value == missing ? HounsfieldHistogram.NotMeasurable : value;
        }

        static short Mean(IEnumerable<int> codes)
        {
            double[] units = [.. codes.Select(code => 0.5 * code - 3)];
            return units.Length == 0 ? short.MinValue : (short)Math.Min(short.MaxValue, Math.Round(units.Average()));
        }
    }

    [Fact]
    public void Values_beyond_16_bits_and_of_any_size_stay_at_the_end_of_the_range()
    {
        CoarseGrid blocks = CoarseGrid.Of(Grid(4, 1, 1), mostBlocks: 2);
        MeanBlocks means = new(blocks);
        short[] slice = new short[2];
        means.Add(0, [HounsfieldHistogram.LargestCode, HounsfieldHistogram.LargestCode, -HounsfieldHistogram.LargestCode, -HounsfieldHistogram.LargestCode]);
        means.Take(new CtScaling(1, 0), slice);
        Assert.Equal([short.MaxValue, -short.MaxValue], slice);
    }

    [Theory]
    [InlineData(256, 1, 256)]
    [InlineData(257, 2, 129)]
    [InlineData(512, 2, 256)]
    [InlineData(513, 3, 171)]
    [InlineData(2000, 8, 250)]
    [InlineData(int.MaxValue, 8388608, 256)]
    public void No_axis_has_more_blocks_than_asked_for_and_none_is_larger_than_need_be(int voxels, int length, int blocks)
    {
        CoarseGrid coarse = CoarseGrid.Of(Grid(1, voxels, 3), 256);
        Assert.Equal((1, length, 1), (coarse[0], coarse[1], coarse[2]));
        Assert.Equal(new VoxelShape(1, blocks, 3), coarse.Grid.Shape);
        Assert.Equal(length > 1, coarse.IsReduced);
    }

    [Fact]
    public void A_block_lies_where_the_voxels_in_it_lie()
    {
        VoxelGrid fine = Grid(10, 9, 8);
        CoarseGrid blocks = CoarseGrid.Of(fine, 4);
        Assert.Equal((3, 3, 2), (blocks[0], blocks[1], blocks[2]));
        for (int k = 0; k < 4; k++)
            for (int j = 0; j < 3; j++)
                for (int i = 0; i < 3; i++) // the fourth is cut off
                {
                    Vector3d sum = default;
                    for (int z = 0; z < 2; z++)
                        for (int y = 0; y < 3; y++)
                            for (int x = 0; x < 3; x++)
                                sum += fine.Affine.Apply(new Vector3d(3 * i + x, 3 * j + y, 2 * k + z));
                    Vector3d apart = blocks.Grid.Affine.Apply(new Vector3d(i, j, k)) - 1.0 / 18 * sum;
                    Assert.InRange(apart.Length, 0, 1e-9);
                }
        Assert.Equal(new Vector3d(3 * 0.5, 3 * 0.75, 2 * 2), blocks.Grid.SpacingMm);
    }

    // oblique and mirrored
    private static VoxelGrid Grid(int i, int j, int k) => new(new VoxelShape(i, j, k),
        new Affine(new(0.4, 0.3, 0), new(0.45, -0.6, 0), new(0, 0, -2), new(11, -7, 5)), AffineSource.Sform, new Vector3d(0.5, 0.75, 2));

    private static IEnumerable<int> Block(LabelVolume volume, CoarseGrid blocks, int i, int j, int k) =>
        from z in Enumerable.Range(k * blocks[2], blocks[2]).Where(z => z < volume.K)
        from y in Enumerable.Range(j * blocks[1], blocks[1]).Where(y => y < volume.J)
        from x in Enumerable.Range(i * blocks[0], blocks[0]).Where(x => x < volume.I)
        select volume[x, y, z];
}
