using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Nifti;

/// <summary>What slope and intercept of a header mean: value = slope times stored + intercept.</summary>
internal static class Scaling
{
    // float32's own range is not far beyond; NIfTI-2's doubles would overflow in products
    private const double Largest = 1e30;

    /// <summary>Refuses a slope that is infinite or close to it, and such an intercept beside a usable slope.</summary>
    public static void Check(NiftiHeader header)
    {
        if (NiftiHeader.IsUnscaled(header.Slope)) return;
        if (!(Math.Abs(header.Slope) <= Largest))
            throw new BadFileException(Faults.NiiScl, "scl_slope", HeaderChecks.Text(header.Slope), "a number up to 1e30");
        if (!(Math.Abs(header.Intercept) <= Largest))
            throw new BadFileException(Faults.NiiScl, "scl_inter", HeaderChecks.Text(header.Intercept), "a number up to 1e30");
    }

    /// <summary>Slope and intercept in use; 1 and 0 for unscaled values.</summary>
    public static CtScaling Of(NiftiHeader header) =>
        NiftiHeader.IsUnscaled(header.Slope) ? new CtScaling(1, 0) : new CtScaling(header.Slope, header.Intercept);
}
