using VerseEtl.Host.Configuration;
using VerseEtl.Load.Tables;
using C = VerseEtl.Load.Tables.Columns<VerseEtl.Host.Flow.ScanName>;

namespace VerseEtl.Host.Flow;

/// <summary>A scan by its names: a few columns of `scans`.</summary>
internal sealed record ScanName
{
    public required string ScanKey { get; init; }
    public required string Dataset { get; init; }
    public required string Split { get; init; }
    public required string SubjectId { get; init; }
    public required string ScanId { get; init; }
    public required string SeriesId { get; init; }
    public required string Status { get; init; }
    public string? Manufacturer { get; init; }
    public string? ManufacturerModel { get; init; }
    public string? DuplicateOf { get; init; }
    public string? PicturePath { get; init; }

    public static TableSchema<ScanName> Table { get; } = TableSchema<ScanName>.Narrow(PublishedSchema.Scans,
        C.Text("scan_key", row => row.ScanKey, None), C.Text("dataset", row => row.Dataset, None), C.Text("split", row => row.Split, None),
        C.Text("subject_id", row => row.SubjectId, None), C.Text("scan_id", row => row.ScanId, None), C.Text("series_id", row => row.SeriesId, None),
        C.Text("status", row => row.Status, None), C.OptionalText("manufacturer", row => row.Manufacturer, None),
        C.OptionalText("manufacturer_model", row => row.ManufacturerModel, None), C.OptionalText("duplicate_of", row => row.DuplicateOf, None),
        C.OptionalText("picture_path", row => row.PicturePath, None));

    // what the columns mean stands with the published ones
    private static ColumnText None => new("");
}

/// <summary>Which scan is meant by what somebody typed.</summary>
internal static class ScanNames
{
    private const int MostNamed = 8;

    /// <summary>The key of the scan with this key, or the only one whose key ends with this part; else null and why, with names to choose from.</summary>
    /// <param name="scans">The same each time they are enumerated.</param>
    public static (string? ScanKey, string WhyNot) Find(IEnumerable<ScanName> scans, string typed)
    {
        string[] meant = [.. scans.Where(scan => scan.ScanKey == typed || scan.ScanId == typed).Select(scan => scan.ScanKey)];
        if (meant.Contains(typed)) return (typed, "");
        if (meant.Length == 1) return (meant[0], "");
        if (meant.Length > 1) return (null, $"'{typed}' is {meant.Length} scans: {Listed(meant)}; give the whole key");
        string[] alike = [.. scans.Select(scan => scan.ScanKey).Where(key => key.Contains(typed, StringComparison.OrdinalIgnoreCase))];
        if (alike.Length > 0) return (null, $"there is no scan '{typed}'; keys that hold it: {Listed(alike)}");
        string? near = NearestName.Of(typed, scans.Select(scan => typed.Contains('/', StringComparison.Ordinal) ? scan.ScanKey : scan.ScanId));
        return (null, $"there is no scan '{typed}'" + (near is null ? $"; of {scans.Count()}: {Listed([.. scans.Select(scan => scan.ScanKey)])}"
            : $"; did you mean '{near}'?"));
    }

    private static string Listed(string[] keys) =>
        string.Join(", ", keys.Take(MostNamed)) + (keys.Length > MostNamed ? $" and {keys.Length - MostNamed} more" : "");
}
