using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Spines;

/// <summary>An end plate: its middle (mm, world) and its direction backwards (unit vector), of the columns `endplate_*`.</summary>
internal readonly record struct Endplate(Vector3d MiddleMm, Vector3d Backwards)
{
    public static Endplate? Superior(VertebraRow? row) => row is
    {
        EndplateSuperiorXMm: double x, EndplateSuperiorYMm: double y, EndplateSuperiorZMm: double z,
        EndplateSuperiorBackX: double u, EndplateSuperiorBackY: double v, EndplateSuperiorBackZ: double w
    } ? new Endplate(new(x, y, z), new(u, v, w)) : null;

    public static Endplate? Inferior(VertebraRow? row) => row is
    {
        EndplateInferiorXMm: double x, EndplateInferiorYMm: double y, EndplateInferiorZMm: double z,
        EndplateInferiorBackX: double u, EndplateInferiorBackY: double v, EndplateInferiorBackZ: double w
    } ? new Endplate(new(x, y, z), new(u, v, w)) : null;

    /// <summary>
    /// The angle seen from the side by which a plate below opens to the front against one above, as Cobb's angle is drawn: positive for
    /// lordosis, negative for kyphosis. Null without either.
    /// </summary>
    public static double? OpeningDeg(Endplate? above, Endplate? below) =>
        above is Endplate upper && below is Endplate lower ? Angles.Rise(lower.Backwards) - Angles.Rise(upper.Backwards) : null;

    /// <summary>Where a line meets the plate, mm along a unit vector from a point.</summary>
    public double MeetsAt(Vector3d fromMm, Vector3d along)
    {
        Vector3d across = along - Vector3d.Dot(along, Backwards) * Backwards;
        return Vector3d.Dot(across, MiddleMm - fromMm) / Vector3d.Dot(across, along);
    }
}
