using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class AuditCauseTests
{
    private static readonly ScanRow Scan = CohortRows.Scan("verse19", "test", "sub-a", [20]);
    private static readonly VertebraRow L1 = CohortRows.Vertebra(Scan, 20, 40) with { TouchesBorder = false };
    private static readonly CopyState Whole = new(["a", "b"], [], [], [], []);

    [Theory]
    [InlineData(10, 19, true)]
    [InlineData(10, 20, false)]
    [InlineData(9, 9, false)]
    public void Ten_volumes_and_most_of_them_are_no_matter_of_single_masks(int differ, int of, bool measurement)
    {
        AuditCell cell = Cell(StatisticKind.Median, 41, 40);
        string note = Note(cell, Whole, [.. Enumerable.Range(0, of).Select(number => (cell, number < differ ? Verdict.Differs : Verdict.Match))]);
        Assert.Equal(measurement, note.StartsWith("likely our measurement", StringComparison.Ordinal));
        Assert.DoesNotContain("measurement", Note(cell with { Field = "cases" }, Whole, [.. Enumerable.Repeat((cell, Verdict.Differs), 10)]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, null, "has 40.00 cm3 beyond")]
    [InlineData(true, null, ", cut off by the border, has 40.00 cm3 beyond")]
    [InlineData(false, "LBL_GAP", "has 40.00 cm3, where the label itself is doubtful (LBL_GAP), beyond")]
    public void The_mask_beyond_the_published_range_is_named_with_what_is_odd_about_it(bool cut, string? doubt, string part)
    {
        VertebraRow vertebra = L1 with { TouchesBorder = cut, Plausibility = doubt };
        string greatest = Note(Cell(StatisticKind.Greatest, 39, 40), Whole, [], vertebra);
        Assert.StartsWith($"likely the copy: the mask of {Scan.ScanKey}", greatest, StringComparison.Ordinal);
        Assert.Contains(part, greatest, StringComparison.Ordinal);
        Assert.EndsWith("; every published scan is here and was read", greatest, StringComparison.Ordinal);
        Assert.Contains(part, Note(Cell(StatisticKind.Least, 41, 40), Whole, [], vertebra), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_mask_beyond_the_range_it_depends_on_whether_the_copy_is_whole()
    {
        AuditCell median = Cell(StatisticKind.Median, 41, 40);
        Assert.Equal("likely the published table, or masks revised since: every published scan is here and was read", Note(median, Whole, []));
        Assert.Equal("likely the copy: masks that differ from the published ones; 2 missing or unreadable scans cannot explain it",
            Note(median, Whole with { NotRead = ["a", "b"] }, []));
        Assert.StartsWith("likely the published", Note(Cell(StatisticKind.Greatest, 40, 39), Whole, []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, " here that nobody published (0, 1, 2)")]
    [InlineData(4, "4 scans here that nobody published")]
    public void Scans_that_nobody_published_are_named_up_to_three(int count, string end)
    {
        CopyState copy = Whole with { Unexpected = [.. Enumerable.Range(0, count).Select(number => Invariant($"{number}"))] };
        Assert.EndsWith(end, Note(Cell(StatisticKind.Count, 4, 5, "cases"), copy, []), StringComparison.Ordinal);
        Assert.StartsWith("likely the published", Note(Cell(StatisticKind.Count, 5, 4, "cases"), copy, []), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(5, true)]
    [InlineData(4, false)]
    public void They_move_a_percentage_when_no_case_is_missing(int cases, bool blamed)
    {
        AuditCell cell = Cell(StatisticKind.Percentage, 50, 40, "percentage") with { Cases = (cases, 5) };
        string note = Note(cell, Whole with { Unexpected = ["x"] }, []);
        Assert.Equal(blamed, note == "likely the copy: 1 scan here that nobody published (x)");
    }

    [Fact]
    public void Repeated_scans_make_a_number_smaller_never_greater()
    {
        CopyState copy = Whole with { Repeated = ["x", "y"] };
        Assert.Equal("likely the copy: 2 scans with the same mask as another, counted once (x, y)", Note(Cell(StatisticKind.Count, 5, 3, "cases"), copy, []));
        Assert.StartsWith("likely the published", Note(Cell(StatisticKind.Count, 3, 5, "cases"), copy, []), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_equal_extremes_the_first_scan_by_key_is_named_and_only_one_of_the_cell()
    {
        CopyFacts facts = new(Replica.Reference, clinical: null);
        SameMasks same = new(4);
        foreach ((string dataset, string scanId, double volumeCm3) in new[] { ("model", "sub-1", 99), ("verse19", "sub-0", 40), ("verse19", "sub-a", 40.0),
            ("verse20", "sub-9", 50) })
        {
            ScanRow scan = CohortRows.Scan(dataset, "test", scanId, [20]);
            facts.Add(scan, [CohortRows.Vertebra(scan, 20, volumeCm3)], same, same.Add(scan));
        }
        Assert.Equal("sub-0", facts.Extreme(20, StatisticKind.Least)!.ScanId);
        Assert.Equal("sub-9", facts.Extreme(20, StatisticKind.Greatest)!.ScanId);
        Assert.Null(facts.Extreme(21, StatisticKind.Least));
    }

    private static AuditCell Cell(StatisticKind kind, double published, double recomputed, string field = "volume_cm3_any") =>
        new(Transform.Cohort.Audit.LabelTable, "verse19", "all", "L1", field, kind, published, recomputed) { Label = 20 };

    private static string Note(AuditCell cell, CopyState copy, IReadOnlyList<(AuditCell, string)> judged, VertebraRow? vertebra = null) =>
        new AuditCause((_, _) => vertebra ?? L1, judged).Note(cell, Verdict.Differs, copy, null)!;
}
