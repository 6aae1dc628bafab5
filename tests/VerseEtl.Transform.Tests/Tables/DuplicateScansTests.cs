using VerseEtl.Phantoms;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Tables;

public sealed class DuplicateScansTests
{
    [Fact]
    public void A_repeated_mask_points_at_the_first_by_ordinal_key_and_the_rows_keep_their_order()
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
        IReadOnlyList<ScanRow> linked = DuplicateScans.Link(scans);
        Assert.Equal(scans.Select(scan => scan.ScanKey), linked.Select(scan => scan.ScanKey));
        Assert.Equal(["verse19/test/sub-d", "verse19/test/sub-d", null, null, null, null], linked.Select(scan => scan.DuplicateOf));
    }
}
