using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Scans of VerSe: voxel counts are those of nibabel and numpy.</summary>
public sealed class GenuineFileTests
{
    public static TheoryData<string[], int, long[]> Masks => new()
    {
        { ["verse", "dataset-verse19test", "derivatives", "sub-verse012", "sub-verse012_seg-vert_msk.nii.gz"], 17, [15281, 16628, 17630, 18149, 22559, 25894] },
        { ["verse", "dataset-verse19validation", "derivatives", "sub-verse010", "sub-verse010_seg-vert_msk.nii.gz"], 20, [40156, 51135, 54764, 57440, 56296] },
        { ["verse", "dataset-verse19training", "derivatives", "sub-verse004", "sub-verse004_seg-vert_msk.nii.gz"],
            16, [14110, 15732, 18134, 20660, 19136, 26865, 29006, 29982, 29117] },
    };

    [Theory]
    [MemberData(nameof(Masks))]
    public void Runs_of_a_genuine_mask_add_up_to_its_known_voxel_counts(string[] path, int firstLabel, long[] voxelCounts)
    {
        VolumeFile file = VolumeFile.Open(SharedData.Pieces(path), new ReadingLimits());
        MaskReader mask = new(file);
        SortedDictionary<int, long> voxels = [];
        LabelRun[] runs = new LabelRun[1000];
        for (int count = mask.ReadRuns(runs); count > 0; count = mask.ReadRuns(runs))
            foreach (LabelRun run in runs.AsSpan(0, count))
                voxels[run.Label] = voxels.GetValueOrDefault(run.Label) + run.Length;

        Assert.Equal(Enumerable.Range(firstLabel, voxelCounts.Length), voxels.Keys);
        Assert.Equal(voxelCounts, voxels.Values);
        Assert.Empty(file.Notes.Problems());
    }

    [Fact]
    public void Ct_and_mask_of_one_scan_lie_in_the_same_place_by_different_routes()
    {
        VolumeFile ct =
            VolumeFile.Open(SharedData.Pieces("verse", "dataset-verse19test", "rawdata", "sub-verse012", "sub-verse012_ct.nii.gz"), new ReadingLimits());
        VolumeFile mask = VolumeFile.Open(SharedData.Pieces("verse", "dataset-verse19test", "derivatives", "sub-verse012", "sub-verse012_seg-vert_msk.nii.gz"),
            new ReadingLimits());

        Assert.Equal(AffineSource.Qform, ct.Grid.AffineSource);
        Assert.Equal(AffineSource.Sform, mask.Grid.AffineSource);
        Assert.True(ct.Grid.LargestCornerDistanceMm(mask.Grid) < 1e-4);
        Assert.Empty(ct.Notes.Problems());
    }
}
