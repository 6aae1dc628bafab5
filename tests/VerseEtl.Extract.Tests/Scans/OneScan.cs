using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Scans;

/// <summary>
/// A scan of one piece of trunk, 48 x 40 x 45 mm at 1.5 mm along k: air around soft tissue, fat and three vertebrae of bone with a dense rim,
/// whose files a test replaces by others made of them.
/// </summary>
internal sealed class OneScan : IDisposable
{
    public static readonly VoxelShape Shape = new(48, 40, 30);

    public static readonly NiftiVolumeSpec Spec =
        new() { Shape = Shape, SpacingMm = new Vector3d(1, 1, 1.5), Sform = PhantomFile.Diagonal(1, 1, 1.5) };

    public static readonly NiftiVolumeSpec CtSpec = Spec with { Datatype = NiftiDatatype.Int16 };

    private static readonly VoxelBox[] Bones = [new(12, 10, 1, 36, 30, 9), new(12, 10, 11, 36, 30, 19), new(12, 10, 21, 36, 30, 29)];

    private readonly TempFolder _temp = new();

    public OneScan()
    {
        Mask = PhantomFile.Of(Spec, Labels).Gzip();
        Ct = PhantomFile.Of(CtSpec, Hounsfield).Gzip();
    }

    /// <summary>19 to 21, i fastest.</summary>
    public static double[] Labels { get; } =
    [
        .. Enumerable.Range(0, (int)Shape.VoxelCount).Select(at => (double)(19 + Array.FindIndex(Bones, bone => Depth(bone, at) >= 0)))
            .Select(label => label < 19 ? 0 : label),
    ];

    /// <summary>Whole HU with noise, i fastest.</summary>
    public static double[] Hounsfield { get; } = MakeHounsfield();

    public byte[] Mask { set => File.WriteAllBytes(_temp["msk.nii.gz"], value); }

    public byte[]? Ct
    {
        set
        {
            File.Delete(_temp["ct.nii.gz"]);
            if (value is not null) File.WriteAllBytes(_temp["ct.nii.gz"], value);
        }
    }

    public string? Centroids { set => File.WriteAllText(_temp["ctd.json"], value); }

    public byte[]? Subregions
    {
        set
        {
            File.Delete(_temp["subreg.nii.gz"]);
            if (value is not null) File.WriteAllBytes(_temp["subreg.nii.gz"], value);
        }
    }

    public ScanResult Measure() => new ScanMeasuring().Measure(new ScanFiles
    {
        Key = new ScanKey("verse19", "training", "sub-verse900"),
        SubjectId = "verse900",
        SeriesId = "verse900",
        Mask = new SourcePath(_temp.Path, "msk.nii.gz"),
        Ct = Optional("ct.nii.gz"),
        Centroids = Optional("ctd.json"),
        Subregions = Optional("subreg.nii.gz"),
    }, new ReadingLimits(), TestContext.Current.CancellationToken);

    public MaskInspection Inspect() => MaskInspection.Read(_temp["msk.nii.gz"], new ReadingLimits(), TestContext.Current.CancellationToken);

    /// <summary>Over the CT if there is one.</summary>
    public MaskPreview Preview() =>
        MaskPreview.Read(_temp["msk.nii.gz"], Optional("ct.nii.gz")?.Full, new ReadingLimits(), TestContext.Current.CancellationToken);

    /// <summary>Severity and code of each finding, in key order.</summary>
    public static string[] Codes(IEnumerable<Finding> findings) => [.. findings.Select(finding => $"{finding.Severity} {finding.Code}")];

    public void Dispose() => _temp.Dispose();

    private SourcePath? Optional(string name) => File.Exists(_temp[name]) ? new SourcePath(_temp.Path, name) : null;

    private static double[] MakeHounsfield()
    {
        Random random = new(4);
        double[] values = new double[Shape.VoxelCount];
        for (int at = 0; at < values.Length; at++)
        {
            int i = at % Shape.I, j = at / Shape.I % Shape.J, depth = Bones.Max(bone => Depth(bone, at));
            double tissue = Math.Min(Math.Min(i, Shape.I - 1 - i), Math.Min(j, Shape.J - 1 - j)) switch
            {
                < 3 => -1000,
                < 6 => -100,
                _ => depth < 0 ? 50 : depth < 2 ? 520 : 140,
            };
            values[at] = Math.Max(-1024, Math.Round(tissue + 40 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)));
        }
        return values;
    }

    /// <summary>Voxels from the surface of a box; negative outside.</summary>
    private static int Depth(VoxelBox box, int at)
    {
        int i = at % Shape.I, j = at / Shape.I % Shape.J, k = at / Shape.I / Shape.J;
        return new[] { i - box.MinI, box.MaxI - 1 - i, j - box.MinJ, box.MaxJ - 1 - j, k - box.MinK, box.MaxK - 1 - k }.Min();
    }
}
