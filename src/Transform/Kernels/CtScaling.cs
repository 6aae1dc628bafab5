namespace VerseEtl.Transform.Kernels;

/// <summary>How stored CT values become Hounsfield units: hu = Slope * stored + Intercept. Slope is finite and not 0; negative is legal.</summary>
public readonly record struct CtScaling(double Slope, double Intercept);
