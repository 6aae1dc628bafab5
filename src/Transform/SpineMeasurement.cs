using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform;

/// <summary>How stored CT values become Hounsfield units: hu = Slope * stored + Intercept. Slope is finite and not 0; negative is legal.</summary>
public readonly record struct CtScaling(double Slope, double Intercept);

/// <summary>Who a row belongs to; the same on every row of a scan.</summary>
public sealed record ScanIdentity(ScanKey Key, string SubjectId, string SeriesId);
