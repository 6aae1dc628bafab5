using VerseEtl.Transform;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Nifti;

/// <summary>What slope and intercept of a header mean: value = slope times stored + intercept.</summary>
internal static class Scaling
{
    /// <summary>Refuses an infinite slope, and an intercept that is not finite beside a usable slope.</summary>
    public static void Check(NiftiHeader header)
    {
        if (NiftiHeader.IsUnscaled(header.Slope)) return;
        if (!double.IsFinite(header.Slope)) throw new BadFileException(Faults.NiiScl, "scl_slope", HeaderChecks.Text(header.Slope), "a finite number");
        if (!double.IsFinite(header.Intercept)) throw new BadFileException(Faults.NiiScl, "scl_inter", HeaderChecks.Text(header.Intercept), "a finite number");
    }

    /// <summary>Slope and intercept in use; 1 and 0 for unscaled values.</summary>
    public static CtScaling Of(NiftiHeader header) =>
        NiftiHeader.IsUnscaled(header.Slope) ? new CtScaling(1, 0) : new CtScaling(header.Slope, header.Intercept);
}
