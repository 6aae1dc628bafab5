using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Scans;

/// <summary>Body and arch by a sub-region mask, against sums over voxels and against numpy.</summary>
public sealed class SubregionTests : IDisposable
{
    private readonly OneScan _scan = new();

    // salt of codes: body, arch, neither and none, in the vertebrae and outside of them
    private static readonly double[] Codes = MakeCodes();

    public void Dispose() => _scan.Dispose();

    [Fact]
    public void Body_and_arch_are_the_voxels_of_their_codes_under_each_label()
    {
        _scan.Subregions = PhantomFile.Of(OneScan.Spec, Codes).Gzip();
        ScanResult result = _scan.Measure();
        Assert.Empty(Sub(result));
        AssertNaive(result);
    }

    [Theory]
    [InlineData(NiftiDatatype.Int16)]
    [InlineData(NiftiDatatype.Float64)]
    public void Another_type_of_voxels_changes_nothing(NiftiDatatype datatype)
    {
        _scan.Subregions = PhantomFile.Of(OneScan.Spec with { Datatype = datatype }, Codes).Gzip();
        AssertNaive(_scan.Measure());
    }

    [Fact]
    public void A_CT_in_another_axis_order_is_read_under_the_same_parts()
    {
        // stored with i and k exchanged
        VoxelShape shape = OneScan.Shape, turned = new(shape.K, shape.J, shape.I);
        double[] values = new double[turned.VoxelCount];
        for (int at = 0; at < values.Length; at++)
        {
            (int i, int j, int k) = (at % turned.I, at / turned.I % turned.J, at / turned.I / turned.J);
            values[at] = OneScan.Hounsfield[(i * shape.J + j) * shape.I + k];
        }
        NiftiVolumeSpec spec = new()
        {
            Shape = turned, SpacingMm = new Vector3d(1.5, 1, 1), Datatype = NiftiDatatype.Int16,
            Sform = new Affine(new Vector3d(0, 0, 1.5), new Vector3d(0, 1, 0), new Vector3d(1, 0, 0), new Vector3d(-10, -20, -30)),
        };
        _scan.Ct = PhantomFile.Of(spec, values).Gzip();
        _scan.Subregions = PhantomFile.Of(OneScan.Spec, Codes).Gzip();
        ScanResult result = _scan.Measure();
        Assert.Contains(result.Findings, finding => finding.Code == Faults.PairReoriented.Code);
        AssertNaive(result);
    }

    [Fact]
    public void Without_a_CT_there_are_volumes_and_without_a_sub_region_mask_nothing()
    {
        _scan.Subregions = PhantomFile.Of(OneScan.Spec, Codes).Gzip();
        _scan.Ct = null;
        Assert.All(_scan.Measure().Vertebrae, row => Assert.Equal((true, true, null, null),
            (row.BodyExactVoxels > 0, row.ArchExactVolumeMm3 > 0, row.BodyExactHuMean, row.ArchExactHuMedian)));
        _scan.Subregions = null;
        Assert.All(_scan.Measure().Vertebrae, row => Assert.Equal((null, null, null), (row.BodyExactVoxels, row.ArchExactVoxels, row.BodyExactVolumeMm3)));
    }

    [Fact]
    public void The_other_columns_do_not_depend_on_it()
    {
        IReadOnlyList<VertebraRow> without = _scan.Measure().Vertebrae;
        _scan.Subregions = PhantomFile.Of(OneScan.Spec, Codes).Gzip();
        static VertebraRow Bare(VertebraRow row) => row with
        {
            BodyExactVolumeMm3 = null,
            BodyExactHuMean = null,
            BodyExactHuMedian = null,
            BodyExactHuStd = null,
            BodyExactVoxels = null,
            ArchExactVolumeMm3 = null,
            ArchExactHuMean = null,
            ArchExactHuMedian = null,
            ArchExactHuStd = null,
            ArchExactVoxels = null,
        };
        Assert.Equal(without, _scan.Measure().Vertebrae.Select(Bare));
    }

