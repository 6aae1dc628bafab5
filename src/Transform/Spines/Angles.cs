using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Spines;

/// <summary>Angles in the planes of the body, degrees.</summary>
internal static class Angles
{
    /// <summary>How far a direction leans along a world axis as it rises; x (0) seen from the front, y (1) seen from the side.</summary>
    public static double AgainstVertical(Vector3d direction, int axis) => Degrees(Math.Atan2(direction[axis], direction.Z));

    /// <summary>How far a direction that runs backwards rises, seen from the side.</summary>
    public static double Rise(Vector3d backwards) => Degrees(Math.Atan2(backwards.Z, -backwards.Y));

    private static double Degrees(double radians) => radians * (180 / Math.PI);
}
