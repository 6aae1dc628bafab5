using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.ParquetBench;

/// <summary>
/// Vertebra rows as a large clinical copy would give: 13 rows a scan in key order, measurements with all their digits, a fifth of the scans
/// without CT or without annotation.
/// </summary>
internal static class InventedVertebrae
{
    private const int PerScan = 13;

    public static VertebraRow[] Of(int count)
    {
        VertebraRow[] rows = new VertebraRow[count];
        Random random = new(20261124);
        for (int at = 0; at < count; at++) rows[at] = Row(at / PerScan, VertebraLabel.Anatomical[10 + at % PerScan], random);
        return rows;
    }

    private static VertebraRow Row(int scan, int label, Random random)
    {
        string subject = $"verse{scan:D6}", id = "sub-" + subject;
        bool ct = scan % 5 != 1, annotated = scan % 5 != 2, core = ct && annotated;
        double Around(double mean, double spread) => mean + spread * (random.NextDouble() + random.NextDouble() - 1);
        long voxels = random.Next(8_000, 60_000);
        double volume = voxels * 0.85 * 0.30517578125 * 0.30517578125 * 8;
        double hu = Around(180, 90);
        bool border = random.Next(12) == 0;
        int i = random.Next(400), j = random.Next(400), k = random.Next(200);
        return new VertebraRow
        {
            ScanKey = $"clinic/training/{id}", Dataset = "clinic", Split = "training", SubjectId = subject, ScanId = id, SeriesId = subject,
            Label = label, Vertebra = VertebraLabel.Name(label), Region = VertebraLabel.Region(label), AnatomicalOrder = VertebraLabel.AnatomicalOrder(label),
            VoxelCount = voxels, VolumeMm3 = volume, VolumeCm3 = volume / 1000,
            BboxMinI = i, BboxMinJ = j, BboxMinK = k, BboxMaxI = i + random.Next(40, 110),
            BboxMaxJ = j + random.Next(40, 110), BboxMaxK = k + random.Next(20, 60),
            ExtentLrMm = random.Next(40, 110) * 0.85, ExtentApMm = random.Next(40, 110) * 0.85, ExtentSiMm = random.Next(20, 60) * 1.25,
            CentroidI = Around(250, 80), CentroidJ = Around(250, 80), CentroidK = Around(120, 60),
            CentroidXMm = Around(0, 60), CentroidYMm = Around(-40, 60), CentroidZMm = Around(0, 300),
            AxisMajorMm = Around(75, 15), AxisMiddleMm = Around(55, 10), AxisMinorMm = Around(33, 8),
            ComponentCount = random.Next(20) == 0 ? 2 : 1, LargestComponentFraction = random.Next(20) == 0 ? Around(0.97, 0.02) : 1,
            TouchesBorder = border, BorderFaces = border ? "I" : "",
            AnnotatedI = annotated ? Around(250, 80) : null, AnnotatedJ = annotated ? Around(250, 80) : null, AnnotatedK = annotated ? Around(120, 60) : null,
            AnnotatedXMm = annotated ? Around(0, 60) : null, AnnotatedYMm = annotated ? Around(-40, 60) : null,
            AnnotatedZMm = annotated ? Around(0, 300) : null,
            AnnotationDistanceMm = annotated ? Around(11, 4) : null, AnnotationLabel = annotated ? label : null,
            MaskHuMean = ct ? hu + Around(90, 20) : null, MaskHuStd = ct ? Around(150, 40) : null, MaskHuMin = ct ? random.Next(-400, -50) : null,
            MaskHuP05 = ct ? random.Next(-60, 60) : null, MaskHuP25 = ct ? random.Next(80, 160) : null, MaskHuMedian = ct ? random.Next(160, 260) : null,
            MaskHuP75 = ct ? random.Next(260, 400) : null, MaskHuP95 = ct ? random.Next(500, 800) : null, MaskHuMax = ct ? random.Next(900, 1600) : null,
            BodyHuMean = core ? hu : null, BodyHuStd = core ? Around(40, 15) : null,
            BodyHuMedian = core ? Math.Round(hu) : null, BodyHuVoxels = core ? random.Next(400, 1500) : null,
            SurfaceAreaMm2 = Around(14_000, 4_000), MeshVolumeMm3 = volume * 0.99, Sphericity = Around(0.44, 0.05),
            MaxDiameterMm = Around(88, 12), MaxCentreDistanceMm = Around(87, 12),
            EquivalentDiameterMm = Math.Cbrt(6 * volume / Math.PI), BoxFill = Around(0.3, 0.1),
            AxisMajorX = Around(0.9, 0.1), AxisMajorY = Around(0.1, 0.1), AxisMajorZ = Around(0.1, 0.1),
            AxisMiddleX = Around(0.1, 0.1), AxisMiddleY = Around(0.9, 0.1), AxisMiddleZ = Around(0.1, 0.1),
            AxisMinorX = Around(0.1, 0.1), AxisMinorY = Around(0.1, 0.1), AxisMinorZ = Around(0.9, 0.1),
            MaskHuSkewness = ct ? Around(0.9, 0.5) : null, MaskHuKurtosis = ct ? Around(0.6, 1) : null, MaskHuIqr = ct ? random.Next(150, 300) : null,
            BodyBallFraction = annotated ? (random.Next(6) == 0 ? Around(0.9, 0.09) : 1) : null,
            TrabecularVoxels = annotated ? voxels / 8 : null, TrabecularVolumeMm3 = annotated ? volume / 8 : null,
            TrabecularHuMean = core ? hu - 30 : null, TrabecularHuStd = core ? Around(60, 20) : null, TrabecularHuMedian = core ? Math.Round(hu) - 32 : null,
        };
    }
}
