using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests;

/// <summary>
/// Masks of a whole spine, damaged by hand and measured without a centroid file: which codes doubt their labels. The damage is done to
/// phantoms and, where they are at hand, to the three genuine masks; undamaged, none of them is doubted.
/// </summary>
public sealed class DamagedMaskTests : IDisposable
{
    private readonly TempFolder _temp = new();

    /// <summary>Damage by name, and the code that must be among those told; labels count from the top of the mask.</summary>
    private static readonly (string Name, string Code, Action<Voxels> Do)[] Damage =
    [
        ("two neighbours swapped", "LBL_ORDER", mask => mask.Swap(1, 2)),
        ("first and last swapped", "LBL_ORDER", mask => mask.Swap(0, ^1)),
        ("labels from feet to head", "LBL_UPSIDE_DOWN", mask => mask.Relabel(label => mask.Label(^(1 + mask.Rank(label))))),
        ("voxels upside down", "LBL_UPSIDE_DOWN", mask => mask.Flip(2)),
        ("voxels front to back", "LBL_FRONT_BACK", mask => mask.Flip(1)),
        ("one vertebra front to back", "LBL_FRONT_BACK", mask => mask.FlipOne(mask.Label(1), 1)),
        ("an island above", "LBL_EXTENT", mask => mask.Island(mask.Label(^1), new Vector3d(0, 0, 60))),
        ("an island at the side", "LBL_EXTENT", mask => mask.Island(mask.Label(2), new Vector3d(70, 0, 0))),
        ("two levels in one label", "LBL_VOLUME", mask => mask.Relabel(label => label == mask.Label(2) ? mask.Label(1) : label)),
        ("the lowest two levels in one label", "LBL_VOLUME", mask => mask.Relabel(label => label == mask.Label(^1) ? mask.Label(^2) : label)),
        ("a level missing, those below moved up", "LBL_SPACING", mask => mask.Relabel(label =>
            mask.Rank(label) == 2 ? 0 : mask.Rank(label) > 2 ? mask.Label(mask.Rank(label) - 1) : label)),
        ("half of a vertebra gone", "LBL_VOLUME", mask => mask.Halve(mask.Label(2), 0)),
        ("a vertebra in two labels", "LBL_VOLUME", mask => mask.Halve(mask.Label(2), mask.Label(^1) + 1, shift: true)),
        ("voxels of twice the size", "LBL_RANGE", mask => mask.Zoom = 2),
        ("voxels of half the size", "LBL_RANGE", mask => mask.Zoom = 0.5),
    ];

