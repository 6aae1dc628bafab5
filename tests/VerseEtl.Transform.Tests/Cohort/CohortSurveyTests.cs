using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

/// <summary>What is gathered scan by scan gives the statistics of the frame of the whole cohort, which DuckDB agrees with.</summary>
public sealed class CohortSurveyTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 40)]
    [InlineData(7, 150)]
    public void Its_statistics_are_those_of_the_frame_to_the_bit(int seed, int scanCount)
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = CohortRows.Random(seed, scanCount);
        if (scanCount > 2)
        {
            scans[1] = scans[1] with { Status = ScanStatus.Excluded };
            vertebrae.RemoveAll(row => row.ScanKey == scans[1].ScanKey);
        }
        using CohortSurvey survey = new(scans.Count, null, null, new MemoryWorkspace());
        foreach (ScanRow scan in scans.OrderBy(scan => scan.ScanKey, StringComparer.Ordinal))
            survey.Add(scan, [.. vertebrae.Where(row => row.ScanKey == scan.ScanKey)]);
        CohortFrame frame = CohortFrame.Of(scans, vertebrae);
        Assert.Equal(DatasetStatistics.Compute(frame), survey.DatasetStatistics());
        Assert.Equal(LabelStatistics.Compute(frame), survey.LabelStatistics());
    }
}
