using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VerseEtl.Host.Configuration;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>Two SHA-256 that are equal from night to night exactly when the tables would be: over what was read, and over how.</summary>
public static class Digests
{
    /// <summary>Over each scan's key, files, hashes and findings, and what the walk noticed; a scan that was unreadable for a night differs.</summary>
    public static string OfInputs(IReadOnlyList<ScanResult> scans, IReadOnlyList<Finding> listing)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ScanResult result in scans)
        {
            ScanRow scan = result.Scan;
            Add(hash, "scan", scan.ScanKey, scan.Status, scan.CtPath, scan.CtSha256, scan.MaskPath, scan.MaskSha256, scan.CentroidPath,
                scan.CentroidSha256, scan.PreviewPath, scan.Manufacturer, scan.ManufacturerModel, scan.Kvp, scan.Licence);
            AddFindings(hash, result.Findings);
        }
        Add(hash, "listing");
        AddFindings(hash, listing);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Over every option that can change a row, and the version of the code.</summary>
    public static string OfOptions(Pipeline pipeline, string codeVersion)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, codeVersion, pipeline.Reference, pipeline.Source.Tree.Licence, Text(pipeline.Source.Tree.FollowLinks),
            Text(pipeline.Reading.MaxVolumeBytes), Text(pipeline.Reading.MaxFileBytes), Text(pipeline.Reading.AcceptPlain));
        foreach (var folder in pipeline.Source.Folders ?? []) Add(hash, folder.Path, folder.Dataset, folder.Split);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void AddFindings(IncrementalHash hash, IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
            Add(hash, finding.Code, finding.Severity.ToString(), finding.ScanKey, finding.Path, Text(finding.Label), finding.Field, finding.Observed, finding.Expected);
    }

    private static string? Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "yes" : "no";

    // length before content, so that no two lists of texts run together to the same bytes
    private static void Add(IncrementalHash hash, params ReadOnlySpan<string?> texts)
    {
        Span<byte> length = stackalloc byte[4];
        foreach (string? text in texts)
        {
            byte[] bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