    public static TheoryData<string> Names => [.. Damage.Select(damage => damage.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Damage_to_a_phantom_is_told(string name)
    {
        (_, string code, Action<Voxels> damage) = Damage.Single(damage => damage.Name == name);
        Voxels mask = Phantom(17, 24);
        damage(mask);
        Assert.Contains(code, Codes(mask));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Damage_to_a_genuine_mask_is_told(string name)
    {
        (_, string code, Action<Voxels> damage) = Damage.Single(damage => damage.Name == name);
        foreach (Voxels mask in Genuine())
        {
            damage(mask);
            Assert.Contains(code, Codes(mask));
        }
    }

    [Fact]
    public void Lumbar_vertebrae_called_thoracic_are_told()
    {
        Voxels phantom = Phantom(20, 24);
        phantom.Relabel(label => label - 5);
        Assert.Contains("LBL_REGION", Codes(phantom));
        Voxels shifted = Phantom(17, 23);
        shifted.Relabel(label => label + 1);
        Assert.Contains("LBL_REGION", Codes(shifted));
        foreach (Voxels mask in Genuine())
        {
            int lowest = Measure(mask).Vertebrae.Last(row => !row.TouchesBorder).Label;
            mask.Relabel(label => label - (lowest - 19));
            Assert.Contains("LBL_REGION", Codes(mask));
        }
    }

    [Fact]
    public void No_label_of_a_sound_mask_is_doubted()
    {
        foreach (Voxels mask in Genuine())
        {
            ScanResult result = Measure(mask);
            Assert.Empty(Doubts(result));
            Assert.All(Published(result).Vertebrae, row => Assert.Null(row.Plausibility));
        }
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(8, 19)]
    [InlineData(15, 24)]
    public void No_label_of_a_phantom_is_doubted(int from, int to) => Assert.Empty(Codes(Phantom(from, to)));

    [Fact]
    public void The_worst_code_stands_on_the_row_and_one_about_all_labels_on_every_row()
    {
        Voxels mask = Phantom(20, 24);
        mask.Island(22, new Vector3d(60, 0, 0));
        IReadOnlyList<VertebraRow> rows = Published(Measure(mask)).Vertebrae;
        Assert.Equal([null, null, "LBL_EXTENT", null, null], rows.Select(row => row.Plausibility));
        mask = Phantom(20, 24);
        mask.Flip(1);
        Assert.All(Published(Measure(mask)).Vertebrae, row => Assert.Equal("LBL_FRONT_BACK", row.Plausibility));
    }

    [Fact]
    public void Left_and_right_exchanged_cannot_be_told_from_a_mask()
    {
        Voxels mask = Phantom(17, 24);
        mask.Flip(0);
        Assert.Empty(Codes(mask));
    }

    public void Dispose() => _temp.Dispose();

    private static string[] Doubts(ScanResult result) =>
        [.. Published(result).Findings.Where(finding => finding.Code.StartsWith("LBL_", StringComparison.Ordinal)).Select(finding => finding.Code).Distinct()];

    private string[] Codes(Voxels mask) => Doubts(Measure(mask));

    private static PublishedTables Published(ScanResult result) => CohortTables.Of([result], reference: Reference.Verse()).Tables;

    private ScanResult Measure(Voxels mask)
    {
        string name = $"{Guid.NewGuid():N}.nii.gz";
        File.WriteAllBytes(_temp[name], mask.File());
        return new ScanMeasuring().Measure(new ScanFiles
        {
            Key = new ScanKey("verse19", "training", "sub-verse004"),
            SubjectId = "verse004",
            SeriesId = "verse004",
            Mask = new SourcePath(_temp.Path, name),
        }, token: TestContext.Current.CancellationToken);
    }

    private static Voxels Phantom(int from, int to)
    {
        Spine spine = Spine.Of(new Physique(1, 150), 7);
        Vertebra[] shown = [.. spine.Vertebrae.Where(vertebra => vertebra.Label >= from && vertebra.Label <= to)];
        VoxelGrid grid = FieldOfView.Around(shown, "PIR", new Vector3d(1, 1, 1), Margin.Tight, oblique: false);
        PhantomVolume volume = PhantomVolume.Draw(grid, spine, shown.Select(vertebra => vertebra.Label).ToHashSet());
        return new Voxels(grid, [.. volume.Codes.Select(code => (double)PhantomVolume.LabelOf(code))]);
    }

    private static IEnumerable<Voxels> Genuine()
    {
        TreeListing listing = VerseTree.Walk(SharedFiles.Require("data/verse"), folders: null, new TreeOptions(), TestContext.Current.CancellationToken);
        foreach (ScanFiles scan in listing.Scans)
        {
            using VolumeInput input = VolumeInput.Open(scan.Mask!, new ReadingLimits());
            yield return new Voxels(VolumeFile.Open(input.Content, new ReadingLimits()).Grid, Sample.NaiveVolume.Read(scan.Mask!.Full).Values);
        }
    }

    /// <summary>A label map in memory, i fastest.</summary>
    private sealed class Voxels(VoxelGrid grid, double[] values)
    {
        private readonly int[] _labels = [.. values.Where(value => value > 0).Distinct().Select(value => (int)value).Order()];

        public double Zoom { get; set; } = 1;

        public int Label(Index rank) => _labels[rank];

        public int Rank(int label) => Array.IndexOf(_labels, label);

        public void Swap(Index one, Index other)
        {
            (int a, int b) = (Label(one), Label(other));
            Relabel(label => label == a ? b : label == b ? a : label);
        }

        public void Relabel(Func<int, int> change)
        {
            for (int at = 0; at < values.Length; at++)
                if (values[at] > 0) values[at] = change((int)values[at]);
        }

        /// <summary>Mirrors the voxels under an affine that stays: what a wrong axis code does.</summary>
        public void Flip(int worldAxis)
        {
            double[] before = [.. values];
            for (int at = 0; at < values.Length; at++) values[at] = before[Mirrored(at, worldAxis, 0, grid.Shape[grid.Orientation.StoredAxis(worldAxis)] - 1)];
        }

        public void FlipOne(int label, int worldAxis)
        {
            int axis = grid.Orientation.StoredAxis(worldAxis);
            int[] of = [.. Enumerable.Range(0, values.Length).Where(at => values[at] == label)];
            int low = of.Min(at => Indices(at)[axis]), high = of.Max(at => Indices(at)[axis]);
            foreach (int at in of) values[at] = 0;
            foreach (int at in of) values[Mirrored(at, worldAxis, low, high)] = label;
        }

        /// <summary>Three voxels a side, so far (mm) from the box of a label, on whichever side there is room; the volume grows where it must.</summary>
        public void Island(int label, Vector3d awayMm)
        {
            int[] of = [.. Enumerable.Range(0, values.Length).Where(at => values[at] == label)];
            int[] place = new int[3];
            for (int axis = 0; axis < 3; axis++)
            {
                int world = grid.Orientation.WorldAxis(axis), low = of.Min(at => Indices(at)[axis]), high = of.Max(at => Indices(at)[axis]);
                int away = (int)Math.Round(awayMm[world] / grid.SpacingMm[axis]);
                place[axis] = away == 0 ? (low + high) / 2 : high + away;
            }
            int[] shape = [.. Enumerable.Range(0, 3).Select(axis => Math.Max(grid.Shape[axis], place[axis] + 3))];
            double[] larger = new double[shape[0] * shape[1] * shape[2]];
            for (int at = 0; at < values.Length; at++)
                if (Indices(at) is int[] index) larger[(index[2] * shape[1] + index[1]) * shape[0] + index[0]] = values[at];
            for (int n = 0; n < 27; n++)
                larger[((place[2] - 1 + n / 9) * shape[1] + place[1] - 1 + n / 3 % 3) * shape[0] + place[0] - 1 + n % 3] = label;
            (grid, values) = (grid with { Shape = new VoxelShape(shape[0], shape[1], shape[2]) }, larger);
        }

        /// <summary>Gives the lower half of a label another one; with a shift, labels below make room first.</summary>
        public void Halve(int label, int other, bool shift = false)
        {
            int axis = grid.Orientation.StoredAxis(2);
            int[] of = [.. Enumerable.Range(0, values.Length).Where(at => values[at] == label)];
            double middle = of.Average(at => Indices(at)[axis]);
            bool up = grid.Orientation.IncreasesTowardsPositive(axis);
            if (shift) Relabel(other => other > label ? other + 1 : other);
            foreach (int at in of)
                if (Indices(at)[axis] < middle == up) values[at] = shift ? label + 1 : other;
        }

        public byte[] File() => PhantomFile.Of(new NiftiVolumeSpec
        {
            Shape = grid.Shape,
            SpacingMm = Zoom * grid.SpacingMm,
            Sform = new Affine(Zoom * grid.Affine.I, Zoom * grid.Affine.J, Zoom * grid.Affine.K, grid.Affine.Origin),
        }, values).Gzip();

        private int[] Indices(int at) => [at % grid.Shape.I, at / grid.Shape.I % grid.Shape.J, at / grid.Shape.I / grid.Shape.J];

        private int Mirrored(int at, int worldAxis, int low, int high)
        {
            int[] index = Indices(at);
            int axis = grid.Orientation.StoredAxis(worldAxis);
            index[axis] = low + high - index[axis];
            return (index[2] * grid.Shape.J + index[1]) * grid.Shape.I + index[0];
        }
    }
}
