using System.IO.Compression;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Scans;

/// <summary>
/// Three vertebrae of which the back is a comb across i: stored with i fastest they are 181,440 runs, more than are kept here for the later passes,
/// with j fastest 6,480.
/// </summary>
public sealed class ManyRunsTests
{
    private const int KeptRunBytes = 1 << 16;

    private static readonly VoxelShape Shape = new(64, 120, 120);

    [Theory]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.NoCompression)]
    public void A_mask_of_more_runs_than_are_kept_is_decoded_again_from_memory_or_the_file(CompressionLevel packing)
    {
        ScanResult many = Measure(alongJ: false, packing), few = Measure(alongJ: true, CompressionLevel.Fastest);

        Assert.Equal(3, many.Vertebrae.Count);
        Assert.Empty(many.Findings.Select(finding => finding.ToString()).Except(few.Findings.Select(finding => finding.ToString())));
        Assert.Equal(few.PicturePng, many.PicturePng);
        foreach ((VertebraRow one, VertebraRow other) in many.Vertebrae.Zip(few.Vertebrae))
        {
            Assert.Equal(other.Label, one.Label);
            Assert.Equal(Measures(other), Measures(one));
            Assert.InRange(one.TrabecularVoxels!.Value, 1000, one.VoxelCount / 4);
            Assert.Equal(other.SurfaceAreaMm2!.Value, one.SurfaceAreaMm2!.Value, 1e-6 * other.SurfaceAreaMm2.Value);
        }
    }

    private static object?[] Measures(VertebraRow row) =>
    [
        row.VoxelCount, row.TrabecularVoxels, row.BodyBallFraction, row.MaskHuMean, row.MaskHuMedian, row.BodyHuMean, row.TrabecularHuMean,
        row.HeightAnteriorMm, row.HeightMiddleMm, row.HeightPosteriorMm, row.DepthMm, row.MaxDiameterMm,
    ];

    private static ScanResult Measure(bool alongJ, CompressionLevel packing)
    {
        using TempFolder temp = new();
        VoxelShape stored = alongJ ? new VoxelShape(Shape.J, Shape.I, Shape.K) : Shape;
        Affine world = PhantomFile.Diagonal(1, 1, 1);
        NiftiVolumeSpec spec = new()
        {
            Shape = stored, SpacingMm = new Vector3d(1, 1, 1), Datatype = NiftiDatatype.Float64,
            Sform = alongJ ? new Affine(world.J, world.I, world.K, world.Origin) : world,
        };
        double[] labels = new double[Shape.VoxelCount], units = new double[Shape.VoxelCount];
        for (int k = 0; k < Shape.K; k++)
            for (int j = 0; j < Shape.J; j++)
                for (int i = 0; i < Shape.I; i++)
                {
                    long at = alongJ ? stored.LinearIndex(j, i, k) : stored.LinearIndex(i, j, k);
                    labels[at] = LabelAt(i, j, k);
                    units[at] = (i * 7 + j * 5 + k * 3) % 400;
                }
        Write("msk.nii.gz", spec, labels, packing);
        Write("ct.nii.gz", spec with { Datatype = NiftiDatatype.Int16 }, units, CompressionLevel.Fastest);
        (int x, int y, string axes) = alongJ ? (102, 32, "\"A\",\"R\"") : (32, 102, "\"R\",\"A\"");
        string points = string.Join(",", Enumerable.Range(0, 3).Select(at => $$"""{"label":{{21 - at}},"X":{{x}},"Y":{{y}},"Z":{{22 + 38 * at}}}"""));
        File.WriteAllText(temp["ctd.json"], $$"""[{"direction":[{{axes}},"S"]},{{points}}]""");
        return new ScanMeasuring { KeptRunBytes = KeptRunBytes }.Measure(new ScanFiles
        {
            Key = new ScanKey("verse19", "training", "sub-verse900"), SubjectId = "verse900", SeriesId = "verse900",
            Mask = new SourcePath(temp.Path, "msk.nii.gz"), Ct = new SourcePath(temp.Path, "ct.nii.gz"), Centroids = new SourcePath(temp.Path, "ctd.json"),
        }, new ReadingLimits { Pictures = true }, TestContext.Current.CancellationToken);

        void Write(string name, NiftiVolumeSpec of, double[] values, CompressionLevel level)
        {
            using GZipStream gzip = new(File.Create(temp[name]), level);
            gzip.Write(PhantomFile.Of(of, values).Bytes);
        }
    }

    // from below: 21, 20, 19, each 36 high with 2 between them
    private static int LabelAt(int i, int j, int k)
    {
        int level = (k - 4) / 38;
        bool inside = i is >= 2 and < 62 && j is >= 4 and < 116 && k >= 4 && level < 3 && (k - 4) % 38 < 36;
        return inside && (j >= 88 || (i - 2) % 3 < 2) ? 21 - level : 0;
    }
}
