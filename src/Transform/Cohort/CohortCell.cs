using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// A dataset and split for which statistics are published, with its distinct scans in scan_key order.
/// Two scans whose masks hold the same labels in the same voxels are one scan here: the first by ordinal scan_key stands for both.
/// A scan without a digest (no readable mask, or one without any label) counts by itself.
/// </summary>
public sealed record CohortCell(string Dataset, string Split, IReadOnlyList<ScanRow> DistinctScans)
{
    /// <summary>The reserved name: verse19 and verse20 together as a dataset, every split together as a split.</summary>
    public const string All = Editions.Both;

    /// <summary>
    /// Every cell, by dataset and split in ordinal order: {verse19, verse20, all, other datasets} x {training, validation, test, all}. Those of
    /// the editions and of `all` exist even in a tree without them.
    /// </summary>
    internal static IReadOnlyList<CohortCell> Of(IReadOnlyList<ScanRow> scans)
    {
        ScanRow[] ordered = [.. scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal)];
        IEnumerable<string> datasets = ordered.Select(scan => scan.Dataset).Concat(Editions.All).Append(All).Distinct();
        return
        [
            .. from dataset in datasets.Order(StringComparer.Ordinal)
               from split in Splits.All.Append(All).Order(StringComparer.Ordinal)
               select new CohortCell(dataset, split, Distinct(ordered.Where(scan => Contains(dataset, split, scan)))),
        ];
    }

    /// <summary>Whether a scan belongs to a cell; `all` as a dataset is the two editions and nothing else.</summary>
    internal static bool Contains(string dataset, string split, ScanRow scan) => Contains(dataset, split, scan.Dataset, scan.Split);

    /// <summary>The same of a scan of a dataset and split.</summary>
    internal static bool Contains(string dataset, string split, string itsDataset, string itsSplit) =>
        (dataset == All ? Editions.All.Contains(itsDataset) : itsDataset == dataset) && (split == All || itsSplit == split);

    /// <summary>What makes two scans one: the mask's content digest, or the scan's own key where there is nothing to compare.</summary>
    internal static string Identity(ScanRow scan) => scan.MaskContentSha256 ?? scan.ScanKey;

    /// <summary>Whether the scan's mask could be read: the denominator of every percentage.</summary>
    internal static bool HasReadableMask(ScanRow scan) => ScanStatus.IsMeasured(scan.Status);

    // what was left out on purpose counts nowhere
    private static ScanRow[] Distinct(IEnumerable<ScanRow> ordered) => [.. ordered.Where(scan => scan.Status != ScanStatus.Excluded).DistinctBy(Identity)];
}
