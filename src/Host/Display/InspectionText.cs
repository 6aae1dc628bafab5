using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Display;

/// <summary>A mask as text for people and as one object for machines.</summary>
internal static class InspectionText
{
    public static void Write(string path, MaskInspection mask, Action<string> tell)
    {
        Line($"{Finding.OneLine(path)}");
        if (mask.StoredBytes is long bytes) Line($"  file         {bytes} bytes, SHA-256 {mask.Sha256}");
        if (mask.Header is NiftiHeader header)
        {
            VoxelGrid grid = header.Grid;
            Vector3d spacing = grid.SpacingMm;
            double[] affine = [.. grid.Affine.ToRowMajor().Select(value => value + 0.0)];
            Line($"  format       NIfTI-{header.Version}, {(header.BigEndian ? "big-endian" : "little-endian")}, {header.Datatype.Name()}");
            Line($"  shape        {grid.Shape.I} x {grid.Shape.J} x {grid.Shape.K} voxels (i, j, k)");
            Line($"  spacing      {spacing.X:0.######} x {spacing.Y:0.######} x {spacing.Z:0.######} mm");
            string codes = Invariant($"sform code {header.SformCode}, qform code {header.QformCode}");
            Line($"  orientation  {grid.Orientation.Codes}, affine from {Word(grid.AffineSource)} ({codes})");
            for (int row = 0; row < 3; row++)
            {
                IEnumerable<string> numbers = affine.Skip(4 * row).Take(4).Select(value => Invariant($"{value,12:0.######}"));
                Line($"  {(row == 0 ? "affine" : ""),-11}  {string.Join(' ', numbers)}");
            }
            Line($"  scaling      {(header.IsScaled ? Invariant($"slope {header.Slope}, intercept {header.Intercept}") : "none")}");
        }
        foreach (Finding finding in mask.Findings) Line($"  {finding.Severity.Word(),-11}  {finding.Code} {finding.Message}");
        if (mask.Vertebrae.Count == 0) return;
        Line($"");
        Line($"  {"label",5}  {"vertebra",-8}  {"voxels",10}  {"cm3",8}  {"parts",5}  {"border",-6}  {"x mm",8}  {"y mm",8}  {"z mm",8}");
        foreach (VertebraRow row in mask.Vertebrae)
        {
            string centroid = Invariant($"{row.CentroidXMm,8:0.0}  {row.CentroidYMm,8:0.0}  {row.CentroidZMm,8:0.0}");
            Line($"  {row.Label,5}  {row.Vertebra,-8}  {row.VoxelCount,10}  {row.VolumeCm3,8:0.00}  {row.ComponentCount,5}  {row.BorderFaces,-6}  {centroid}");
        }

        void Line(FormattableString text) => tell(Invariant(text));
    }

    public static string Json(string path, MaskInspection mask, MaskPreview? preview, int exitCode) => Host.Json.Text(new
    {
        ExitCode = exitCode,
        Path = path,
        mask.StoredBytes,
        mask.Sha256,
        Header = mask.Header is not NiftiHeader header ? null : new
        {
            Format = Invariant($"nifti-{header.Version}"),
            header.BigEndian,
            Datatype = header.Datatype.Name(),
            Shape = new[] { header.Grid.Shape.I, header.Grid.Shape.J, header.Grid.Shape.K },
            SpacingMm = new[] { header.Grid.SpacingMm.X, header.Grid.SpacingMm.Y, header.Grid.SpacingMm.Z },
            Orientation = header.Grid.Orientation.Codes,
            AffineSource = Word(header.Grid.AffineSource),
            header.SformCode,
            header.QformCode,
            Affine = header.Grid.Affine.ToRowMajor(),
            Slope = header.IsScaled ? header.Slope : 1,
            Intercept = header.IsScaled ? header.Intercept : 0,
        },
        Vertebrae = mask.Vertebrae.Select(row => new
        {
            row.Label,
            row.Vertebra,
            row.VoxelCount,
            row.VolumeMm3,
            row.VolumeCm3,
            BboxMin = new[] { row.BboxMinI, row.BboxMinJ, row.BboxMinK },
            BboxMax = new[] { row.BboxMaxI, row.BboxMaxJ, row.BboxMaxK },
            CentroidMm = new[] { row.CentroidXMm, row.CentroidYMm, row.CentroidZMm },
            row.ComponentCount,
            row.LargestComponentFraction,
            row.BorderFaces,
        }),
        PreviewBytes = preview?.Png?.Length,
        UnknownLabels = mask.UnknownLabels.Select(pair => new { Label = pair.Key, VoxelCount = pair.Value }),
        Findings = mask.Findings.Select(finding => new { finding.Code, finding.Severity, finding.Field, finding.Observed, finding.Expected, finding.Message }),
    });

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
