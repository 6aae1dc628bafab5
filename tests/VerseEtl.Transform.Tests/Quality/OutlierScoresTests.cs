using VerseEtl.Phantoms;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Quality;

public sealed class OutlierScoresTests
{
    [Fact]
    public void The_score_is_the_robust_z_of_the_column_that_stands_out_most()
    {
        // logarithms 0, 1 .. 20 tenths: median 1, deviations 0 .. 1 twice each, MAD 0.5
        (List<ScanRow> scans, List<VertebraRow> rows) = Cohort(21, at => Math.Exp(at / 10.0));
        IReadOnlyList<VertebraRow> scored = Streamed.Tables(scans, rows).Vertebrae;
        Assert.Equal((20 / 10.0 - 1) / (1.4826 * 0.5), scored[20].OutlierZ!.Value, 1e-9);
        Assert.Equal(-1 / (1.4826 * 0.5), scored[0].OutlierZ!.Value, 1e-9);
        Assert.All(scored, row => Assert.Equal("volume_cm3", row.OutlierColumn));

        rows[3] = rows[3] with { BodyHuMedian = 900 };
        for (int at = 0; at < 20; at++) rows[at] = rows[at] with { BodyHuMedian = at == 3 ? 900 : 150 };
        VertebraRow dense = Streamed.Tables(scans, rows).Vertebrae[3];
        Assert.Equal(("body_hu_median", 375), (dense.OutlierColumn, dense.OutlierZ));
    }

    [Theory]
    [InlineData("volume_cm3")]
    [InlineData("extent_lr_mm")]
    [InlineData("extent_ap_mm")]
    [InlineData("extent_si_mm")]
    [InlineData("height_middle_mm")]
    public void The_column_that_stands_out_is_named(string column)
    {
        (List<ScanRow> scans, List<VertebraRow> rows) = Cohort(25, at => 40 + at % 5);
        for (int at = 0; at < rows.Count; at++)
        {
            VertebraRow row = rows[at];
            double near = 1 + 0.01 * (at % 5);
            row = row with { ExtentLrMm = 60 * near, ExtentApMm = 30 * near, ExtentSiMm = 15 * near, HeightMiddleMm = 25 * near };
            rows[at] = at != 7 ? row : column switch
            {
                "volume_cm3" => row with { VolumeCm3 = 400 },
                "extent_lr_mm" => row with { ExtentLrMm = 200 },
                "extent_ap_mm" => row with { ExtentApMm = 100 },
                "extent_si_mm" => row with { ExtentSiMm = 50 },
                _ => row with { HeightMiddleMm = 5 },
            };
        }
        Assert.Equal(column, Streamed.Tables(scans, rows).Vertebrae[7].OutlierColumn);
    }

    [Fact]
    public void Fewer_than_twenty_cases_give_no_score_and_repeated_scans_are_no_cases()
    {
        (List<ScanRow> scans, List<VertebraRow> rows) = Cohort(19, at => 10 + at);
        Assert.All(Streamed.Tables(scans, rows).Vertebrae, row => Assert.Equal((null, null), (row.OutlierZ, row.OutlierColumn)));
        (scans, rows) = Cohort(20, at => 10 + at);
        Assert.All(Streamed.Tables(scans, rows).Vertebrae, row => Assert.NotNull(row.OutlierZ));
        scans[7] = scans[7] with { MaskContentSha256 = scans[6].MaskContentSha256 };
        Assert.All(Streamed.Tables(scans, rows).Vertebrae, row => Assert.Null(row.OutlierZ));
    }

    [Fact]
    public void A_vertebra_stands_out_from_its_own_pool_and_level_only()
    {
        // twenty of L1 in VerSe, twenty of a hundred times the volume in another dataset, and as many of L2
        (List<ScanRow> scans, List<VertebraRow> rows) = Cohort(20, at => Math.Exp(at / 10.0));
        double[] alone = [.. Streamed.Tables(scans, rows).Vertebrae.Select(row => row.OutlierZ!.Value)];
        ScanRow[] others = [.. scans.Select(scan => CohortRows.Scan("clinic", "test", scan.ScanId, [20]))];
        VertebraRow[] more = [.. rows.Zip(others, (row, scan) => CohortRows.Vertebra(scan, 20, 100 * row.VolumeCm3)),
            .. rows.Zip(scans, (row, scan) => CohortRows.Vertebra(scan, 21, 10_000 * row.VolumeCm3))];
        foreach (IGrouping<(string, int), VertebraRow> level in Streamed.Tables([.. scans, .. others], [.. rows, .. more]).Vertebrae
            .GroupBy(row => (row.Dataset, row.Label)))
        {
            foreach ((double expected, VertebraRow row) in alone.Zip(level)) Assert.Equal(expected, row.OutlierZ!.Value, 1e-9);
        }
    }

    [Fact]
    public void A_mask_in_two_pools_is_a_case_of_both()
    {
        (List<ScanRow> scans, List<VertebraRow> rows) = Cohort(20, at => 10 + at);
        ScanRow[] copies = [.. scans.Select(scan => CohortRows.Scan("clinic", "test", scan.ScanId, [20]) with { MaskContentSha256 = scan.MaskContentSha256 })];
        VertebraRow[] again = [.. copies.Zip(rows, (scan, row) => CohortRows.Vertebra(scan, 20, row.VolumeCm3))];
        IReadOnlyList<VertebraRow> scored = Streamed.Tables([.. scans, .. copies], [.. rows, .. again]).Vertebrae;
        Assert.Equal(40, scored.Count(row => row.OutlierZ is not null));
    }

    [Fact]
    public void A_vertebra_at_the_border_is_neither_case_nor_scored()
    {
        (List<ScanRow> scans, List<VertebraRow> rows) = Cohort(21, at => 10 + at);
        rows[0] = rows[0] with { TouchesBorder = true, VolumeCm3 = 0.001 };
        IReadOnlyList<VertebraRow> scored = Streamed.Tables(scans, rows).Vertebrae;
        Assert.Null(scored[0].OutlierZ);
        Assert.Equal(20, scored.Count(row => row.OutlierZ is not null));
    }

    private static (List<ScanRow>, List<VertebraRow>) Cohort(int count, Func<int, double> volumeCm3)
    {
        List<ScanRow> scans = [.. Enumerable.Range(0, count).Select(at => CohortRows.Scan("verse19", "test", $"sub-{at:00}", [20]))];
        return (scans, [.. scans.Select((scan, at) => CohortRows.Vertebra(scan, 20, volumeCm3(at)))]);
    }
}
