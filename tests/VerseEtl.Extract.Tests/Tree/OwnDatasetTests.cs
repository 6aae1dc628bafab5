using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Tree;

/// <summary>`--dataset mine`: any folder of masks, paired by names.</summary>
public sealed class OwnDatasetTests
{
    [Theory]
    [InlineData("a_ct.nii.gz", "a_msk.nii.gz", "a", "endings")]
    [InlineData("Case 7_CT.nii.gz", "Case 7_Mask.nii", "case-7", "endings")]
    [InlineData("verse014.nii.gz", "verse014_seg.nii.gz", "verse014", "endings")]
    [InlineData("p1/ct.nii.gz", "p1/mask.nii.gz", "p1", "endings")]
    [InlineData("x/images/a.nii.gz", "x/labels/a.nii.gz", "a", "folder names")]
    [InlineData("ct/a.nii.gz", "a.nii.gz", "a", "endings, folder names")]
    [InlineData("sub-1/ct/sub-1_ct.nii.gz", "sub-1/sub-1_msk.nii.gz", "sub-1", "VerSe names")]
    [InlineData("rawdata/sub-1_ct.nii.gz", "derivatives/seg/sub-1_dseg.nii.gz", "sub-1", "VerSe names, endings")]
    public void A_mask_and_its_CT_are_told_by_their_names(string ct, string mask, string scan, string rule)
    {
        using SourceTree tree = new SourceTree().With(ct, mask);
        TreeListing listing = Walk(tree);
        ScanFiles only = Assert.Single(listing.Scans);
        Assert.Equal(($"mine/training/{scan}", ct, mask), (only.Key.Text, only.Ct?.Relative, only.Mask?.Relative));
        Assert.Equal(rule, Assert.Single(listing.Folders).Rule);
        Assert.Empty(listing.Findings);
    }

    [Fact]
    public void A_flat_folder_of_masks_is_training_unless_folders_name_a_split()
    {
        using SourceTree tree = new SourceTree().With("a.nii.gz", "b.nii", "test/c.nii.gz", "x/val/d.nii.gz");
        Assert.Equal(["mine/test/c", "mine/training/a", "mine/training/b", "mine/validation/d"], Walk(tree).Scans.Select(scan => scan.Key.Text));
        Assert.All(Walk(tree).Scans, scan => Assert.NotNull(scan.Mask));
    }

    [Fact]
    public void One_name_in_several_folders_is_told_apart_by_them()
    {
        using SourceTree tree = new SourceTree().With("a/scan_ct.nii.gz", "a/scan_seg.nii.gz", "b/scan_ct.nii.gz", "b/scan_seg.nii.gz");
        Assert.Equal(["mine/training/a-scan", "mine/training/b-scan"], Walk(tree).Scans.Select(scan => scan.Key.Text));
        Assert.All(Walk(tree).Scans, scan => Assert.True(scan.Ct is not null && scan.Mask is not null));
    }

    [Fact]
    public void The_labels_of_nnUNet_are_those_that_its_description_names()
    {
        using SourceTree tree = Nnunet().Write("D/dataset.json", """{"labels": {"background": 0, "vertebrae_L5": 27, "rib": 5, "S1": 26}}""");
        TreeListing listing = Walk(tree);
        Assert.Equal([("mine/test/c2", "27=L5"), ("mine/training/c1", "27=L5")], listing.Scans.Select(scan => (scan.Key.Text, scan.Labels?.Text)));
        Assert.Equal("D/imagesTr/c1_0000.nii.gz", listing.Scans[1].Ct?.Relative);
        Assert.Equal(["W TREE_PASSED_OVER . name"], listing.Findings.Short());
    }

