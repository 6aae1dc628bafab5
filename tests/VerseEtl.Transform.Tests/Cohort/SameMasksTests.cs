using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;
using VerseEtl.Transform.Tests.Quality;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class SameMasksTests
{
    [Fact]
    public void A_repeated_mask_points_at_the_first_by_ordinal_key()
    {
        ScanRow[] scans =
        [
            CohortRows.Scan("verse20", "test", "sub-a", [20], "same") with { DuplicateOf = "what an older run wrote" },
            CohortRows.Scan("verse19", "training", "sub-b", [20], "same"),
            CohortRows.Scan("verse19", "training", "sub-c", [20], "other"),
            CohortRows.Scan("verse19", "test", "sub-d", [20], "same"),
            CohortRows.Scan("verse19", "test", "sub-e", []),
            CohortRows.Scan("verse19", "test", "sub-f", []) with { DuplicateOf = "stale" },
        ];
        Assert.Equal(
            [("sub-d", null), ("sub-e", null), ("sub-f", null), ("sub-b", "verse19/test/sub-d"), ("sub-c", null), ("sub-a", "verse19/test/sub-d")],
            Streamed.Tables(scans, []).Scans.Select(scan => (scan.ScanId, scan.DuplicateOf)));
    }

    [Fact]
    public void A_scan_may_repeat_a_mask_and_still_be_the_first_of_its_split()
    {
        SameMasks same = new(4);
        int[] numbers =
        [
            .. new[]
            {
                CohortRows.Scan("verse19", "test", "sub-a", [20], "same"), CohortRows.Scan("verse19", "training", "sub-b", [20], "same"),
                CohortRows.Scan("verse19", "training", "sub-c", [20], "same"), CohortRows.Scan("verse20", "test", "sub-d", [20], "other"),
            }.Select(same.Add),
        ];
        Assert.Equal([null, 0, 0, null], numbers.Select(same.FirstOf));
        Assert.Equal([true, true, false, true], numbers.Select(scan => same.IsFirstIn(scan, (_, split) => split == "training")));
        Assert.Equal([(0, "test"), (1, "training"), (2, "training")], Assert.Single(same.Groups()).Select(scan => (scan.Scan, scan.Split)));
    }

    [Fact]
    public void Among_many_scans_each_finds_the_first_of_its_content()
    {
        Random random = new(20261128);
        for (int scans = 0; scans < 200; scans++)
        {
            SameMasks same = new(scans);
            int[] contents = [.. Enumerable.Range(0, scans).Select(_ => random.Next(scans))];
            for (int at = 0; at < scans; at++)
                Assert.Equal(at, same.Add(CohortRows.Scan("verse19", "test", $"sub-{at:d3}", [20], $"content {contents[at]}")));
            Assert.Equal(contents.Select((content, at) => Array.IndexOf(contents, content) is int first && first < at ? first : (int?)null),
                Enumerable.Range(0, scans).Select(same.FirstOf));
            Assert.Equal(
                contents.Index().GroupBy(scan => scan.Item).Where(group => group.Count() > 1).Select(group => group.Select(scan => scan.Index))
                    .OrderBy(group => group.Last()),
                same.Groups().Select(group => group.Select(scan => scan.Scan)));
        }
    }
}
