using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Phantoms;

/// <summary>
/// Holds a scan's rows against what nibabel and numpy say (an independent script that prints one JSON object per scan): integers and
/// texts equal, doubles to 1e-9 relative.
/// </summary>
public sealed class Oracle
{
    private const double Relative = 1e-9;

    public int Compared { get; private set; }

    public List<string> Differences { get; } = [];

    /// <summary>Runs the script; null, with the reason, where it or its packages are missing.</summary>
    public static JsonDocument? Run(string script, string mask, string? ct, string? centroids, out string? reason)
    {
        reason = null;
        ProcessStartInfo start = new("/usr/bin/python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { script, "--mask", mask }) start.ArgumentList.Add(argument);
        if (ct is not null) { start.ArgumentList.Add("--ct"); start.ArgumentList.Add(ct); }
        if (centroids is not null) { start.ArgumentList.Add("--centroids"); start.ArgumentList.Add(centroids); }
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode == 0) return JsonDocument.Parse(output);
        reason = $"the oracle does not run here: {errors.Result.Trim().Split('\n')[^1]}";
        return null;
    }

    public void Compare(JsonElement expected, ScanResult actual)
    {
        JsonElement scan = expected.GetProperty("scan");
        ScanRow row = actual.Scan;
        string at = row.ScanKey;
        All(at, "shape", scan.GetProperty("shape"), row.ShapeI, row.ShapeJ, row.ShapeK);
        All(at, "spacing", scan.GetProperty("spacing_mm"), row.SpacingIMm, row.SpacingJMm, row.SpacingKMm);
        Text(at, "orientation", scan.GetProperty("orientation"), row.Orientation);
        Text(at, "mask_content_sha256", scan.GetProperty("mask_content_sha256"), row.MaskContentSha256);
        Text(at, "centroid_direction", scan.GetProperty("centroid_direction"), row.CentroidDirection);
        All(at, "affine", scan.GetProperty("affine"), [.. row.Affine!.Select(value => (double?)value)]);
        All(at, "labels", scan.GetProperty("labels"), [.. row.Labels!.Order().Select(value => (double?)value)]);
        All(at, "annotated_labels", scan.GetProperty("annotated_labels"), [.. (row.AnnotatedLabels ?? []).Order().Select(value => (double?)value)]);
        JsonElement[] vertebrae = [.. expected.GetProperty("vertebrae").EnumerateArray()];
        Number(at, "rows", vertebrae.Length, actual.Vertebrae.Count);
        foreach (JsonElement vertebra in vertebrae)
        {
            int label = vertebra.GetProperty("label").GetInt32();
            if (actual.Vertebrae.SingleOrDefault(candidate => candidate.Label == label) is { } found) CompareVertebra($"{at} {label}", vertebra, found);
            else Differences.Add($"{at}: label {label} has no row");
        }
    }

    private void CompareVertebra(string at, JsonElement e, VertebraRow r)
    {
        Text(at, "vertebra", e.GetProperty("vertebra"), r.Vertebra);
        Text(at, "region", e.GetProperty("region"), r.Region);
        Text(at, "border_faces", e.GetProperty("border_faces"), r.BorderFaces);
        Text(at, "touches_border", e.GetProperty("touches_border"), r.TouchesBorder ? "True" : "False");
        All(at, "bbox_min", e.GetProperty("bbox_min"), r.BboxMinI, r.BboxMinJ, r.BboxMinK);
        All(at, "bbox_max", e.GetProperty("bbox_max"), r.BboxMaxI, r.BboxMaxJ, r.BboxMaxK);
        All(at, "centroid_ijk", e.GetProperty("centroid_ijk"), r.CentroidI, r.CentroidJ, r.CentroidK);
        All(at, "centroid_xyz_mm", e.GetProperty("centroid_xyz_mm"), r.CentroidXMm, r.CentroidYMm, r.CentroidZMm);
        All(at, "ellipsoid_axes_mm", e.GetProperty("ellipsoid_axes_mm"), r.AxisMajorMm, r.AxisMiddleMm, r.AxisMinorMm);
        All(at, "annotated_ijk", Optional(e, "annotated_ijk"), r.AnnotatedI, r.AnnotatedJ, r.AnnotatedK);
        All(at, "annotated_xyz_mm", Optional(e, "annotated_xyz_mm"), r.AnnotatedXMm, r.AnnotatedYMm, r.AnnotatedZMm);
        (string Name, double? Value)[] numbers =
        [
            ("anatomical_order", r.AnatomicalOrder), ("voxel_count", r.VoxelCount), ("volume_mm3", r.VolumeMm3),
            ("component_count", r.ComponentCount), ("largest_component_fraction", r.LargestComponentFraction),
            ("extent_lr_mm", r.ExtentLrMm), ("extent_ap_mm", r.ExtentApMm), ("extent_si_mm", r.ExtentSiMm),
            ("annotation_distance_mm", r.AnnotationDistanceMm), ("annotation_label", r.AnnotationLabel),
            ("mask_hu_mean", r.MaskHuMean), ("mask_hu_std", r.MaskHuStd), ("mask_hu_min", r.MaskHuMin), ("mask_hu_max", r.MaskHuMax),
            ("mask_hu_p05", r.MaskHuP05), ("mask_hu_p25", r.MaskHuP25), ("mask_hu_median", r.MaskHuMedian),
            ("mask_hu_p75", r.MaskHuP75), ("mask_hu_p95", r.MaskHuP95),
            ("body_hu_mean", r.BodyHuMean), ("body_hu_std", r.BodyHuStd), ("body_hu_median", r.BodyHuMedian), ("body_hu_voxels", r.BodyHuVoxels),
        ];
        foreach ((string name, double? value) in numbers) Number(at, name, NumberOrNull(Optional(e, name)), value);
    }

    private void All(string at, string name, JsonElement? expected, params double?[] actual)
    {
        double?[] wanted = expected is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(item => (double?)item.GetDouble())]
            : new double?[actual.Length];
        if (wanted.Length != actual.Length) Differences.Add($"{at} {name}: {actual.Length} values, expected {wanted.Length}");
        else for (int i = 0; i < wanted.Length; i++) Number(at, name, wanted[i], actual[i]);
    }

    private void Number(string at, string name, double? expected, double? actual)
    {
        Compared++;
        bool same = expected is double e && actual is double a ? Math.Abs(e - a) <= Relative * Math.Max(1, Math.Abs(e)) : expected is null && actual is null;
        if (!same) Differences.Add(string.Create(CultureInfo.InvariantCulture, $"{at} {name}: {actual}, expected {expected}"));
    }

    private void Text(string at, string name, JsonElement expected, string? actual)
    {
        Compared++;
        string? wanted = expected.ValueKind == JsonValueKind.Null ? null : expected.ToString();
        if (wanted != actual) Differences.Add($"{at} {name}: {actual}, expected {wanted}");
    }

    private static JsonElement? Optional(JsonElement e, string name) => e.TryGetProperty(name, out JsonElement value) ? value : null;

    private static double? NumberOrNull(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
