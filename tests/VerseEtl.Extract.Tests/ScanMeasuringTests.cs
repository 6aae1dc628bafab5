using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests;

/// <summary>The same scan stored in other ways gives the same rows.</summary>
public sealed class ScanMeasuringTests : IDisposable
{
    private static readonly VoxelShape Shape = new(9, 11, 7);
    private static readonly Vector3d Spacing = new(0.75, 1, 2.5);
    private static readonly Affine Pir = new(new(0, -0.75, 0), new(0, 0, -1), new(2.5, 0, 0), new(-8, 3, 5));

    private readonly TempFolder _temp = new();
    private readonly int[] _labels = new int[Shape.VoxelCount];
    private readonly int[] _ct = new int[Shape.VoxelCount];

    public ScanMeasuringTests()
    {
        Random random = new(9);
        for (int at = 0; at < _labels.Length; at++)
        {
            _labels[at] = random.Next(3) == 0 ? random.Next(19, 23) : 0;
            _ct[at] = random.Next(-1290, 3000);
        }
        File.WriteAllText(_temp["ctd.json"], """[{"direction":["P","I","R"]},{"label":20,"X":4.2,"Y":5.1,"Z":3},{"label":21,"X":3,"Y":6,"Z":2.5}]""");
    }

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_CT_in_any_axis_order_gives_the_rows_of_one_stored_like_the_mask()
    {
        WriteMask(NiftiDatatype.UInt8, 1, false, gzip: true);
        WriteCt(Pir, Shape, (i, j, k) => (i, j, k));
        IReadOnlyList<VertebraRow> expected = Measure().Vertebrae;
        Assert.All(expected, row => Assert.NotNull(row.MaskHuMean));
        Assert.Contains(expected, row => row.BodyHuVoxels > 0);
        VoxelGrid mask = new(Shape, Pir, AffineSource.Sform, Spacing);
        int orders = 0;
        foreach (int[] order in new int[][] { [0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0] })
            for (int flips = 0; flips < 8; flips++)
            {
                VoxelShape shape = new(Shape[order[0]], Shape[order[1]], Shape[order[2]]);
                int flipped = flips;
                (int, int, int) ToMask(int i, int j, int k)
                {
                    int[] from = [i, j, k];
                    Span<int> to = stackalloc int[3];
                    for (int axis = 0; axis < 3; axis++)
                        to[order[axis]] = (flipped >> axis & 1) == 0 ? from[axis] : shape[axis] - 1 - from[axis];
                    return (to[0], to[1], to[2]);
                }
                Vector3d origin = World(ToMask(0, 0, 0));
                Affine affine = new(World(ToMask(1, 0, 0)) - origin, World(ToMask(0, 1, 0)) - origin, World(ToMask(0, 0, 1)) - origin, origin);
                WriteCt(affine, shape, ToMask);
                ScanResult result = Measure();
                Assert.Equal(expected, result.Vertebrae);
                Assert.Equal(flips != 0 || order is not [0, 1, 2], result.Findings.Any(finding => finding.Code == "PAIR_SHAPE"));
                orders++;
            }
        Assert.Equal(48, orders);

        Vector3d World((int I, int J, int K) index) => mask.Affine.Apply(new Vector3d(index.I, index.J, index.K));
    }

    [Fact]
    public void A_CT_that_lies_elsewhere_is_not_used()
    {
        WriteMask(NiftiDatatype.UInt8, 1, false, gzip: true);
        WriteCt(Pir with { Origin = Pir.Origin + new Vector3d(0, 0.6, 0) }, Shape, (i, j, k) => (i, j, k));
        ScanResult result = Measure();
        Assert.Contains(result.Findings, finding => finding is { Code: "PAIR_AFFINE", Severity: Transform.Findings.Severity.Error });
        Assert.All(result.Vertebrae, row => Assert.Null(row.MaskHuMean));
        Assert.Equal(4, result.Vertebrae.Count);
    }

    [Fact]
    public void Stored_type_byte_order_version_and_packing_do_not_change_a_row()
    {
        WriteCt(Pir, Shape, (i, j, k) => (i, j, k));
        WriteMask(NiftiDatatype.UInt8, 1, false, gzip: true);
        ScanResult expected = Measure();
        foreach (NiftiDatatype datatype in Enum.GetValues<NiftiDatatype>())
            foreach (int version in new[] { 1, 2 })
                foreach (bool bigEndian in new[] { false, true })
                {
                    WriteMask(datatype, version, bigEndian, gzip: !bigEndian);
                    ScanResult result = Measure(gzip: !bigEndian);
                    Assert.Equal(expected.Vertebrae, result.Vertebrae);
                    Assert.Equal(expected.Scan.MaskContentSha256, result.Scan.MaskContentSha256);
                    Assert.Equal(datatype.Name(), result.Scan.MaskDatatype);
                }
    }

    private void WriteMask(NiftiDatatype datatype, int version, bool bigEndian, bool gzip) =>
        Write(gzip ? "mask.nii.gz" : "mask.nii", gzip,
            new NiftiVolumeSpec { Shape = Shape, SpacingMm = Spacing, Sform = Pir, Datatype = datatype, Version = version, BigEndian = bigEndian },
            (i, j, k) => _labels[Shape.LinearIndex(i, j, k)]);

    /// <summary>A CT whose voxel (i, j, k) is the voxel <paramref name="toMask"/> of the one stored like the mask.</summary>
    private void WriteCt(Affine affine, VoxelShape shape, Func<int, int, int, (int I, int J, int K)> toMask) =>
        Write("ct.nii.gz", gzip: true, new NiftiVolumeSpec { Shape = shape, SpacingMm = affine.ColumnNorms, Sform = affine, Datatype = NiftiDatatype.Int16 },
            (i, j, k) =>
        {
            (int x, int y, int z) = toMask(i, j, k);
            return _ct[Shape.LinearIndex(x, y, z)];
        });

    private void Write(string name, bool gzip, NiftiVolumeSpec spec, Func<int, int, int, double> value)
    {
        using FileStream file = File.Create(_temp[name]);
        void Fill(int k, Span<double> plane)
        {
            for (int j = 0; j < spec.Shape.J; j++)
                for (int i = 0; i < spec.Shape.I; i++) plane[j * spec.Shape.I + i] = value(i, j, k);
        }
        if (gzip) NiftiWriter.WriteGzip(file, spec, Fill);
        else NiftiWriter.Write(file, spec, Fill);
    }

    private ScanResult Measure(bool gzip = true) => new ScanMeasuring().Measure(new ScanFiles
    {
        Key = new ScanKey("verse19", "training", "sub-verse900"),
        SubjectId = "verse900",
        SeriesId = "verse900",
        Mask = new SourcePath(_temp.Path, gzip ? "mask.nii.gz" : "mask.nii"),
        Ct = new SourcePath(_temp.Path, "ct.nii.gz"),
        Centroids = new SourcePath(_temp.Path, "ctd.json"),
    }, new ReadingLimits(), TestContext.Current.CancellationToken);
}
