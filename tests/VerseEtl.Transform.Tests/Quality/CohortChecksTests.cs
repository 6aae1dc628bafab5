using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Quality;

public sealed class CohortChecksTests
{
    [Fact]
    public void Natural_scatter_of_volumes_makes_no_outliers()
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = Spines(200);
        Assert.Empty(Streamed.OfCohort(scans, vertebrae));
    }

    [Fact]
    public void A_vertebra_of_a_tenth_of_its_level_is_an_outlier_among_its_level_and_its_neighbours()
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = Spines(200);
        int at = vertebrae.FindIndex(row => row.ScanKey == scans[7].ScanKey && row.Vertebra == "L3");
        vertebrae[at] = vertebrae[at] with { VolumeCm3 = vertebrae[at].VolumeCm3 / 10 };
        IReadOnlyList<Finding> findings = Streamed.OfCohort(scans, vertebrae);
        Assert.Contains(findings, finding => finding is { Field: "volume_cm3", Label: 22 } && finding.ScanKey == scans[7].ScanKey);
        Assert.Contains(findings, finding => finding is { Field: "volume relative to neighbours", Label: 22 } && finding.ScanKey == scans[7].ScanKey);
        Assert.All(findings, finding => Assert.Equal(scans[7].ScanKey, finding.ScanKey));
    }

    [Fact]
    public void A_small_person_is_ordinary_but_one_small_vertebra_in_a_large_spine_is_not()
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = Spines(200);
        int at = vertebrae.FindIndex(row => row.ScanKey == scans[3].ScanKey && row.Vertebra == "L2");
        vertebrae[at] = vertebrae[at] with { VolumeCm3 = 35 };
        for (int row = 0; row < vertebrae.Count; row++)
            if (vertebrae[row].ScanKey == scans[3].ScanKey && row != at) vertebrae[row] = vertebrae[row] with { VolumeCm3 = 75 };
        Finding finding = Assert.Single(Streamed.OfCohort(scans, vertebrae), finding => finding.Label == 21);
        Assert.Equal(("MSK_VOLUME_OUTLIER", "volume relative to neighbours"), (finding.Code, finding.Field));
    }

    [Fact]
    public void A_vertebra_at_the_border_is_not_judged_and_does_not_judge()
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = Spines(200);
        int at = vertebrae.FindIndex(row => row.ScanKey == scans[7].ScanKey && row.Vertebra == "L5");
        vertebrae[at] = vertebrae[at] with { VolumeCm3 = 2, TouchesBorder = true, BorderFaces = "I" };
        Assert.Empty(Streamed.OfCohort(scans, vertebrae));
    }

    [Fact]
    public void What_is_told_of_an_outlier_is_its_volume_and_what_five_spreads_let_expect()
    {
        // volumes of one size have the least spread, 2 %: ln 10 -+ 0.1, and ln 2 / 0.02
        ScanRow[] scans = [.. Enumerable.Range(0, 21).Select(at => CohortRows.Scan("verse19", "test", $"sub-{at:00}", [20]))];
        Finding finding = Assert.Single(Streamed.OfCohort(scans, [.. scans.Select((scan, at) => CohortRows.Vertebra(scan, 20, at == 7 ? 20 : 10))]));
        Assert.Equal((scans[7].ScanKey, "20 (robust z 34.7)", "9.05 to 11.05"), (finding.ScanKey, finding.Observed, finding.Expected));
    }

    [Fact]
    public void A_volume_in_the_middle_between_those_of_its_two_neighbours_is_ordinary_among_them()
    {
        int[] labels = [20, 21, 22];
        ScanRow[] scans = [.. Enumerable.Range(0, 21).Select(at => CohortRows.Scan("verse19", "test", $"sub-{at:00}", labels))];
        IReadOnlyList<Finding> findings = Streamed.OfCohort(scans, [.. from at in Enumerable.Range(0, 21) from label in labels
            select CohortRows.Vertebra(scans[at], label, at == 7 ? 10 << (label - 20) : 10)]);
        Assert.Equal([("volume_cm3", 21), ("volume_cm3", 22)], findings.Select(finding => (finding.Field, finding.Label!.Value)));
    }

    [Theory]
    [InlineData(new[] { 18, 19, 20, 21 }, true)]
    [InlineData(new[] { 17, 19, 20, 21 }, true)]
    [InlineData(new[] { 18, 19, 21, 22 }, false)]
    [InlineData(new[] { 17, 18, 20, 21 }, false)]
    public void L1_is_next_to_T12_although_T13_stands_between_them(int[] labels, bool isJudged)
    {
        // the third is ordinary for its level, of which a third are of this size, and three times its neighbours
        ScanRow[] scans = [.. Enumerable.Range(0, 40).Select(at => CohortRows.Scan("verse19", "test", $"sub-{at:00}", labels))];
        IReadOnlyList<Finding> findings = Streamed.OfCohort(scans, [.. from at in Enumerable.Range(0, 40) from label in labels
            select CohortRows.Vertebra(scans[at], label, at == 7 ? (label == labels[2] ? 30 : 10) : at % 3 == 0 ? 10 : at % 3 == 1 ? 17 : 30)]);
        Assert.All(findings, finding => Assert.Equal("volume relative to neighbours", finding.Field));
        Assert.Equal(isJudged, findings.Any(finding => finding.Label == labels[2]));
    }

    [Fact]
    public void Nineteen_cases_are_no_distribution()
    {
        (List<ScanRow> scans, List<VertebraRow> vertebrae) = Spines(19);
        vertebrae[2] = vertebrae[2] with { VolumeCm3 = 0.1 };
        Assert.Empty(Streamed.OfCohort(scans, vertebrae));
    }

    [Theory]
    [InlineData("verse20", "verse20", true)]
    [InlineData("verse19", "verse20", false)]
    [InlineData("verse20", "model", true)]
    public void A_mask_counts_once_in_the_distribution_of_its_pool(string firstIn, string againIn, bool judged)
    {
        // nineteen of VerSe 20, and a twentieth that is a copy of one of them, of one in VerSe 19, or stands in another dataset as well
        List<ScanRow> scans = [.. Enumerable.Range(0, 19).Select(at => CohortRows.Scan("verse20", "test", $"sub-{at:00}", [20]))];
        scans.Add(CohortRows.Scan(firstIn, "test", "sub-98", [20], "same"));
        scans.Add(CohortRows.Scan(againIn, "test", "sub-99", [20], "same"));
        if (firstIn == "verse19") scans[0] = scans[0] with { MaskContentSha256 = "same" };
        IReadOnlyList<Finding> findings = Streamed.OfCohort(scans, [.. scans.Select((scan, at) => CohortRows.Vertebra(scan, 20, at == 7 ? 100 : 10))]);
        Assert.Equal(judged, findings.Any(finding => finding.Code == "MSK_VOLUME_OUTLIER"));
    }

    [Fact]
    public void One_mask_in_two_splits_is_linked_and_called_a_leak_at_the_scan_to_hold_out()
    {
        ScanRow[] scans =
        [
            CohortRows.Scan("verse20", "training", "sub-a", [20], "same"),
            CohortRows.Scan("verse19", "validation", "sub-b", [20], "same"),
            CohortRows.Scan("model", "test", "sub-a", [20], "same"),
            CohortRows.Scan("verse19", "test", "sub-c", []),
            CohortRows.Scan("verse19", "training", "sub-d", []),
        ];
        IReadOnlyList<Finding> findings = Streamed.OfCohort(scans, []);
        Assert.Equal(
            [("TREE_DUP_SCAN", "verse19/validation/sub-b"), ("TREE_DUP_SCAN", "verse20/training/sub-a"), ("TREE_SPLIT_LEAK", "verse19/validation/sub-b")],
            findings.Select(finding => (finding.Code, finding.ScanKey!)));
        Assert.All(findings.Take(2), finding => Assert.Equal((Severity.Info, "model/test/sub-a"), (finding.Severity, finding.Observed)));
        Assert.Equal(("verse19/validation/sub-b, verse20/training/sub-a", "one split"), (findings[2].Observed, findings[2].Expected));
        Assert.All(findings, finding => Assert.Equal("mask_content_sha256", finding.Field));
    }

    [Theory]
    [InlineData(1000, "/sub-0999")]
    [InlineData(1003, "/sub-0999 and 3 more")]
    public void Of_a_mask_in_very_many_scans_a_thousand_are_named(int count, string ending)
    {
        Finding leak = Streamed.OfCohort([.. Enumerable.Range(0, count)
            .Select(at => CohortRows.Scan("model", at == 0 ? "test" : "training", $"sub-{at:0000}", [20], "same"))], [])
            .Single(finding => finding.Code == "TREE_SPLIT_LEAK");
        Assert.EndsWith(ending, leak.Observed, StringComparison.Ordinal);
    }

    /// <summary>Lumbar spines of people of different size, each level growing a little, with scatter of about a fifth.</summary>
    private static (List<ScanRow> Scans, List<VertebraRow> Vertebrae) Spines(int count)
    {
        Random random = new(11);
        List<ScanRow> scans = [];
        List<VertebraRow> vertebrae = [];
        for (int number = 0; number < count; number++)
        {
            ScanRow scan = CohortRows.Scan(number % 2 == 0 ? "verse19" : "verse20", "test", $"sub-s{number:000}", [20, 21, 22, 23, 24]);
            double person = Math.Exp(0.18 * Normal(random));
            scans.Add(scan);
            vertebrae.AddRange(scan.Labels!.Select(label =>
                CohortRows.Vertebra(scan, label, (50 + (4 * (label - 20))) * person * Math.Exp(0.04 * Normal(random)))));
        }
        return (scans, vertebrae);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