    [Fact]
    public void A_label_that_no_code_meets_has_no_voxels_and_no_Hounsfield_units()
    {
        double[] codes = [.. Codes.Select((code, at) => OneScan.Labels[at] == 20 ? 100 : code)];
        _scan.Subregions = PhantomFile.Of(OneScan.Spec, codes).Gzip();
        VertebraRow row = _scan.Measure().Vertebrae.Single(row => row.Label == 20);
        Assert.Equal((0L, 0.0, null, null), (row.BodyExactVoxels, row.BodyExactVolumeMm3, row.BodyExactHuMean, row.ArchExactHuStd));
    }

    public static TheoryData<string, string, Func<byte[]>> Unusable { get; } = new()
    {
        { "shifted by a voxel", "Error SUB_GRID", () => PhantomFile.Of(OneScan.Spec with { Sform = Moved(1) }, Codes).Gzip() },
        { "mirrored", "Error SUB_GRID", () => PhantomFile.Of(OneScan.Spec with { Sform = PhantomFile.Diagonal(-1, 1, 1.5) }, Codes).Gzip() },
        { "of another shape", "Error SUB_GRID", () => PhantomFile.Of(OneScan.Spec with { Shape = new(48, 40, 29) }, Codes[..(48 * 40 * 29)]).Gzip() },
        { "of the vertebrae once more", "Error SUB_CODES", () => PhantomFile.Of(OneScan.Spec, OneScan.Labels).Gzip() },
        { "of probabilities", "Error MSK_NONINTEGRAL", () =>
            PhantomFile.Of(OneScan.Spec with { Datatype = NiftiDatatype.Float32 }, [.. Codes.Select(code => code / 100)]).Gzip() },
        { "cut", "Error GZ_TRUNCATED", () => PhantomFile.Of(OneScan.Spec, Codes).Gzip()[..^900] },
        { "with a wrong check sum", "Error GZ_CRC", () =>
            {
                byte[] bytes = PhantomFile.Of(OneScan.Spec, Codes).Gzip();
                bytes[^8] ^= 1;
                return bytes;
            } },
        { "that is no NIfTI", "Error NII_SHORT", () => new PhantomFile([1, 2, 3], false).Gzip() },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_sub_region_mask_that_cannot_be_trusted_costs_its_columns_alone(string what, string told, Func<byte[]> made)
    {
        IReadOnlyList<VertebraRow> without = _scan.Measure().Vertebrae;
        _scan.Subregions = made();
        ScanResult result = _scan.Measure();
        Assert.Contains(told, OneScan.Codes(result.Findings.Where(finding => finding.Path == "subreg.nii.gz")));
        Assert.True(without.SequenceEqual(result.Vertebrae), what);
        Assert.Equal(ScanStatus.Warning, result.Scan.Status);
    }

    [Fact]
    public void It_is_checked_to_its_end_also_where_the_vertebrae_end_long_before()
    {
        _scan.Mask = PhantomFile.Of(OneScan.Spec, [.. OneScan.Labels.Select(label => label == 19 ? 19.0 : 0)]).Gzip();
        byte[] bytes = PhantomFile.Of(OneScan.Spec, Codes).Gzip();
        bytes[^8] ^= 1;
        _scan.Subregions = bytes;
        ScanResult result = _scan.Measure();
        Assert.Equal(["Error GZ_CRC"], Sub(result));
        Assert.Null(Assert.Single(result.Vertebrae).BodyExactVoxels);
    }

    [Fact]
    public void A_slight_shift_is_told_and_the_mask_used()
    {
        _scan.Subregions = PhantomFile.Of(OneScan.Spec with { Sform = Moved(0.1) }, Codes).Gzip();
        ScanResult result = _scan.Measure();
        Assert.Equal(["Warning SUB_GRID"], Sub(result));
        AssertNaive(result);
    }

    /// <summary>Values of numpy on the published crop around L3: voxels, mean, standard deviation and median of body (49, 50) and arch (41 to 48).</summary>
    [Theory]
    [InlineData(21, 3846.0, 12980.25, 169.3421736869475, 187.99643706268796, 131.0, 2721.0, 9183.375, 479.88239617787576, 341.36873917336555, 422.0)]
    [InlineData(22, 11632.0, 39258.0, 137.17202544704264, 173.65940009144452, 98.0, 6066.0, 20472.75, 447.6600725354435, 349.4569615803374, 379.0)]
    [InlineData(23, 6871.0, 23189.625, 134.34638335031292, 179.70954492373036, 93.0, 5212.0, 17590.5, 410.338257866462, 347.4879765284083, 333.0)]
    public void A_genuine_crop_gives_what_numpy_gives(int label, params double[] expected)
    {
        string folder = Path.GetDirectoryName(SharedFiles.Require("data/loose/sub-ct_label-22_ct.nii.gz"))!;
        ScanResult result = new ScanMeasuring().Measure(new ScanFiles
        {
            Key = new ScanKey("verse19", "training", "sub-ct"), SubjectId = "ct", SeriesId = "ct",
            Mask = new SourcePath(folder, "sub-ct_seg-vert_label-22_msk.nii.gz"), Ct = new SourcePath(folder, "sub-ct_label-22_ct.nii.gz"),
            Subregions = new SourcePath(folder, "sub-ct_seg-subreg_label-22_msk.nii.gz"),
        }, token: TestContext.Current.CancellationToken);
        VertebraRow row = result.Vertebrae.Single(row => row.Label == label);
        double?[] found = [row.BodyExactVoxels, row.BodyExactVolumeMm3, row.BodyExactHuMean, row.BodyExactHuStd, row.BodyExactHuMedian,
            row.ArchExactVoxels, row.ArchExactVolumeMm3, row.ArchExactHuMean, row.ArchExactHuStd, row.ArchExactHuMedian];
        for (int at = 0; at < found.Length; at++) Assert.Equal(expected[at], found[at]!.Value, 9);
    }

    private static string[] Sub(ScanResult result) => OneScan.Codes(result.Findings.Where(finding => finding.Path == "subreg.nii.gz"));

    private static void AssertNaive(ScanResult result)
    {
        Assert.Equal([19, 20, 21], result.Vertebrae.Select(row => row.Label));
        foreach (VertebraRow row in result.Vertebrae)
        {
            double[] Values(double from, double to) => [.. Enumerable.Range(0, Codes.Length)
                .Where(at => OneScan.Labels[at] == row.Label && Codes[at] >= from && Codes[at] <= to).Select(at => OneScan.Hounsfield[at]).Order()];
            double[] body = Values(49, 50), arch = Values(41, 48);
            Assert.Equal((body.Length, arch.Length), (row.BodyExactVoxels, row.ArchExactVoxels));
            Assert.Equal((body.Length * 1.5, arch.Length * 1.5), (row.BodyExactVolumeMm3!.Value, row.ArchExactVolumeMm3!.Value));
            Assert.Equal(body.Average(), row.BodyExactHuMean!.Value, 9);
            Assert.Equal(arch.Average(), row.ArchExactHuMean!.Value, 9);
            Assert.Equal(Math.Sqrt(body.Average(hu => Math.Pow(hu - body.Average(), 2))), row.BodyExactHuStd!.Value, 9);
            Assert.Equal(Math.Sqrt(arch.Average(hu => Math.Pow(hu - arch.Average(), 2))), row.ArchExactHuStd!.Value, 9);
            Assert.Equal((body[body.Length / 2] + body[(body.Length - 1) / 2]) / 2, row.BodyExactHuMedian);
            Assert.Equal((arch[arch.Length / 2] + arch[(arch.Length - 1) / 2]) / 2, row.ArchExactHuMedian);
        }
    }

    private static Affine Moved(double alongI) =>
        new(new Vector3d(1, 0, 0), new Vector3d(0, 1, 0), new Vector3d(0, 0, 1.5), new Vector3d(-10 + alongI, -20, -30));

    private static double[] MakeCodes()
    {
        Random random = new(12);
        double[] codes = new double[OneScan.Shape.VoxelCount];
        double[] some = [0, 41, 42, 45, 48, 49, 50, 60, 100];
        for (int at = 0; at < codes.Length; at++) codes[at] = at > 0 && random.Next(3) > 0 ? codes[at - 1] : some[random.Next(some.Length)];
        return codes;
    }
}
