using System.Globalization;
using VerseEtl.Extract.Clinical;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>The SHA-256 over how the tables are made; the one over what was read is <see cref="ResultsSeen.Digest"/>.</summary>
internal static class Digests
{
    /// <summary>As <see cref="ResultsSeen.Digest"/>, over the results of scans and what was not read.</summary>
    /// <param name="scans">The digests of the scans that were read were added, in key order.</param>
    public static string OfInputs(DigestBuilder scans, TreeListing listing)
    {
        foreach (ScanResult excluded in listing.Excluded) scans.Add(OfScan(excluded));
        scans.Add("listing");
        scans.Add(listing.Findings);
        return scans.Finish();
    }

    /// <summary>Over a scan's key, files, hashes and findings: a SHA-256.</summary>
    public static byte[] OfScan(ScanResult result)
    {
        using DigestBuilder digest = new();
        digest.Add(result);
        return digest.FinishInBytes();
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
        digest.Add(DigestBuilder.TextOf(pipeline.Reading));
        if (!pipeline.Reading.Pictures) digest.Add("no pictures");
        foreach (FolderSpec folder in pipeline.Source.Folders ?? []) digest.Add(folder.Path, folder.Dataset, folder.Split);
        foreach (ClinicalFile file in pipeline.Source.Clinical) digest.Add("clinical", file.Name, file.Key, file.KeyHeader, file.Delimiter.ToString());
        foreach (ClinicalSource file in clinical?.Declaration.Files ?? []) digest.Add(file.File, file.Sha256);
        foreach (ClinicalColumn column in clinical?.Declaration.Columns ?? [])
            digest.Add(column.Name, column.Type, column.Meaning, column.File, column.Header, column.Unit, column.Role);
        return digest.Finish();
    }
}
