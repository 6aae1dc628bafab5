using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Phantoms;

/// <summary>Rows of invented scans for cohort tests: only what the statistics look at has a meaning.</summary>
public static class CohortRows
{
    public static ScanRow Scan(string dataset, string split, string scanId, IReadOnlyList<int> labels, string? digest = null,
        string? subjectId = null, string status = ScanStatus.Ok)
    {
        ScanKey key = new(dataset, split, scanId);
        bool readable = status != ScanStatus.Failed;
        return new ScanRow
        {
            ScanKey = key.Text,
            Dataset = dataset,
            Split = split,
            SubjectId = subjectId ?? scanId[4..].Split('_')[0],
            ScanId = scanId,
            SeriesId = subjectId ?? scanId[4..].Split('_')[0],
            Status = status,
            MaskPath = readable ? $"{dataset}/{split}/{scanId}_seg-vert_msk.nii.gz" : null,
            ShapeI = readable ? 100 : null,
            ShapeJ = readable ? 300 : null,
            ShapeK = readable ? 50 : null,
            SpacingIMm = readable ? 1 : null,
            SpacingJMm = readable ? 0.5 : null,
            SpacingKMm = readable ? 2 : null,
            SpacingLrMm = readable ? 2 : null,
            SpacingApMm = readable ? 1 : null,
            SpacingSiMm = readable ? 0.5 : null,
            Orientation = readable ? "PIR" : null,
            VertebraCount = readable ? labels.Count : null,
            Labels = readable ? labels : null,
            MaskContentSha256 = labels.Count > 0 ? digest ?? "digest of " + key.Text : null,
        };
    }

    public static VertebraRow Vertebra(ScanRow scan, int label, double volumeCm3) => new()
    {
        ScanKey = scan.ScanKey,
        Dataset = scan.Dataset,
        Split = scan.Split,
        SubjectId = scan.SubjectId,
        ScanId = scan.ScanId,
        SeriesId = scan.SeriesId,
        Label = label,
        Vertebra = VertebraLabel.Name(label),
        Region = VertebraLabel.Region(label),
        AnatomicalOrder = VertebraLabel.AnatomicalOrder(label),
        VoxelCount = (long)(volumeCm3 * 1000),
        VolumeMm3 = volumeCm3 * 1000,
        VolumeCm3 = volumeCm3,
        BboxMinI = 10,
        BboxMinJ = 10,
        BboxMinK = 10,
        BboxMaxI = 40,
        BboxMaxJ = 40,
        BboxMaxK = 40,
        ExtentLrMm = 60,
        ExtentApMm = 30,
        ExtentSiMm = 15,
        CentroidI = 25,
        CentroidJ = 25,
        CentroidK = 25,
        CentroidXMm = 25,
        CentroidYMm = 25,
        CentroidZMm = 25,
        AxisMajorMm = 60,
        AxisMiddleMm = 30,
        AxisMinorMm = 15,
        ComponentCount = 1,
        LargestComponentFraction = 1,
        TouchesBorder = false,
        BorderFaces = "",
        SurfaceAreaMm2 = 14_000,
        MaxDiameterMm = 88,
        EquivalentDiameterMm = 40,
        BoxFill = 0.3,
        TrabecularVoxels = 3000,
    };

    /// <summary>A seeded cohort with duplicates across editions and splits, unreadable and empty masks, a third dataset and reserved labels.</summary>
    public static (List<ScanRow> Scans, List<VertebraRow> Vertebrae) Random(int seed, int scanCount)
    {
        Random random = new(seed);
        string[] datasets = ["verse19", "verse20", "model", "all-in"];
        string[] splits = ["training", "validation", "test"];
        List<ScanRow> scans = [];
        List<VertebraRow> vertebrae = [];
        for (int number = 0; number < scanCount; number++)
        {
            string dataset = datasets[random.Next(datasets.Length)];
            string split = splits[random.Next(splits.Length)];
            string status = random.Next(8) == 0 ? ScanStatus.Failed : ScanStatus.Ok;
            int first = random.Next(1, 27);
            int[] labels = status == ScanStatus.Failed || random.Next(10) == 0
                ? []
                : [.. Enumerable.Range(first, random.Next(1, 29 - first))];
            string digest = $"content {random.Next(scanCount)}";
            ScanRow scan = Scan(dataset, split, $"sub-s{number:000}", labels, digest, $"s{number / 2:000}", status);
            scans.Add(scan);
            vertebrae.AddRange(labels.Select(label => Vertebra(scan, label, 1 + (100 * random.NextDouble()))));
        }
        return (scans, vertebrae);
    }
}
