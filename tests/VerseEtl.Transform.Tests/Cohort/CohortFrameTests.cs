using Microsoft.Data.Analysis;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class CohortFrameTests
{
    private static readonly ScanRow[] Scans =
    [
        CohortRows.Scan("verse20", "test", "sub-c", [], status: ScanStatus.Failed),
        CohortRows.Scan("verse20", "test", "sub-b", [20, 28], "the same"),
        CohortRows.Scan("verse20", "test", "sub-a", [20, 28], "the same"),
        CohortRows.Scan("verse19", "training", "sub-d", [20]),
    ];

    private static readonly VertebraRow[] Vertebrae =
    [
        CohortRows.Vertebra(Scans[1], 20, 40), CohortRows.Vertebra(Scans[1], 28, 30),
        CohortRows.Vertebra(Scans[2], 20, 40), CohortRows.Vertebra(Scans[2], 28, 30),
        CohortRows.Vertebra(Scans[3], 20, 46), CohortRows.Vertebra(CohortRows.Scan("verse20", "test", "sub-nowhere", [20]), 20, 99),
    ];

    private static readonly CohortFrame Cohort = CohortFrame.Of(Scans, Vertebrae);

    [Fact]
    public void A_row_a_scan_by_key_a_column_a_variable_head_to_tail()
    {
        DataFrame frame = Cohort.Scans;
        Assert.Equal((4, 5 + 12 + 28), (frame.Rows.Count, frame.Columns.Count));
        Assert.Equal(["sub-d", "sub-a", "sub-b", "sub-c"], frame["scan_key"].Cast<string>().Select(key => key.Split('/')[^1]));
        Assert.Equal(["volume_cm3_T12", "volume_cm3_T13", "volume_cm3_L1"], frame.Columns.Select(column => column.Name).Skip(5 + 12 + 18).Take(3));
        Assert.Equal([46.0, 40.0, 40.0, null], frame["volume_cm3_L1"].Cast<object?>());
        Assert.Equal([null, 30.0, 30.0, null], frame["volume_cm3_T13"].Cast<object?>());
        Assert.Equal([300.0, 300.0, 300.0, null], frame["shape_si"].Cast<object?>());
    }

    [Fact]
    public void Each_column_holds_what_its_name_says()
    {
        (string Name, object Value)[] expected =
        [
            ("scan_key", "verse19/training/sub-d"), ("dataset", "verse19"), ("split", "training"), ("subject_id", "d"), ("status", "ok"),
            ("spacing_lr_mm", 2.0), ("spacing_ap_mm", 1.0), ("spacing_si_mm", 0.5), ("shape_lr", 50.0), ("shape_ap", 100.0), ("shape_si", 300.0),
            ("spacing_i_mm", 1.0), ("spacing_j_mm", 0.5), ("spacing_k_mm", 2.0), ("shape_i", 100.0), ("shape_j", 300.0), ("shape_k", 50.0),
        ];
        Assert.Equal(expected, Cohort.Scans.Columns.Take(expected.Length).Select(column => (column.Name, column[0])));
        Assert.Equal(expected[5..].Select(column => column.Name), CohortFrame.Geometry);
    }

    [Fact]
    public void The_library_s_own_filters_and_means_work_on_it()
    {
        DataFrame frame = Cohort.Scans;
        Assert.Equal(42, frame["volume_cm3_L1"].Mean());
        Assert.Equal(30, frame.Filter(frame["dataset"].ElementwiseEquals("verse20"))["volume_cm3_T13"].Mean());
    }

    [Fact]
    public void A_cell_has_each_mask_once_and_its_values_ascending_without_nulls()
    {
        CohortCell all = Cohort.Cells.Single(cell => (cell.Dataset, cell.Split) == ("all", "all"));
        Assert.Equal(["sub-d", "sub-a", "sub-c"], Cohort.Of(all)["scan_key"].Cast<string>().Select(key => key.Split('/')[^1]));
        Assert.Equal([40, 46], CohortFrame.Ascending(Cohort.Of(all), CohortFrame.Volume(20)));
    }
}
