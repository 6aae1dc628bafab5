using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Kernels;

public sealed class ComponentsTests
{
    /// <summary>Slices apart by '/', rows by a blank, '#' a voxel of the label.</summary>
    [Theory]
    [InlineData("##", 1, 2)]
    [InlineData("#.#", 2, 1)]
    [InlineData("#.. .#. ..#", 1, 3)]
    [InlineData("#.. ... ..#", 2, 1)]
    [InlineData("..# #..", 2, 1)]
    [InlineData("... ..# / #.. ...", 2, 1)]
    [InlineData("#.. ... / .#. ... / ..# ...", 1, 3)]
    [InlineData("#.. ... / ... .#. / ... ...", 1, 2)]
    [InlineData("... .#. / #.. ...", 1, 2)]
    [InlineData("#.. ... ... / ... ... #..", 2, 1)]
    [InlineData("#.. ... / ... ... / #.. ...", 2, 1)]
    [InlineData("#.#.# / ..... / #.#.#", 6, 1)]
    [InlineData("#.#.# / #####", 1, 8)]
    [InlineData("##### / #.#.#", 1, 8)]
    [InlineData("#.#.# / #.#.# / ###.. / #####", 2, 12)]
    [InlineData("#.#.# / #.#.# / ###..", 2, 7)]
    [InlineData("#...# #...# ##### / ..... ..... .....", 1, 9)]
    [InlineData("#...#...# #...#...# #########", 1, 15)]
    [InlineData("#.#.# / ..... / ##... / .....", 4, 2)]
    [InlineData("###.# / ....# / ....# / ....#", 2, 4)]
    [InlineData("....# / ###.# / ..... / #....", 3, 3)]
    [InlineData("#...# ..... / ..... #...#", 2, 2)]
    [InlineData("..... #...# / #...# .....", 2, 2)]
    [InlineData("#... .#.. .... .... / .... .... ..#. ...#", 1, 4)]
    [InlineData("#...# ..... ..... / ..... #...# .#...", 2, 3)]
    [InlineData("#.#...# / ###...# / #.....#", 2, 6)]
    public void Voxels_that_share_a_corner_are_one_component(string picture, int count, int largest)
    {
        string[][] slices = [.. picture.Split('/').Select(slice => slice.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        LabelVolume volume = new(slices[0][0].Length, slices[0].Length, slices.Length);
        for (int z = 0; z < volume.K; z++)
            for (int y = 0; y < volume.J; y++)
                for (int x = 0; x < volume.I; x++) volume[x, y, z] = slices[z][y][x] == '#' ? 20 : 0;
        Components components = new();
        foreach (LabelRun run in volume.Runs()) Assert.True(components.Add(run));
        components.Finish();
        Assert.Equal((count, largest), (components.Count(20), components.Largest(20)));
        Assert.Equal((0, 0L), (components.Count(21), components.Largest(21)));
    }

    [Fact]
    public void Thousands_of_islands_in_a_slice_stay_apart_until_a_plate_joins_them()
    {
        LabelVolume volume = new(199, 199, 2);
        for (int y = 0; y < 199; y += 2)
            for (int x = 0; x < 199; x += 2) volume[x, y, 0] = 20;
        Assert.Equal((100 * 100, 1), Measured(volume));
        for (int y = 0; y < 199; y++)
            for (int x = 0; x < 199; x++) volume[x, y, 1] = 20;
        Assert.Equal((1, (100 * 100) + (199 * 199)), Measured(volume));
    }

    [Fact]
    public void A_slice_with_more_runs_than_a_label_map_has_is_refused_and_the_next_slice_counts_anew()
    {
        Components components = new();
        int taken = 0;
        while (components.Add(new LabelRun(1 + (taken & 1), taken % 500_000 * 2, taken / 500_000 * 2, 0, 1))) taken++;
        Assert.Equal(4_000_000, taken);
        Assert.True(components.Add(new LabelRun(1, 0, 0, 1, 1)));
    }

    private static (int, long) Measured(LabelVolume volume)
    {
        Components components = new();
        foreach (LabelRun run in volume.Runs()) components.Add(run);
        components.Finish();
        return (components.Count(20), components.Largest(20));
    }
}
