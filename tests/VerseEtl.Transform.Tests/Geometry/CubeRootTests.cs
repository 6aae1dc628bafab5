using System.Numerics;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Tests.Geometry;

public class CubeRootTests
{
    [Fact]
    public void IsTheNearestDouble()
    {
        Random random = new(20261128);
        for (int round = 0; round < 100_000; round++)
        {
            double value = Math.ScaleB(1 + random.NextDouble(), random.Next(-290, 290)), root = CubeRoot.Of(value);
            // half a step down and up, cubed in whole numbers
            Assert.True(Cube(root, Math.BitDecrement(root)) <= Whole(8 * value) && Whole(8 * value) <= Cube(root, Math.BitIncrement(root)),
                $"{value:R}: {root:R}");
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(27, 3)]
    [InlineData(64_000, 40)]
    [InlineData(1e-300, 1e-100)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void IsExactWhereItCanBe(double value, double root) => Assert.Equal(root, CubeRoot.Of(value));

    // 53 bits of values from 2^-300 on are whole in units of 2^-1200, those of their roots in units of 2^-400
    private static BigInteger Whole(double value) => Scaled(value, 1200);

    private static BigInteger Cube(double one, double other) => BigInteger.Pow(Scaled(one, 400) + Scaled(other, 400), 3);

    private static BigInteger Scaled(double value, int bits)
    {
        int exponent = Math.ILogB(value) - 52;
        return (BigInteger)Math.ScaleB(value, -exponent) << (exponent + bits);
    }
}
