using VerseEtl.Transform.Cohort;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class AuditCellTests
{
    [Theory]
    [InlineData("vertebrae", 10.0, 8.0, 2, Verdict.IncompleteCopy)]
    [InlineData("vertebrae", 10.0, 8.0, 1, Verdict.Differs)]
    [InlineData("vertebrae", 10.0, 11.0, 2, Verdict.Differs)]
    [InlineData("vertebrae", 10.0, 10.004, 0, Verdict.Differs)]
    [InlineData("vertebrae", 10.0, null, 1, Verdict.IncompleteCopy)]
    [InlineData("vertebrae", 10.0, null, 0, Verdict.Differs)]
    [InlineData("scans", 10.0, 9.0, 1, Verdict.Differs)]
    [InlineData("patients", 10.0, 9.0, 1, Verdict.Differs)]
    public void A_lower_count_is_what_unread_masks_can_hold_but_names_need_no_mask(string item, double published, double? here, int notRead, string verdict) =>
        Assert.Equal(verdict, Cell(StatisticKind.Count, published, here, item).Judge(Copy(notRead), null));

    [Fact]
    public void Clinical_figures_need_no_mask() => Assert.Equal(Verdict.Differs,
        (Cell(StatisticKind.Count, 10, 9) with { Table = Transform.Cohort.Audit.ClinicalTable }).Judge(Copy(1), null));

    [Fact]
    public void One_scan_can_hold_several() =>
        Assert.Equal(Verdict.IncompleteCopy, (Cell(StatisticKind.Count, 10, 6) with { MostPerScan = 2 }).Judge(Copy(2), null));

    [Theory]
    [InlineData("T5", 10.004, Verdict.Match)]
    [InlineData("T5", 10.006, Verdict.Differs)]
    [InlineData("shape_si", 10.004, Verdict.Differs)]
    public void Volumes_are_published_rounded_and_shapes_are_not(string item, double here, string verdict) =>
        Assert.Equal(verdict, Cell(StatisticKind.Greatest, 10, here, item).Judge(Copy(0), null));

    [Theory]
    [InlineData(StatisticKind.Least, 10.5, 5, Verdict.IncompleteCopy)]
    [InlineData(StatisticKind.Least, 10.5, 6, Verdict.Differs)]
    [InlineData(StatisticKind.Least, 9.5, 5, Verdict.Differs)]
    [InlineData(StatisticKind.Greatest, 9.5, 5, Verdict.IncompleteCopy)]
    [InlineData(StatisticKind.Greatest, 9.5, 6, Verdict.Differs)]
    [InlineData(StatisticKind.Greatest, 10.5, 5, Verdict.Differs)]
    [InlineData(StatisticKind.Median, 10.5, 5, Verdict.IncompleteCopy)]
    [InlineData(StatisticKind.Median, 10.5, 6, Verdict.Differs)]
    internal void A_missing_scan_explains_an_extreme_within_if_a_case_of_the_label_is_missing(StatisticKind kind, double here, int cases, string verdict) =>
        Assert.Equal(verdict, (Cell(kind, 10, here) with { Cases = (cases, 6) }).Judge(Copy(1), null));

    [Theory]
    [InlineData(9.0, 11.0, 12.0, Verdict.IncompleteCopy)]
    [InlineData(9.01, 11.0, 12.0, Verdict.IncompleteCopy)]
    [InlineData(9.02, 11.0, 12.0, Verdict.Differs)]
    [InlineData(8.0, 9.0, 10.99, Verdict.IncompleteCopy)]
    [InlineData(8.0, 9.0, 10.98, Verdict.Differs)]
    public void A_median_of_10_is_within_what_one_more_value_can_make_of_it(double least, double middle, double greatest, string verdict)
    {
        AuditCell cell = Cell(StatisticKind.Median, 10, middle) with { Cases = (3, 4), Ascending = () => [least, middle, greatest] };
        Assert.Equal(verdict, cell.Judge(Copy(1), null));
    }

    [Theory]
    [InlineData(48, 2, Verdict.IncompleteCopy)]
    [InlineData(48, 1, Verdict.Differs)]
    [InlineData(51, 2, Verdict.Differs)]
    public void A_percentage_of_50_lies_between_all_and_none_of_the_missing_scans(int cases, int missing, string verdict)
    {
        string[] hundred = [.. Enumerable.Range(0, 100).Select(number => Invariant($"{number}"))];
        AuditCell cell = Cell(StatisticKind.Percentage, 50, 60) with { Cases = (cases, 50) };
        Assert.Equal(verdict, cell.Judge(new CopyState(hundred, [], hundred[..missing], [], []), null));
        Assert.Equal(Verdict.Differs, (cell with { Cases = null }).Judge(new CopyState(hundred, [], hundred[..missing], [], []), null));
    }

    [Theory]
    [InlineData(9.0, 0, Verdict.ReferenceContradictsItself)]
    [InlineData(9.0, 1, Verdict.Differs)]
    [InlineData(11.0, 1, Verdict.ReferenceContradictsItself)]
    [InlineData(7.996, 0, Verdict.ReferenceContradictsItself)]
    [InlineData(12.004, 0, Verdict.ReferenceContradictsItself)]
    [InlineData(7.99, 0, Verdict.Differs)]
    [InlineData(12.01, 0, Verdict.Differs)]
    public void A_contradiction_explains_what_lies_within_it_but_a_missing_scan_explains_first(double here, int missing, string verdict)
    {
        ContradictedCell between8And12 = new("", "", "", "", "", 8, 12);
        Assert.Equal(verdict, (Cell(StatisticKind.Greatest, 10, here) with { Cases = (6, 6) }).Judge(Copy(missing), between8And12));
    }

    private static AuditCell Cell(StatisticKind kind, double published, double? recomputed, string item = "vertebrae") =>
        new(Transform.Cohort.Audit.LabelTable, "all", "all", item, "value", kind, published, recomputed);

    private static CopyState Copy(int notRead) => new(["a", "b", "c"], [], [.. Enumerable.Range(0, notRead).Select(number => Invariant($"{number}"))], [], []);
}