    [Theory]
    [InlineData("""{"labels": {"background": 0, "Lumbar_5": 3, "lumbar_4": 2, "rib": 5}}""", "2=L4 3=L5 9=sacrum")]
    [InlineData("""{"labels": {"0": "background", "3": "lumbar_5"}}""", "3=L5 9=sacrum")]
    [InlineData("""{"labels": {"lumbar_5": 9}}""", null)]
    [InlineData(null, "9=sacrum")]
    public void Names_of_a_description_mean_what_the_user_says(string? description, string? meant)
    {
        using SourceTree tree = Nnunet().With("other_msk.nii.gz");
        if (description is not null) tree.Write("D/dataset.json", description);
        LabelMap said = LabelMap.Of([(9, VertebraLabel.Sacrum)], [("lumbar_5", VertebraLabel.L5), ("lumbar_4", VertebraLabel.L5 - 1)])!;
        Assert.Equal("9=sacrum 'lumbar_4'=L4 'lumbar_5'=L5", said.Text);
        TreeListing listing = Walk(tree, said);
        Assert.Equal(meant is null ? [] : [meant, meant], listing.Scans.Where(scan => scan.Key.ScanId != "other").Select(scan => scan.Labels?.Text));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"labels": {"background": 0}}""")]
    [InlineData("""{"labels": {"L5": 1, "vertebrae_L5": 2}}""")]
    [InlineData(null)]
    public void Without_names_they_are_not_taken_for_VerSes(string? description)
    {
        using SourceTree tree = Nnunet().With("other_msk.nii.gz");
        if (description is not null) tree.Write("D/dataset.json", description);
        TreeListing listing = Walk(tree);
        Assert.Equal(["mine/training/other"], listing.Scans.Select(scan => scan.Key.Text));
        Assert.Equal(["E TREE_LABELS_UNKNOWN D dataset.json"], listing.Findings.Short());
        Assert.Equal(3, Walk(tree, LabelMap.Verse).Scans.Count);
    }

    [Fact]
    public void Without_a_dataset_such_trees_are_told_with_what_they_are_and_the_line_that_reads_them()
    {
        using SourceTree tree = Nnunet()
            .With("ts/s1/ct.nii.gz", "ts/s1/segmentations/vertebrae_L1.nii.gz", "ts/s1/segmentations/liver.nii.gz", "x/y/a_ct.nii.gz")
            .Scan("dataset-verse19test", "sub-verse012");
        TreeListing listing = tree.Walk();
        Assert.Equal([("D", "5 images in nnU-Net's layout, such as D/imagesTr/c1_0000.nii.gz"),
            ("ts", "3 images as TotalSegmentator writes them, such as ts/s1/ct.nii.gz"), ("x", "1 image, such as x/y/a_ct.nii.gz")],
            listing.Findings.Where(finding => finding.Code == "TREE_FOLDER_UNKNOWN").Select(finding => (finding.Path, finding.Observed)));
        Assert.Equal(["W TREE_FOLDER_UNKNOWN D names", "W TREE_FOLDER_UNKNOWN ts names", "W TREE_FOLDER_UNKNOWN x names"],
            listing.Findings.ShortButAbsent());
        Assert.Equal("x/y/a_ct.nii.gz", Assert.Single(tree.Walk([listing.Unread[2].Setting]).Scans).Ct?.Relative);
    }

    [Fact]
    public void One_binary_mask_a_vertebra_gives_the_rows_of_one_label_map()
    {
        using SourceTree tree = new();
        const string folder = "s1/segmentations";
        VoxelShape shape = new(6, 5, 4);
        double[] whole = [.. Enumerable.Range(0, 120).Select(at => at % 6 is 2 or 3 ? 19.0 : at % 6 == 4 ? 20 : 0)];
        Put(tree, "whole_msk.nii.gz", shape, whole);
        Put(tree, $"{folder}/vertebrae_T12.nii.gz", shape, [.. whole.Select(label => label == 19 ? 1.0 : 0)]);
        Put(tree, $"{folder}/vertebrae_L1.nii.gz", shape, [.. whole.Select(label => label == 20 ? 1.0 : 0)]);
        Put(tree, $"{folder}/vertebrae_L2.nii.gz", shape, new double[120]);
        tree.With($"{folder}/liver.nii.gz");
        TreeListing listing = Walk(tree);
        Assert.Equal(["mine/training/s1", "mine/training/whole"], listing.Scans.Select(scan => scan.Key.Text));
        Assert.Equal([19, 20, 21], listing.Scans[0].MaskParts!.Select(part => part.Label));
        ScanResult parted = Measured(listing.Scans[0]), one = Measured(listing.Scans[1]);
        Assert.Equal(one.Vertebrae.Select(row => (row.Label, row.VoxelCount, row.CentroidI, row.ComponentCount)),
            parted.Vertebrae.Select(row => (row.Label, row.VoxelCount, row.CentroidI, row.ComponentCount)));
        Assert.Equal(2, parted.Vertebrae.Count);
        Assert.Equal(one.Scan.MaskContentSha256, parted.Scan.MaskContentSha256);
    }

    [Fact]
    public void Voxels_in_two_masks_are_counted_once_and_masks_of_other_grids_are_refused()
    {
        using SourceTree tree = new();
        double[] ones = [.. Enumerable.Repeat(1.0, 24)];
        Put(tree, "s1/vertebrae_L1.nii.gz", new(4, 3, 2), ones);
        Put(tree, "s1/vertebrae_L2.nii.gz", new(4, 3, 2), ones);
        Put(tree, "s2/vertebrae_L1.nii.gz", new(4, 3, 2), ones);
        Put(tree, "s2/vertebrae_L2.nii.gz", new(3, 4, 2), ones);
        ScanResult[] results = [.. Walk(tree).Scans.Select(Measured)];
        Assert.Equal(24, results[0].Vertebrae.Sum(row => row.VoxelCount));
        Assert.Equal("24 voxels", results[0].Findings.Single(finding => finding.Code == "MSK_PARTS_OVERLAP").Observed);
        Finding refused = results[1].Findings.Single(finding => finding.Code == "MSK_PARTS");
        Assert.Equal(("vertebrae_L2.nii.gz: grid", ScanStatus.Failed), (refused.Field, results[1].Scan.Status));
    }

    [Fact]
    public void Labels_that_mean_something_else_are_translated_and_the_rest_is_left_out()
    {
        using SourceTree tree = new();
        Put(tree, "a_msk.nii.gz", new(5, 2, 2), [27, 28, 5, 0, 27, .. new double[15]]);
        ScanResult result = Measured(Assert.Single(Walk(tree, LabelMap.TotalSegmentator).Scans));
        Assert.Equal([("L4", 1L), ("L5", 2L)], result.Vertebrae.Select(row => (row.Vertebra, row.VoxelCount)));
        Assert.Equal("1: 5", result.Findings.Single(finding => finding.Code == "MSK_LABEL_LEFT_OUT").Observed);
    }

    private static ScanResult Measured(ScanFiles scan) => new ScanMeasuring().Measure(scan, null, TestContext.Current.CancellationToken);

    private static SourceTree Nnunet() => new SourceTree().With("D/imagesTr/c1_0000.nii.gz", "D/imagesTr/c1_0001.nii.gz", "D/labelsTr/c1.nii.gz",
        "D/imagesTs/c2_0000.nii.gz", "D/labelsTs/c2.nii.gz");

    private static TreeListing Walk(SourceTree tree, LabelMap? labels = null) =>
        tree.Walk(options: new TreeOptions { Dataset = "mine", Labels = labels });

    private static void Put(SourceTree tree, string relative, VoxelShape shape, double[] stored)
    {
        tree.With(relative);
        NiftiVolumeSpec spec = new()
        {
            Shape = shape, SpacingMm = new(1, 1, 1), Sform = PhantomFile.Diagonal(1, 1, 1), Datatype = NiftiDatatype.UInt8,
        };
        File.WriteAllBytes(Path.Join(tree.Root, relative), PhantomFile.Of(spec, stored).Gzip());
    }
}
