using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Measuring;

/// <summary>
/// A vertebra's own directions, unit vectors in world millimetres, at its annotated point. Up goes from the annotated point of the next vertebra
/// below to that of the next above, the vertebra's own standing in at the ends of the spine; back from the annotated point, which is in the body,
/// to the centre of mass, which the arch draws backwards, across up.
/// </summary>
/// <param name="Up">Null for a vertebra alone: nothing says then how it stands.</param>
public sealed record VertebraFrame(Vector3d OriginMm, Vector3d? Up, Vector3d Back)
{
    /// <summary>Centre of mass and annotated point nearer together than this say nothing about a direction.</summary>
    private const double LeastBackMm = 2;

    /// <summary>Null without annotation, or where the centre of mass does not lie apart from the annotated point.</summary>
    /// <param name="vertebrae">Of one scan, in anatomical order.</param>
    /// <param name="at">Which of them.</param>
    public static VertebraFrame? Of(IReadOnlyList<LocatedVertebra> vertebrae, int at)
    {
        if (vertebrae[at].AnnotatedMm is not Vector3d origin) return null;
        Vector3d above = Enumerable.Range(0, at).Reverse().Select(before => vertebrae[before].AnnotatedMm).FirstOrDefault(mm => mm is not null) ?? origin;
        Vector3d below = vertebrae.Skip(at + 1).Select(after => after.AnnotatedMm).FirstOrDefault(mm => mm is not null) ?? origin;
        double apart = (above - below).Length;
        Vector3d? up = apart > 0 ? 1 / apart * (above - below) : null;
        Vector3d back = vertebrae[at].CentroidMm - origin;
        if (up is Vector3d axis) back -= Vector3d.Dot(back, axis) * axis;
        return back.Length < LeastBackMm ? null : new VertebraFrame(origin, up, 1 / back.Length * back);
    }
}
