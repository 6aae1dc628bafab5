using System.Numerics;
using VerseEtl.Extract.Nifti;

namespace VerseEtl.Extract.Tests.Nifti;

public class BordersTests
{
    [Fact]
    public void All_voxels_that_differ_from_the_one_before_are_found_whatever_their_size()
    {
        Random random = new(20261125);
        for (int round = 0; round < 3000; round++)
        {
            Check<byte>(random);
            Check<ushort>(random);
            Check<uint>(random);
            Check<ulong>(random);
        }
    }

    [Fact]
    public void Every_voxel_may_differ()
    {
        byte[] voxels = [.. Enumerable.Range(0, Borders.MostVoxels + 1).Select(at => (byte)(at % 2))];
        ushort[] positions = new ushort[Borders.Room];
        Assert.Equal(Borders.MostVoxels, Borders.Find<byte>(voxels, positions));
        Assert.Equal(Enumerable.Range(1, Borders.MostVoxels), positions.Take(Borders.MostVoxels).Select(at => (int)at));
    }

    private static void Check<T>(Random random) where T : unmanaged, IBinaryInteger<T>
    {
        T[] voxels = new T[random.Next(1, random.Next(2, Borders.MostVoxels + 2))];
        double change = Math.Pow(random.NextDouble(), 3);
        for (int at = 1; at < voxels.Length; at++)
            voxels[at] = random.NextDouble() < change ? Pattern<T>(random) : voxels[at - 1];
        List<int> expected = [];
        for (int at = 1; at < voxels.Length; at++)
            if (!voxels[at].Equals(voxels[at - 1])) expected.Add(at);
        ushort[] positions = new ushort[Borders.Room];
        int count = Borders.Find<T>(voxels, positions);
        Assert.Equal(expected, positions.Take(count).Select(at => (int)at));
    }

    // differences in any one bit, the highest included
    private static T Pattern<T>(Random random) where T : unmanaged, IBinaryInteger<T> => T.One << random.Next(int.CreateChecked(T.PopCount(T.AllBitsSet)));
}
