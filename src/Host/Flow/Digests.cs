using System.Globalization;
using VerseEtl.Extract.Clinical;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>Two SHA-256 that are equal from night to night exactly when the tables would be: over what was read, and over how.</summary>
internal static class Digests
{
    /// <summary>Over each scan's key, files, hashes and findings, and what the walk noticed; a scan that was unreadable for a night differs.</summary>
    public static string OfInputs(IReadOnlyList<ScanResult> scans, IReadOnlyList<Finding> listing)
    {
        using DigestBuilder digest = new();
        foreach (ScanResult result in scans)
        {
            ScanRow scan = result.Scan;
            digest.Add("scan", scan.ScanKey, scan.Status, scan.CtPath, scan.CtSha256, scan.MaskPath, scan.MaskSha256, scan.CentroidPath,
                scan.CentroidSha256, scan.PreviewPath, scan.Manufacturer, scan.ManufacturerModel, scan.Kvp is double kvp ? Invariant($"{kvp}") : null,
                scan.Licence, scan.SubregionPath, scan.SubregionSha256);
            digest.Add(result.Findings);
        }
        digest.Add("listing");
        digest.Add(listing);
        return digest.Finish();
    }

    /// <summary>
    /// Over every option that can change a row, and the versions of schema and measuring code: a build that changes neither publishes nothing
    /// new.
    /// </summary>
    /// <param name="clinical">What declared files held; the digest is over their content and declaration.</param>
    public static string OfOptions(Pipeline pipeline, AuditReference reference, ClinicalTable? clinical)
    {
        using DigestBuilder digest = new();
        string versions = string.Create(CultureInfo.InvariantCulture, $"schema {PublishedSchema.Version}, measuring {StoredResults.MeasuringVersion}");
        digest.Add(versions, reference.Digest, pipeline.Source.Tree.Licence, pipeline.Source.IsSample ? "sample" : "path",
            pipeline.Source.Tree.Dataset, pipeline.Source.Tree.Labels?.Text);
        digest.Add(pipeline.Reading);
        if (!pipeline.Reading.Pictures) digest.Add("no pictures");
        foreach (FolderSpec folder in pipeline.Source.Folders ?? []) digest.Add(folder.Path, folder.Dataset, folder.Split);
        foreach (ClinicalFile file in pipeline.Source.Clinical) digest.Add("clinical", file.Name, file.Key, file.KeyHeader, file.Delimiter.ToString());
        foreach (ClinicalSource file in clinical?.Declaration.Files ?? []) digest.Add(file.File, file.Sha256);
        foreach (ClinicalColumn column in clinical?.Declaration.Columns ?? [])
            digest.Add(column.Name, column.Type, column.Meaning, column.File, column.Header, column.Unit, column.Role);
        return digest.Finish();
    }
}
