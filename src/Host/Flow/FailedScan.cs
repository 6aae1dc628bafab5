using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>The result of a scan that could not be measured for a reason outside its bytes: a row with status `failed` and one finding.</summary>
public static class FailedScan
{
    /// <summary>Every try to read a file failed.</summary>
    public static ScanResult Unavailable(ScanFiles files, Exception error)
    {
        Fault fault = error is FileChangedException ? Faults.TreeUnstable : Faults.SrcUnavailable;
        return Of(files, Finding.Of(fault, new(files.Key), WithoutRoot(error.Message, files)));
    }

    /// <summary>Something that should not happen; the message holds the kind of exception only, the log holds the rest.</summary>
    public static ScanResult Unexpected(ScanFiles files, Exception error) =>
        Of(files, Finding.Of(Faults.IntUnexpected, new(files.Key), error.GetType().Name));

    /// <summary>True if the storage was the reason, which is never counted as bad data.</summary>
    public static bool IsUnavailable(ScanResult result) => result.Scan.Status == ScanStatus.Failed
        && result.Findings.Any(finding => finding.Code == Faults.SrcUnavailable.Code || finding.Code == Faults.TreeUnstable.Code);

    private static ScanResult Of(ScanFiles files, Finding finding) => new(files.ToFailedRow(), [], [.. files.Findings, finding]);

    // findings are published and compared from night to night and machine to machine, so no absolute path
    private static string WithoutRoot(string message, ScanFiles files)
    {
        string? root = (files.Mask ?? files.Ct ?? files.Centroids ?? files.Preview)?.Root;
        return root is null ? message : message.Replace(root.TrimEnd('/') + "/", "", StringComparison.Ordinal);
    }
}
