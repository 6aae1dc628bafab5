using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Scans of VerSe: volumes are those of the dataset's own tables, affines those that nibabel gives.</summary>
public sealed class GenuineFileTests
{
    public static TheoryData<string[], int, double[]> Masks => new()
    {
        { ["verse", "dataset-verse19test", "derivatives", "sub-verse012", "sub-verse012_seg-vert_msk.nii.gz"], 17, [45.84, 49.88, 52.89, 54.45, 67.68, 77.68] },
        { ["verse", "dataset-verse19validation", "derivatives", "sub-verse010", "sub-verse010_seg-vert_msk.nii.gz"], 20, [40.16, 51.13, 54.76, 57.44, 56.30] },
        { ["verse", "dataset-verse19training", "derivatives", "sub-verse004", "sub-verse004_seg-vert_msk.nii.gz"], 16, [28.22, 31.47, 36.27, 41.33, 38.28, 53.74, 58.02, 59.97, 58.24] },
    };

    [Theory]
    [MemberData(nameof(Masks))]
    public void Runs_of_a_genuine_mask_add_up_to_the_published_volumes(string[] path, int firstLabel, double[] volumesCm3)
    {
        VolumeFile file = VolumeFile.Open(SharedData.Pieces(path), new ReadingLimits());
        MaskReader mask = new(file);
        SortedDictionary<int, long> voxels = [];
        LabelRun[] runs = new LabelRun[1000];
        for (int count = mask.ReadRuns(runs); count > 0; count = mask.ReadRuns(runs))
            foreach (LabelRun run in runs.AsSpan(0, count))
                voxels[run.Label] = voxels.GetValueOrDefault(run.Label) + run.Length;

        Assert.Equal(Enumerable.Range(firstLabel, volumesCm3.Length), voxels.Keys);
        Assert.Equal(volumesCm3, voxels.Values.Select(count => Math.Round(count * file.Grid.VoxelVolumeMm3 / 1000, 2)));
        Assert.DoesNotContain(file.Notes, note => (note.Severity ?? note.Fault.Severity) != Severity.Info);
    }

    [Fact]
    public void Ct_and_mask_of_one_scan_lie_in_the_same_place_by_different_routes()
    {
        VolumeFile ct = VolumeFile.Open(SharedData.Pieces("verse", "dataset-verse19test", "rawdata", "sub-verse012", "sub-verse012_ct.nii.gz"), new ReadingLimits());
        VolumeFile mask = VolumeFile.Open(SharedData.Pieces("verse", "dataset-verse19test", "derivatives", "sub-verse012", "sub-verse012_seg-vert_msk.nii.gz"), new ReadingLimits());

        Assert.Equal(Transform.Geometry.AffineSource.Qform, ct.Grid.AffineSource);
        Assert.Equal(Transform.Geometry.AffineSource.Sform, mask.Grid.AffineSource);
        Assert.True(ct.Grid.LargestCornerDistanceMm(mask.Grid) < 1e-4);
        Assert.DoesNotContain(ct.Notes, note => (note.Severity ?? note.Fault.Severity) != Severity.Info);
    }
}
