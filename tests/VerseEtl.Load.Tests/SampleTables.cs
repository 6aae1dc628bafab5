using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests;

/// <summary>Invented rows with every kind of null, list, sign and text that the tables allow.</summary>
internal static class SampleTables
{
    public static PublishedTables Of(int scans = 6, int seed = 1, string dataset = "verse19") => new()
    {
        Scans = [.. Enumerable.Range(0, scans).Select(at => Scan(at, seed, dataset))],
        Vertebrae = [.. Enumerable.Range(0, scans).Where(at => !Failed(at))
            .SelectMany(at => new[] { 19, 28, 20, 24 }.Select(label => Vertebra(at, label, seed, dataset)))],
        Pairs = [.. Enumerable.Range(0, scans).SelectMany(at => new[] { (19, 28), (28, 20), (20, 24) }.Select(two => Pair(at, two.Item1, two.Item2, dataset)))],
        Spines = [.. Enumerable.Range(0, scans).Where(at => !Failed(at)).Select(at => Spine(at, dataset))],
        LabelStatistics = [.. VertebraLabel.Anatomical.Select(label => Statistic(label, scans))],
        DatasetStatistics = [Metric("all", "patients", scans), Metric("all", "spacing_lr_mm_min", null), Metric("verse19", "scans", scans + 0.5)],
        Findings =
        [
            Finding.Of(Faults.CacheCorrupt),
            Finding.Of(Faults.SrcUnavailable, new(Key(1, dataset), "a/\u00e9\u4e2d, \"b\"\n.nii.gz", "dim[3]"), "0", "1 to 32767"),
            Finding.Of(Faults.SrcUnavailable, new(Key(1, dataset), Label: 20)),
            Finding.Of(Faults.SrcUnavailable, new(Key(2, dataset)), severity: Severity.Warning),
        ],
        Audit = [new AuditRow { Table = "labels", Dataset = "all", Split = "all", Item = "L1", Field = "cases",
            Published = 220, Recomputed = 219, Difference = -1, Tolerance = 0, Verdict = "differs" },
            new AuditRow { Table = "labels", Dataset = "all", Split = "all", Item = "L2", Field = "cases", Verdict = "not comparable", Note = "=1+1" }],
    };

    public static PublishedTables Empty { get; } =
        new() { Scans = [], Vertebrae = [], Pairs = [], Spines = [], LabelStatistics = [], DatasetStatistics = [], Findings = [], Audit = [] };

    private static DatasetStatisticRow Metric(string dataset, string metric, double? value) =>
        new() { Dataset = dataset, Split = "all", Metric = metric, Value = value };

    private static bool Failed(int at) => at % 5 == 4;

    private static string Id(int at) => $"sub-verse{at:D4}";

    private static ScanKey Key(int at, string dataset) => new(dataset, "training", Id(at));

    private static ScanRow Scan(int at, int seed, string dataset)
    {
        ScanRow row = new()
        {
            ScanKey = Key(at, dataset).Text, Dataset = dataset, Split = "training", SubjectId = $"verse{at:D4}", ScanId = Id(at), SeriesId = $"verse{at:D4}",
            Status = Failed(at) ? ScanStatus.Failed : at % 2 == 0 ? ScanStatus.Ok : ScanStatus.Warning,
            MaskPath = $"derivatives/{Id(at)}_seg-vert_msk.nii.gz",
        };
        if (Failed(at)) return row;
        return row with
        {
            Direction = at % 2 == 0 ? "ax" : null,
            CtPath = $"rawdata/{Id(at)}_ct.nii.gz",
            CtBytes = (1L << 33) + at,
            MaskBytes = 1000 + at,
            CtSha256 = new string((char)('a' + at % 6), 64),
            ShapeI = 512,
            ShapeJ = 500 + at,
            ShapeK = 100 * seed,
            SpacingIMm = 0.5,
            SpacingJMm = 0.3 + at,
            SpacingKMm = 1.0 / 3,
            SpacingLrMm = 0.5,
            SpacingApMm = 0.3 + at,
            SpacingSiMm = 1.0 / 3,
            Orientation = at % 2 == 0 ? "PIR" : "LPS",
            Affine = [0, 0, 1, -90.25, -0.5, 0, 0, at, 0, -1, 0, 12.125, 0, 0, 0, 1],
            AffineSource = "sform",
            MaskDatatype = "uint8",
            CtDatatype = "int16",
            VertebraCount = 4,
            Labels = at % 3 == 0 ? [] : [19, 20, 24, 28],
            AnnotatedLabels = at % 2 == 0 ? [19] : null,
            Manufacturer = at % 2 == 0 ? "Philips" : "Siemens, \"AG\"",
            Kvp = 120,
        };
    }

