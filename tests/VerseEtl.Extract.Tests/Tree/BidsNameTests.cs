using VerseEtl.Extract.Tree;

namespace VerseEtl.Extract.Tests.Tree;

public sealed class BidsNameTests
{
    [Theory]
    [InlineData("sub-verse004_ct.nii.gz", "sub-verse004", "ct", ".nii.gz")]
    [InlineData("sub-verse400_split-verse155_seg-vert_msk.nii.gz", "sub-verse400_split-verse155", "msk", ".nii.gz")]
    [InlineData("sub-gl003_dir-ax_seg-subreg_ctd.json", "sub-gl003_dir-ax", "ctd", ".json")]
    [InlineData("sub-x_seg-vert_dir-ax_msk.nii", "sub-x_dir-ax", "msk", ".nii")]
    [InlineData("sub-A_ses-01_acq-Bone_RUN-2_Seg-Vert_MSK.NII.GZ", "sub-a_ses-01_acq-bone_run-2", "MSK", ".NII.GZ")]
    public void A_name_is_its_entities_suffix_and_extension(string text, string scanId, string suffix, string extension)
    {
        Assert.True(BidsName.TryParse(text, out BidsName? name));
        Assert.Equal((scanId, suffix, extension), (name.ScanId, name.Suffix, name.Extension));
        Assert.Equal(text, name.ToString());
    }

    [Fact]
    public void A_preview_may_lack_the_subjects_prefix()
    {
        Assert.True(BidsName.TryParse("verse400_split-verse155_seg-vert_snp.png", out BidsName? name));
        Assert.Equal("sub-verse400_split-verse155", name.ScanId);
        Assert.Equal("verse400", name["sub"]);
        Assert.False(BidsName.TryParse("verse400_ct.nii.gz", out _));
        Assert.False(BidsName.TryParse("verse400_ctd.json", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ct.nii.gz")]
    [InlineData("sub-x.nii.gz")]
    [InlineData("sub-x_ct.nii.gz.part")]
    [InlineData("sub-x_ct.zip")]
    [InlineData("sub-_ct.nii.gz")]
    [InlineData("-x_ct.nii.gz")]
    [InlineData("sub-x__ct.nii.gz")]
    [InlineData("sub-x-y_ct.nii.gz")]
    [InlineData("sub-x_.nii.gz")]
    [InlineData("sub-x_sub-y_ct.nii.gz")]
    [InlineData("dir-ax_ct.nii.gz")]
    [InlineData("sub-../x_ct.nii.gz")]
    [InlineData("sub-x\0_ct.nii.gz")]
    [InlineData("sub-\u0131_ct.nii.gz")]
    [InlineData("sub-x_c\u212at.nii.gz")]
    public void Anything_else_is_no_name(string text) => Assert.False(BidsName.TryParse(text, out _));

    [Fact]
    public void Ids_have_at_most_64_characters()
    {
        Assert.True(BidsName.TryParse($"sub-{new string('a', 64)}_ct.nii", out _));
        Assert.False(BidsName.TryParse($"sub-{new string('a', 65)}_ct.nii", out _));
    }
}
