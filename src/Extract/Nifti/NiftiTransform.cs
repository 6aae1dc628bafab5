using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using static VerseEtl.Extract.Nifti.HeaderChecks;

namespace VerseEtl.Extract.Nifti;

/// <summary>
/// The affine of a header: the sform if it is coded, else the qform if it is coded, else one made from pixdim as nibabel makes it
/// (x runs to the left, the origin is the centre of the volume). Computed in double from what is stored.
/// </summary>
internal static class NiftiTransform
{
    private const double SmallestDeterminant = 1e-9;

    // a thousand kilometres: from there on, distances between neighbouring voxels drown in the coordinates' rounding
    private const double FarthestMm = 1e9;
    private const double LongestQuaternion = 1 + 1e-5;
    private const double CornerToleranceMm = 0.1;
    private const double ShearTolerance = 0.01;
    private const double SpacingTolerance = 0.01;

    /// <summary>Chooses the affine, and checks it against the other one and against the spacing.</summary>
    /// <param name="spacing">Magnitudes of pixdim 1..3, mm.</param>
    /// <param name="millimetres">Per stored unit of length.</param>
    /// <exception cref="BadFileException">No coded affine is usable.</exception>
    public static VoxelGrid Grid(HeaderBytes header, VoxelShape shape, Vector3d spacing, double millimetres, List<FileNote> notes)
    {
        bool sformCoded = header.Integer(NiftiFields.SformCode) != 0, qformCoded = header.Integer(NiftiFields.QformCode) != 0;
        double qfac = Qfac(header, notes);
        Affine? sform = sformCoded ? Usable(Scaled(Sform(header), millimetres)) : null;
        Affine? qform = qformCoded ? Usable(Qform(header, qfac, spacing, millimetres, notes)) : null;
        if (sformCoded && sform is null && qform is not null)
            notes.Add(new FileNote(Faults.NiiSformUnusable, "srow", "singular, too large or not finite", "an invertible matrix"));
        if (!sformCoded && !qformCoded) notes.Add(new FileNote(Faults.NiiAffineNone, "sform_code", "0", "a coded sform or qform"));

        (Affine affine, AffineSource source) = (sform, qform) switch
        {
            (Affine coded, _) => (coded, AffineSource.Sform),
            (null, Affine coded) => (coded, AffineSource.Qform),
            _ when !sformCoded && !qformCoded && Usable(FromPixdim(shape, spacing)) is Affine made => (made, AffineSource.Pixdim),
            _ => throw new BadFileException(Faults.NiiSformSingular, sformCoded ? "srow" : qformCoded ? "quatern" : "pixdim",
                "singular, too large or not finite", "an invertible matrix"),
        };
        VoxelGrid grid = new(shape, affine, source, spacing);
        if (sform is not null && qformCoded) Agreement(grid, qform, notes);
        RightAngles(affine, notes);
        if (source == AffineSource.Sform) SpacingAgreement(affine, spacing, notes);
        return grid;
    }

    private static double Qfac(HeaderBytes header, List<FileNote> notes)
    {
        double stored = header.Real(NiftiFields.Pixdim);
        if (stored is 1 or -1) return stored;
        notes.Add(new FileNote(Faults.NiiQfac, "pixdim[0]", Text(stored), "1 or -1"));
        return 1;
    }

    private static Affine Sform(HeaderBytes header) => new(SformColumn(header, 0), SformColumn(header, 1), SformColumn(header, 2), SformColumn(header, 3));

    private static Vector3d SformColumn(HeaderBytes header, int column) =>
        new(header.Real(NiftiFields.Srow, column), header.Real(NiftiFields.Srow, 4 + column), header.Real(NiftiFields.Srow, 8 + column));

    private static Affine Qform(HeaderBytes header, double qfac, Vector3d spacing, double millimetres, List<FileNote> notes)
    {
        Quaternion quaternion = new(header.Real(NiftiFields.Quatern), header.Real(NiftiFields.Quatern, 1), header.Real(NiftiFields.Quatern, 2), qfac);
        if (quaternion.SquaredLength > LongestQuaternion)
            notes.Add(new FileNote(Faults.NiiQformRange, "quatern", $"squared length {Text(quaternion.SquaredLength)}", "at most 1"));
        (Vector3d i, Vector3d j, Vector3d k) = quaternion.Rotation();
        Vector3d origin = new(header.Real(NiftiFields.Qoffset), header.Real(NiftiFields.Qoffset, 1), header.Real(NiftiFields.Qoffset, 2));
        return new Affine(spacing.X * i, spacing.Y * j, spacing.Z * k, millimetres * origin);
    }

    private static Affine FromPixdim(VoxelShape shape, Vector3d spacing) => new(
        new Vector3d(-spacing.X, 0, 0), new Vector3d(0, spacing.Y, 0), new Vector3d(0, 0, spacing.Z),
        new Vector3d((shape.I - 1) / 2.0 * spacing.X, -(shape.J - 1) / 2.0 * spacing.Y, -(shape.K - 1) / 2.0 * spacing.Z));

    private static Affine Scaled(Affine affine, double millimetres) =>
        new(millimetres * affine.I, millimetres * affine.J, millimetres * affine.K, millimetres * affine.Origin);

    private static Affine? Usable(Affine affine)
    {
        Vector3d norms = affine.ColumnNorms;
        double determinant = Math.Abs(affine.Determinant), box = norms.X * norms.Y * norms.Z;
        bool invertible = affine.IsFinite && double.IsFinite(determinant) && double.IsFinite(box)
            && Math.Max(affine.Origin.Length, Math.Max(norms.X, Math.Max(norms.Y, norms.Z))) <= FarthestMm
            && determinant >= SmallestDeterminant && determinant >= SmallestDeterminant * box;
        return invertible ? affine : null;
    }

    private static void Agreement(VoxelGrid sform, Affine? qform, List<FileNote> notes)
    {
        double apart = qform is Affine affine ? sform.LargestCornerDistanceMm(sform with { Affine = affine }) : double.NaN;
        if (apart <= CornerToleranceMm) return;
        notes.Add(new FileNote(Faults.NiiSqMismatch, "qform",
            qform is null ? "singular, too large or not finite" : $"{Text(Math.Round(apart, 3))} mm apart", "at most 0.1 mm"));
    }

    private static void RightAngles(Affine affine, List<FileNote> notes)
    {
        double Cosine(Vector3d a, Vector3d b) => Math.Abs(Vector3d.Dot(a, b) / (a.Length * b.Length));
        double worst = Math.Max(Cosine(affine.I, affine.J), Math.Max(Cosine(affine.I, affine.K), Cosine(affine.J, affine.K)));
        if (worst > ShearTolerance)
            notes.Add(new FileNote(Faults.NiiObliqueShear, "affine", $"cosine {Text(Math.Round(worst, 4))} between two axes", "at most 0.01"));
    }

    private static void SpacingAgreement(Affine affine, Vector3d spacing, List<FileNote> notes)
    {
        Vector3d norms = affine.ColumnNorms;
        for (int axis = 0; axis < 3; axis++)
            if (Math.Abs(norms[axis] - spacing[axis]) > SpacingTolerance * spacing[axis])
                notes.Add(new FileNote(Faults.NiiSpacingMismatch, $"pixdim[{axis + 1}]",
                    $"{Text(spacing[axis])} mm", $"{Text(Math.Round(norms[axis], 6))} mm by the affine"));
    }
}
