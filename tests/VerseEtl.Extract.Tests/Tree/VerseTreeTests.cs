using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tests.Tree;

public sealed class VerseTreeTests
{
    private const string Training = "dataset-verse19training", Test20 = "dataset-03test";

    [Fact]
    public void A_scan_is_made_of_the_files_with_its_full_entity_chain()
    {
        using SourceTree tree = new SourceTree()
            .Scan(Training, "sub-verse400_split-verse155").Scan(Training, "sub-verse400_split-verse256").Scan(Test20, "sub-gl003_dir-ax")
            .With($"{Training}/rawdata/sub-verse400/sub-verse400_split-verse155_ct.json",
                $"{Training}/derivatives/sub-verse400/verse400_split-verse155_seg-vert_snp.png",
                "README.md", $"{Training}/derivatives/dataset_description.json");
        TreeListing listing = tree.Walk();

        Assert.Equal(["verse19/training/sub-verse400_split-verse155", "verse19/training/sub-verse400_split-verse256", "verse20/test/sub-gl003_dir-ax"],
            listing.Scans.Select(scan => scan.Key.Text));
        ScanFiles split = listing.Scans[0], ax = listing.Scans[2];
        Assert.Equal(("verse400", "verse155", "verse155", null), (split.SubjectId, split.SeriesId, split.Series, split.Direction));
        Assert.Equal(("gl003", "gl003", null, "ax"), (ax.SubjectId, ax.SeriesId, ax.Series, ax.Direction));
        Assert.Equal(SourceTree.CtOf(Training, "sub-verse400_split-verse155"), split.Ct?.Relative);
        Assert.Equal(SourceTree.MaskOf(Training, "sub-verse400_split-verse155"), split.Mask?.Relative);
        Assert.Equal(SourceTree.CentroidsOf(Training, "sub-verse400_split-verse155"), split.Centroids?.Relative);
        Assert.Equal($"{Training}/rawdata/sub-verse400/sub-verse400_split-verse155_ct.json", split.Sidecar?.Relative);
        Assert.Equal($"{Training}/derivatives/sub-verse400/verse400_split-verse155_seg-vert_snp.png", split.Preview?.Relative);
        Assert.True(File.Exists(split.Preview!.Full));
        Assert.All(listing.Scans, scan => Assert.Empty(scan.Findings));
        Assert.Equal([new FolderSeen(new FolderSpec(Test20, "verse20", "test"), 1), new FolderSeen(new FolderSpec(Training, "verse19", "training"), 2)],
            listing.Folders);
        Assert.Equal(["W TREE_FOLDER_MISSING dataset-01training", "W TREE_FOLDER_MISSING dataset-02validation",
            "W TREE_FOLDER_MISSING dataset-verse19test", "W TREE_FOLDER_MISSING dataset-verse19validation"],
            listing.Findings.Short());
    }

    [Theory]
    [InlineData("dataset-verse19training", "verse19/training")]
    [InlineData("dataset-verse19validation", "verse19/validation")]
    [InlineData("dataset-verse19test", "verse19/test")]
    [InlineData("dataset-01training", "verse20/training")]
    [InlineData("01_training", "verse20/training")]
    [InlineData("dataset-verse20training", "verse20/training")]
    [InlineData("dataset-02validation", "verse20/validation")]
    [InlineData("02_validation", "verse20/validation")]
    [InlineData("dataset-03test", "verse20/test")]
    [InlineData("03_test", "verse20/test")]
    [InlineData("DATASET-Verse19Test", "verse19/test")]
    [InlineData("downloads/verse/dataset-verse19test/dataset-verse19test", "verse19/test")]
    [InlineData("dataset-verse19training/dataset-verse19test", "verse19/test")]
    [InlineData("dataset-verse20test/dataset-03test", "verse20/test")]
    public void Folders_are_known_by_any_of_their_names_below_any_wrapper(string folder, string cell)
    {
        using SourceTree tree = new SourceTree().Scan(folder, "sub-verse004");
        ScanFiles scan = Assert.Single(tree.Walk().Scans);
        Assert.Equal($"{cell}/sub-verse004", scan.Key.Text);
        Assert.NotNull(scan.Ct);
        Assert.NotNull(scan.Mask);
        Assert.Equal(5, tree.Walk().Findings.Count);
    }

