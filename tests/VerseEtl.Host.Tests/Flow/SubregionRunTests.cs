using VerseEtl.Host.Tests.BadInput;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Flow;

public sealed class SubregionRunTests : IDisposable
{
    private const string Subregions = $"{TwoScans.Folder}/derivatives/{TwoScans.Broken}/{TwoScans.Broken}_seg-subreg_msk.nii.gz";

    private readonly TwoScans _scans = new();

    public void Dispose() => _scans.Dispose();

    [Fact]
    public async Task A_sub_region_mask_is_part_of_what_a_scan_holds()
    {
        await _scans.Run();
        _scans.Write(Subregions, TwoScans.MaskFile(upper: 50, lower: 41).Gzip());
        RunOutcome with = await _scans.Run();
        Assert.Equal((RunEnding.Published, 1), (with.Report.Ending, with.Report.ScansFromCache));
        Assert.Equal([(12 * 10 * 9L, 0L), (0L, 12 * 10 * 8L)], Broken(with).Select(row => (row.BodyExactVoxels!.Value, row.ArchExactVoxels!.Value)));
        Assert.All(with.Tables!.Vertebrae.Where(row => row.ScanId == TwoScans.Sound), row => Assert.Null(row.BodyExactVoxels));
        ScanRow scan = with.Tables.Scans.Single(row => row.ScanId == TwoScans.Broken);
        Assert.Equal((Subregions, 64), (scan.SubregionPath, scan.SubregionSha256?.Length));

        RunOutcome same = await _scans.Run();
        Assert.Equal((RunEnding.Unchanged, 2), (same.Report.Ending, same.Report.ScansFromCache));
        _scans.Write(Subregions, TwoScans.MaskFile(upper: 41, lower: 50).Gzip());
        RunOutcome changed = await _scans.Run();
        Assert.Equal((RunEnding.Published, 1), (changed.Report.Ending, changed.Report.ScansFromCache));
        Assert.Equal([0L, 12 * 10 * 8L], Broken(changed).Select(row => row.BodyExactVoxels!.Value));
        _scans.Delete(Subregions);
        RunOutcome gone = await _scans.Run();
        Assert.Equal((RunEnding.Published, 1), (gone.Report.Ending, gone.Report.ScansFromCache));
        Assert.All(Broken(gone), row => Assert.Null(row.BodyExactVoxels));
    }

    private static IEnumerable<VertebraRow> Broken(RunOutcome outcome) =>
        outcome.Tables!.Vertebrae.Where(row => row.ScanId == TwoScans.Broken).OrderBy(row => row.Label);
}