    private static VertebraRow Vertebra(int at, int label, int seed, string dataset)
    {
        Random random = new(at * 100 + label + seed * 100_000);
        bool ct = at % 3 != 0, annotated = at % 2 == 0;
        double Number() => Math.Round(random.NextDouble() * 100 - 30, 3);
        return new VertebraRow
        {
            ScanKey = Key(at, dataset).Text, Dataset = dataset, Split = "training", SubjectId = $"verse{at:D4}", ScanId = Id(at), SeriesId = $"verse{at:D4}",
            Label = label, Vertebra = VertebraLabel.Name(label), Region = VertebraLabel.Region(label), AnatomicalOrder = VertebraLabel.AnatomicalOrder(label),
            VoxelCount = 3_000_000_000L + random.Next(100_000), VolumeMm3 = Number(), VolumeCm3 = label == 19 ? -0.0 : Number(),
            BboxMinI = random.Next(100), BboxMinJ = random.Next(100), BboxMinK = random.Next(100),
            BboxMaxI = 100 + random.Next(100), BboxMaxJ = 100 + random.Next(100), BboxMaxK = 100 + random.Next(100),
            ExtentLrMm = Number(), ExtentApMm = Number(), ExtentSiMm = Number(),
            CentroidI = Number(), CentroidJ = Number(), CentroidK = Number(), CentroidXMm = Number(), CentroidYMm = Number(), CentroidZMm = Number(),
            AxisMajorMm = Number(), AxisMiddleMm = Number(), AxisMinorMm = Number(), ComponentCount = 1 + random.Next(3),
            LargestComponentFraction = random.NextDouble(), TouchesBorder = random.Next(2) == 0, BorderFaces = random.Next(2) == 0 ? "" : "LI",
            AnnotatedI = annotated ? Number() : null, AnnotatedJ = annotated ? Number() : null, AnnotatedK = annotated ? Number() : null,
            AnnotatedXMm = annotated ? Number() : null, AnnotatedYMm = annotated ? Number() : null, AnnotatedZMm = annotated ? Number() : null,
            AnnotationDistanceMm = annotated ? Number() : null, AnnotationLabel = annotated ? random.Next(29) : null,
            MaskHuMean = ct ? Number() : null, MaskHuStd = ct ? Number() : null, MaskHuMin = ct ? -random.Next(2000) : null,
            MaskHuP05 = ct ? Number() : null, MaskHuP25 = ct ? Number() : null, MaskHuMedian = ct ? Number() : null, MaskHuP75 = ct ? Number() : null,
            MaskHuP95 = ct ? Number() : null, MaskHuMax = ct ? random.Next(3000) : null,
            BodyHuVoxels = ct && annotated ? 0 : null,
            HeightMiddleMm = annotated ? Number() : null, EndplateSuperiorBackX = annotated ? -0.0 : null,
            SurfaceAreaMm2 = annotated ? Number() : null, EquivalentDiameterMm = Number(), BoxFill = random.NextDouble(),
            AxisMajorX = annotated ? Number() : null, MaskHuSkewness = ct ? Number() : null, MaskHuIqr = ct ? Number() : null,
            BodyBallFraction = annotated ? random.NextDouble() : null, TrabecularVoxels = annotated ? random.Next(9000) : null,
            TrabecularHuMean = ct && annotated ? Number() : null,
        };
    }

    private static PairRow Pair(int at, int upper, int lower, string dataset) => new()
    {
        ScanKey = Key(at, dataset).Text, Dataset = dataset, Split = "training", SubjectId = $"verse{at:D4}", ScanId = Id(at), SeriesId = $"verse{at:D4}",
        UpperLabel = upper, UpperVertebra = VertebraLabel.Name(upper), LowerLabel = lower, LowerVertebra = VertebraLabel.Name(lower),
        UpperOrder = VertebraLabel.AnatomicalOrder(upper), LevelsBetween = lower == 24 ? 3 : 0, CentroidDistanceMm = lower == 24 ? null : 25.5 + at,
        VolumeRatio = lower == 24 ? null : 1.0 / 3,
    };

    private static SpineRow Spine(int at, string dataset) => new()
    {
        ScanKey = Key(at, dataset).Text, Dataset = dataset, Split = "training", SubjectId = $"verse{at:D4}", ScanId = Id(at), SeriesId = $"verse{at:D4}",
        VertebraCount = 4 * (at % 2), FirstVertebra = at % 2 == 0 ? null : "T12", LastVertebra = at % 2 == 0 ? null : "L5",
        LevelsPresent = at % 2 == 0 ? "" : "T12 T13 L1 L5", LevelsMissing = at % 2 == 0 ? "" : "L2 L3 L4", Variants = at % 2 == 0 ? "" : "T13",
        CurveThrough = at % 2 == 0 ? null : "centroids", CoronalDeviationMm = at % 2 == 0 ? null : -0.0, LordosisTangentDeg = at % 2 == 0 ? null : -4.25,
    };

    private static LabelStatisticRow Statistic(int label, int scans) => new()
    {
        Dataset = "all", Split = "all", Label = label, Vertebra = VertebraLabel.Name(label), Region = VertebraLabel.Region(label),
        AnatomicalOrder = VertebraLabel.AnatomicalOrder(label), Cases = label % 4, ScanCount = scans, Percentage = label % 4 * 12.5,
        VolumeCm3Min = label % 4 > 0 ? label / 3.0 : null, VolumeCm3Median = label % 4 > 0 ? label / 2.0 : null, VolumeCm3Max = label % 4 > 0 ? label : null,
        VolumeCm3Mean = label % 4 > 0 ? label / 2.5 : null, VolumeCm3Std = label % 4 > 1 ? 0.25 : null,
    };
}