    [Fact]
    public void The_source_may_be_one_of_the_folders_itself()
    {
        using SourceTree tree = new SourceTree("Dataset-verse19test").Scan(".", "sub-verse012");
        TreeListing listing = VerseTree.Walk(tree.Root + "/", null, new TreeOptions(), TestContext.Current.CancellationToken);
        Assert.Equal("verse19/test/sub-verse012", Assert.Single(listing.Scans).Key.Text);
        Assert.Equal("rawdata/sub-verse012/sub-verse012_ct.nii.gz", listing.Scans[0].Ct?.Relative);
        Assert.Equal(new FolderSpec(".", "verse19", "test"), Assert.Single(listing.Folders).Folder);
    }

    [Theory]
    [InlineData("dataset-02validation (1)", "verse20", "validation")]
    [InlineData("dataset-verse19training - Copy", "verse19", "training")]
    [InlineData("VerSe20/03test", "verse20", "test")]
    [InlineData("verse19_training", "verse19", "training")]
    [InlineData("verse2019/val", "verse19", "validation")]
    [InlineData("lab/VerSe 20/train", "verse20", "training")]
    [InlineData("02validation", "verse20", "validation")]
    public void A_folder_that_names_edition_and_split_is_read_and_that_is_said(string folder, string dataset, string split)
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Scan(folder, "sub-verse701");
        TreeListing listing = tree.Walk();
        Assert.Equal($"{dataset}/{split}/sub-verse701", listing.Scans.Single(scan => scan.SubjectId == "verse701").Key.Text);
        Assert.Equal([$"W TREE_FOLDER_GUESSED {folder}"], listing.Findings.ShortButAbsent());
        Assert.Empty(listing.Unread);
    }

    [Theory]
    [InlineData("training", "sub-verse004", "verse19/training/sub-verse004")]
    [InlineData("training", "sub-verse701", null)]
    [InlineData("training", "sub-verse022", null)]
    [InlineData("verse19/training/verse20/test", "sub-verse701", null)]
    [InlineData("train_old", "sub-verse004", null)]
    [InlineData("verse19", "sub-verse701", null)]
    public void The_names_of_its_scans_may_tell_the_edition_but_not_against_the_folder(string folder, string scan, string? key)
    {
        using SourceTree tree = new SourceTree().Scan("dataset-verse19test", "sub-verse012").Scan(folder, scan);
        TreeListing listing = tree.Walk();
        Assert.Equal(key, listing.Scans.SingleOrDefault(each => each.Key.ScanId == scan)?.Key.Text);
        Assert.Equal(key is null ? [folder] : [], listing.Unread.Select(unread => unread.Path));
    }

    [Fact]
    public void A_second_download_of_what_is_there_is_not_read_but_told()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004")
            .Scan($"{Training} (1)", "sub-verse004").Scan($"{Training} (1)", "sub-verse005");
        TreeListing listing = tree.Walk();
        Assert.Empty(Assert.Single(listing.Scans).Findings);
        Assert.Equal([$"W TREE_FOLDER_UNKNOWN {Training} (1) source.folders"], listing.Findings.ShortButAbsent());
        UnreadFolder unread = Assert.Single(listing.Unread);
        Assert.Equal((4, "sub-verse004, sub-verse005"), (unread.Images, string.Join(", ", unread.ScanIds)));
        Assert.Equal($"- {{path: \"{Training} (1)\", dataset: verse19, split: training}}", unread.Line);
    }

    [Fact]
    public void Scans_in_unknown_folders_are_one_finding_a_folder_with_the_line_that_reads_them()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Scan("data/x", "sub-a1").Scan("data/x", "sub-a2")
            .With("bids/sub-1/sub-1_msk.nii.gz", "loose/sub-b_ct.json");
        TreeListing listing = tree.Walk();
        Assert.Single(listing.Scans);
        Assert.Equal(["W TREE_FOLDER_UNKNOWN bids source.folders", "W TREE_FOLDER_UNKNOWN data/x source.folders"], listing.Findings.ShortButAbsent());
        Finding finding = listing.Findings.Single(each => each.Path == "data/x");
        Assert.Equal(("2 scans, such as data/x/derivatives/sub-a1/sub-a1_seg-vert_msk.nii.gz", "- {path: data/x, dataset: mine, split: training}"),
            (finding.Observed, finding.Expected));
        TreeListing read = tree.Walk([.. listing.Unread.Select(unread => unread.Setting)]);
        Assert.Equal(["mine/training/sub-1", "mine/training/sub-a1", "mine/training/sub-a2"], read.Scans.Select(scan => scan.Key.Text));
    }

    [Fact]
    public void Images_that_were_passed_over_are_counted_and_named_in_their_folder()
    {
        const string beside = $"{Training}/derivatives/sub-verse004/sub-verse004_seg-vert_msk";
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").With($"{beside} (1).nii.gz", $"{beside}_corrected.nii.gz",
            $"{beside}.nii.gz.bak", $"{beside}.nii.bz2", $"{beside}.mha", $"{Training}/derivatives/sub-verse004_dseg.nii.gz",
            $"{Training}/derivatives/all.tar.gz",
            $"{Training}/derivatives/sub-verse004/sub-verse004_seg-vert-raw_msk.nii.gz", $"{Training}/derivatives/sub-verse004_seg-lung_msk.nii.gz",
            $"{Training}/readme.txt", "elsewhere/x.nrrd");
        Finding[] findings = [.. tree.Walk().Findings.Where(finding => finding.Code == "TREE_PASSED_OVER")];
        Assert.Equal([(".", "format"), (Training, "archive"), (Training, "format"), (Training, "name"), (Training, "segmentation")],
            findings.Select(finding => (finding.Path, finding.Field)));
        Assert.Equal("3: sub-verse004_seg-vert_msk.mha, sub-verse004_seg-vert_msk.nii.bz2, sub-verse004_seg-vert_msk.nii.gz.bak", findings[2].Observed);
        Assert.StartsWith("4: sub-verse004_seg-vert-raw_msk.nii.gz, sub-verse004_seg-vert_msk (1).nii.gz", findings[3].Observed, StringComparison.Ordinal);
        Assert.All(findings, finding => Assert.Equal(Severity.Warning, finding.Severity));
    }

    [Fact]
    public void Given_folders_are_read_and_no_others()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Scan("models/unet v2", "sub-verse004").Folder("empty/rawdata");
        FolderSpec[] folders = [new("models/unet v2", "unet", "test"), new("gone", "unet", "training"),
            new("empty", "unet", "validation"), new("../out", "x", "y")];
        TreeListing listing = tree.Walk(folders);
        ScanFiles scan = Assert.Single(listing.Scans);
        Assert.Equal("unet/test/sub-verse004", scan.Key.Text);
        Assert.Null(scan.Licence);
        Assert.Equal(["E TREE_ESCAPE ../out folder", "E TREE_FOLDER_MISSING ../out", "E TREE_FOLDER_MISSING empty", "E TREE_FOLDER_MISSING gone"],
            listing.Findings.Short());
        Assert.Equal([new FolderSeen(folders[0], 1)], listing.Folders);
    }

    [Fact]
    public void Given_folders_inside_each_other_keep_their_own_scans()
    {
        using SourceTree tree = new SourceTree().Scan(".", "sub-a1").Scan("model", "sub-a1");
        TreeListing listing = tree.Walk([new(".", "own", "test"), new("model", "unet", "test")]);
        Assert.Equal(["own/test/sub-a1", "unet/test/sub-a1"], listing.Scans.Select(scan => scan.Key.Text));
        Assert.All(listing.Scans, scan => Assert.Empty(scan.Findings));
    }

    [Fact]
    public void A_source_without_any_scan_names_what_was_looked_for_and_what_stood_there()
    {
        using SourceTree tree = new SourceTree().With("dataset-verse19training.zip", "verse014.nii.gz", "verse014_seg.nii.gz", "verse014_ctd.json")
            .Folder("dataset-verse19test/rawdata/sub-verse012");
        SourceMissingException missing = Assert.Throws<SourceMissingException>(() => tree.Walk());
        Assert.Contains("dataset-verse19training", missing.LookedFor);
        Assert.Contains("01_training", missing.Message, StringComparison.Ordinal);
        Assert.Equal(["W TREE_FLAT_LAYOUT . files", "W TREE_ZIP dataset-verse19training.zip"], missing.Findings.ShortButAbsent());
        Assert.Equal("3, such as verse014.nii.gz", missing.Findings.First(finding => finding.Code == "TREE_FLAT_LAYOUT").Observed);
        Assert.Throws<SourceMissingException>(() => VerseTree.Walk(tree.Root + "/gone", null, new TreeOptions(), TestContext.Current.CancellationToken));
        Assert.Throws<SourceMissingException>(() =>
            VerseTree.Walk(tree.Root + "/verse014.nii.gz", null, new TreeOptions(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Missing_files_are_findings_of_their_scan()
    {
        using SourceTree tree = new SourceTree().With(
            SourceTree.MaskOf(Training, "sub-verse004"),
            SourceTree.CtOf(Training, "sub-verse005"), $"{Training}/derivatives/sub-verse005/sub-verse005_seg-disc_msk.nii.gz",
            SourceTree.CentroidsOf(Training, "sub-verse006"), $"{Training}/rawdata/sub-verse006/sub-verse006_ct.json");
        TreeListing listing = tree.Walk();
        Assert.Equal(2, listing.Scans.Count);
        Assert.Equal(["I CTD_MISSING verse19/training/sub-verse004", "W TREE_NO_CT verse19/training/sub-verse004"], listing.Scans[0].Findings.Short());
        Finding noMask = Assert.Single(listing.Scans[1].Findings);
        Assert.Equal(("TREE_NO_MASK", Severity.Error), (noMask.Code, noMask.Severity));
        Assert.EndsWith("sub-verse005_seg-disc_msk.nii.gz", noMask.Observed, StringComparison.Ordinal);
        Assert.Equal([$"W TREE_ORPHAN {SourceTree.CentroidsOf(Training, "sub-verse006")}",
            $"W TREE_ORPHAN {Training}/rawdata/sub-verse006/sub-verse006_ct.json",
            $"W TREE_PASSED_OVER {Training} segmentation"], listing.Findings.ShortButAbsent());
    }

    [Fact]
    public void A_sub_region_mask_belongs_to_its_scan_and_the_published_name_goes_before_the_other()
    {
        string spine = $"{Training}/derivatives/sub-verse004/sub-verse004_seg-spine_msk.nii.gz";
        string both = $"{Training}/derivatives/sub-verse005/sub-verse005_seg-";
        using SourceTree tree = new SourceTree()
            .Scan(Training, "sub-verse004").With(spine)
            .Scan(Training, "sub-verse005").With($"{both}spine_msk.nii.gz", $"{both}subreg_msk.nii.gz");
        TreeListing listing = tree.Walk();
        Assert.Equal([spine, $"{both}subreg_msk.nii.gz"], listing.Scans.Select(scan => scan.Subregions?.Relative));
        Assert.Empty(listing.Scans[0].Findings);
        Assert.Equal(("TREE_CANDIDATES", $"{both}spine_msk.nii.gz"), (listing.Scans[1].Findings[0].Code, listing.Scans[1].Findings[0].Observed));
        Assert.Empty(listing.Findings.ShortButAbsent());
    }

    [Fact]
    public void Of_several_candidates_the_one_named_as_published_is_taken_and_the_others_are_told()
    {
        string mask = SourceTree.MaskOf(Training, "sub-verse004"), ct = SourceTree.CtOf(Training, "sub-verse005");
        string superres = $"{Training}/derivatives/sub-verse004/sub-verse004_seg-vert_desc-superres_msk.nii.gz";
        string older = $"{Training}/derivatives/sub-verse006/sub-verse006_seg-vb_ctd.json";
        using SourceTree tree = new SourceTree()
            .Scan(Training, "sub-verse004").With(mask[..^3], superres)
            .Scan(Training, "sub-verse005").With(ct[..^3])
            .Scan(Training, "sub-verse006").With(older);
        IReadOnlyList<ScanFiles> scans = tree.Walk().Scans;
        Assert.Equal(3, scans.Count);
        Assert.Equal(mask, scans[0].Mask?.Relative);
        Finding told = Assert.Single(scans[0].Findings);
        Assert.Equal(("TREE_CANDIDATES", Severity.Warning, "mask", $"{superres}, {mask[..^3]}", $"{mask} alone"),
            (told.Code, told.Severity, told.Field, told.Observed, told.Expected));
        Assert.Equal(ct, scans[1].Ct?.Relative);
        Assert.Equal(["W TREE_CANDIDATES verse19/training/sub-verse005 ct"], scans[1].Findings.Short());
        Assert.Equal(SourceTree.CentroidsOf(Training, "sub-verse006"), scans[2].Centroids?.Relative);
        Assert.Equal(["W TREE_CANDIDATES verse19/training/sub-verse006 centroids"], scans[2].Findings.Short());
    }

    [Fact]
    public void Candidates_without_the_published_name_are_never_resolved_by_picking_one()
    {
        string folder = $"{Training}/derivatives/sub-verse004/sub-verse004";
        using SourceTree tree = new SourceTree().With(SourceTree.CtOf(Training, "sub-verse004"), $"{folder}_seg-vert_desc-a_msk.nii.gz",
            $"{folder}_seg-vert_desc-b_msk.nii.gz", $"{folder}_seg-vb_ctd.json", $"{folder}_ctd.json");
        ScanFiles scan = Assert.Single(tree.Walk().Scans);
        Assert.Null(scan.Mask);
        Assert.Null(scan.Centroids);
        Assert.Equal(["E TREE_MULTI_MASK verse19/training/sub-verse004 centroids", "E TREE_MULTI_MASK verse19/training/sub-verse004 mask"],
            scan.Findings.Short());
    }

    [Theory]
    [InlineData("sub-a_ct", "sub-a_mod-ct_seg-vert_msk", "sub-a")]
    [InlineData("sub-a_ct", "sub-a_space-x_res-1_label-b_seg-vert_desc-c_msk", "sub-a")]
    [InlineData("sub-a_ses-1_ct", "sub-a_ses-1_seg-vert_desc-c_msk", "sub-a_ses-1")]
    [InlineData("sub-a_label-22_ct", "sub-a_seg-vert_label-22_msk", "sub-a_label-22")]
    [InlineData("sub-a_label-22_ct", "sub-a_label-22_seg-vert_desc-c_msk", "sub-a_label-22")]
    [InlineData(null, "sub-a_seg-vert_desc-c_msk", "sub-a")]
    public void Entities_of_derivatives_do_not_part_a_mask_from_its_CT(string? ct, string mask, string scanId)
    {
        using SourceTree tree = new SourceTree().With($"{Training}/derivatives/{mask}.nii.gz");
        if (ct is not null) tree.With($"{Training}/rawdata/{ct}.nii.gz");
        ScanFiles scan = Assert.Single(tree.Walk().Scans);
        Assert.Equal(scanId, scan.Key.ScanId);
        Assert.NotNull(scan.Mask);
        Assert.Equal(ct is null, scan.Ct is null);
        Assert.Equal("a", scan.SubjectId);
    }

    [Fact]
    public void Entities_of_a_CT_are_its_scans()
    {
        using SourceTree tree = new SourceTree().With($"{Training}/rawdata/sub-a_label-20_ct.nii.gz", $"{Training}/rawdata/sub-a_label-21_ct.nii.gz",
            $"{Training}/derivatives/sub-a_label-20_seg-vert_msk.nii.gz", $"{Training}/derivatives/sub-a_label-21_seg-vert_msk.nii.gz");
        IReadOnlyList<ScanFiles> scans = tree.Walk().Scans;
        Assert.Equal(["sub-a_label-20", "sub-a_label-21"], scans.Select(scan => scan.Key.ScanId));
        Assert.All(scans, scan => Assert.Equal($"{Training}/derivatives/{scan.Key.ScanId}_seg-vert_msk.nii.gz", scan.Mask?.Relative));
    }

    [Theory]
    [InlineData(Training + "/" + Training, "sub-verse004")]
    [InlineData("copy/" + Training, "sub-verse004")]
    [InlineData(Training, "Sub-verse004")]
    [InlineData(Training, "sub-Verse004")]
    public void A_scan_that_stands_twice_in_a_split_is_one_scan_that_failed(string folder, string chain)
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Scan(folder, chain);
        ScanFiles scan = Assert.Single(tree.Walk().Scans);
        Assert.Equal("verse19/training/sub-verse004", scan.Key.Text);
        Assert.Null(scan.Mask);
        Assert.Null(scan.Ct);
        string key = scan.Key.Text;
        Assert.Equal([$"E TREE_DUP_SCAN {key} centroids", $"E TREE_DUP_SCAN {key} ct", $"E TREE_DUP_SCAN {key} mask"], scan.Findings.Short());
        Assert.Equal(1, tree.Walk().Folders.Sum(seen => seen.Scans));
    }

    [Fact]
    public void Files_named_alike_in_folders_that_differ_in_case_stand_twice()
    {
        using SourceTree tree = new SourceTree()
            .With($"{Training}/derivatives/sub-a/sub-a_seg-vert_msk.nii", $"{Training}/derivatives/Sub-A/sub-a_seg-vert_msk.nii");
        Assert.Contains("E TREE_DUP_SCAN verse19/training/sub-a mask", Assert.Single(tree.Walk().Scans).Findings.Short());
    }

    [Fact]
    public void Endings_in_capitals_and_plain_nifti_are_read()
    {
        using SourceTree tree = new SourceTree()
            .With($"{Training}/RAWDATA/Sub-Verse004/Sub-Verse004_CT.NII", $"{Training}/Derivatives/x/sub-verse004_seg-vert_msk.nii.GZ");
        ScanFiles scan = Assert.Single(tree.Walk().Scans);
        Assert.Equal("verse19/training/sub-verse004", scan.Key.Text);
        Assert.Equal("verse004", scan.SubjectId);
        Assert.Equal("CC-BY-SA-4.0", scan.Licence);
        Assert.Equal($"{Training}/RAWDATA/Sub-Verse004/Sub-Verse004_CT.NII", scan.Ct?.Relative);
        Assert.NotNull(scan.Mask);
        Assert.Equal(2, scan.Findings.Count(finding => finding is { Code: "TREE_NAME_CASE", Severity: Severity.Info }));
    }

    [Fact]
    public void Litter_is_ignored_and_counted_once_a_folder()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Folder($"{Training}/rawdata/sub-verse005").With(
            ".DS_Store", "__MACOSX/dataset-verse19test/rawdata/sub-verse012/sub-verse012_ct.nii.gz", $"{Training}/.DS_Store", $"{Training}/rawdata/Thumbs.db",
            $"{Training}/rawdata/sub-verse004/._sub-verse004_ct.nii.gz", $"{Training}/rawdata/sub-verse004/.nfs000012",
            $"{Training}/rawdata/sub-verse009/sub-verse009_ct.nii.gz.part",
            $"{Training}/rawdata/sub-verse004/a.tmp", $"{Training}/rawdata/sub-verse004/b.crdownload");
        TreeListing listing = tree.Walk();
        Assert.Empty(Assert.Single(listing.Scans).Findings);
        Assert.Equal(["I TREE_PARTIAL . files", $"I TREE_PARTIAL {Training} files"], listing.Findings.ShortButAbsent());
        Assert.Equal(["2", "7"], listing.Findings.Where(finding => finding.Code == "TREE_PARTIAL").Select(finding => finding.Observed));
    }

    [Theory]
    [InlineData("sub-ver%2Fse_ct.nii.gz")]
    [InlineData("sub-a\\b_ct.nii.gz")]
    [InlineData("sub-..._seg-vert_msk.nii")]
    [InlineData("sub-é_ct.nii.gz")]
    [InlineData("sub-a b_ct.nii.gz")]
    [InlineData("sub-C:_ct.nii.gz")]
    [InlineData("sub-a_ses-_ct.nii.gz")]
    [InlineData("sub-a\nb_ct.nii.gz")]
    [InlineData("sub-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_ct.nii.gz")]
    public void An_id_with_forbidden_characters_makes_no_scan(string name)
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").With($"{Training}/rawdata/x/{name}");
        TreeListing listing = tree.Walk();
        Assert.Single(listing.Scans);
        Finding finding = Assert.Single(listing.Findings, finding => finding.Code == "TREE_ESCAPE");
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.DoesNotContain('\n', finding.Message);
    }

    [Theory]
    [InlineData("verse19", "sub-gl017", "CC-BY-NC-ND")]
    [InlineData("verse20", "sub-gl017_dir-ax", "CC-BY-NC-ND")]
    [InlineData("verse20", "sub-verse512_dir-iso", "CC-BY-SA-4.0")]
    [InlineData("verse20", "sub-verse5120", null)]
    [InlineData("verse20", "sub-patient7", null)]
    [InlineData("clinic", "sub-verse512", null)]
    public void Licences_are_claimed_for_verse_names_in_verse_editions_only(string dataset, string chain, string? licence)
    {
        using SourceTree tree = new SourceTree().Scan("d", chain);
        FolderSpec[] folders = [new("d", dataset, "test")];
        Assert.Equal(licence, tree.Walk(folders).Scans[0].Licence);
        Assert.Equal("CC0-1.0", tree.Walk(folders, new TreeOptions { Licence = "CC0-1.0" }).Scans[0].Licence);
    }

    [Fact]
    public void A_subject_in_two_splits_is_told_once_for_the_scan_to_hold_out()
    {
        using SourceTree tree = new SourceTree().Scan("a", "sub-x1_dir-ax").Scan("a", "sub-x1_dir-iso")
            .Scan("b", "sub-x1_dir-sag").Scan("c", "sub-x1").Scan("b", "sub-y2").Scan("m", "sub-y2");
        FolderSpec[] folders = [new("a", "verse20", "test"), new("b", "verse19", "training"), new("c", "verse20", "validation"), new("m", "unet", "test")];
        Finding leak = Assert.Single(tree.Walk(folders).Findings);
        Assert.Equal(("TREE_SPLIT_LEAK", Severity.Warning, "verse20/test/sub-x1_dir-ax"), (leak.Code, leak.Severity, leak.ScanKey));
        Assert.Equal("test, training, validation", leak.Observed);
    }

    [Fact]
    public void Empty_files_and_files_from_the_future_are_noted()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Write(SourceTree.CtOf(Training, "sub-verse004"), "");
        File.SetLastWriteTimeUtc(Path.Join(tree.Root, SourceTree.MaskOf(Training, "sub-verse004")), new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        TreeOptions options = new() { Now = new DateTimeOffset(2030, 12, 31, 0, 0, 0, TimeSpan.Zero) };
        string ct = SourceTree.CtOf(Training, "sub-verse004"), mask = SourceTree.MaskOf(Training, "sub-verse004");
        Assert.Equal([$"I TREE_EMPTY_FILE {ct}"], tree.Walk().Scans[0].Findings.Short());
        Assert.Equal([$"I TREE_EMPTY_FILE {ct}", $"I TREE_FUTURE_MTIME {mask}"], tree.Walk(options: options).Scans[0].Findings.Short());
    }

    [Fact]
    public void No_two_findings_of_a_walk_share_a_key()
    {
        using SourceTree tree = new SourceTree().Scan(Training, "sub-verse004").Scan("copy/" + Training, "Sub-verse004").Scan(Test20, "sub-verse004")
            .With("a.zip", "b.zip", "verse014.nii.gz", $"{Training}/x.nii", $"{Training}/sub-?_ct.nii", $"{Training}/sub-!_ct.nii", ".a", ".b")
            .Link("l1", "gone").Link("l2", "..").Pipe("p1").Pipe("p2").Bytes("", [(byte)'a', 0xff]).Bytes("", [(byte)'a', 0xfe]);
        TreeListing listing = tree.Walk();
        Finding[] all = [.. listing.Findings, .. listing.Scans.SelectMany(scan => scan.Findings)];
        Array.Sort(all, Finding.CompareByKey);
        for (int at = 1; at < all.Length; at++) Assert.True(Finding.CompareByKey(all[at - 1], all[at]) < 0, all[at].Message);
    }
}
