namespace VerseEtl.Transform.Geometry;

/// <summary>
/// The double that is nearest to a cube root, by operations that every processor rounds alike. The system's library may be off by a bit, and by
/// another one on another machine.
/// </summary>
internal static class CubeRoot
{
    private const double Least = 1e-90, Most = 1e90;

    /// <param name="value">Positive; beyond 1e-90 to 1e90, where products would leave the range of doubles, the library answers.</param>
    public static double Of(double value)
    {
        if (value is not (>= Least and <= Most)) return Math.Cbrt(value);
        // a third of the exponent, and of what is left over by it, is off by 5 % at most
        double near = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) / 3 + 0x2a9f_7893_782d_a1ce);
        for (int step = 0; step < 4; step++) near -= (near - value / (near * near)) / 3;
        double square = near * near, cube = square * near;
        double beyond = Math.FusedMultiplyAdd(near, near, -square) * near + Math.FusedMultiplyAdd(square, near, -cube);
        return near + (value - cube - beyond) / (3 * square);
    }
}
