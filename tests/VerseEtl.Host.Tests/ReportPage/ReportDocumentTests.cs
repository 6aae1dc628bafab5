using System.Text.RegularExpressions;
using System.Xml.Linq;
using VerseEtl.Host.ReportPage;
using VerseEtl.Load.Publishing;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.ReportPage;

public sealed class ReportDocumentTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    [Fact]
    public async Task Names_from_files_never_become_markup()
    {
        ScanRow scan = CohortRows.Scan(Hostile, "test", "sub-" + Hostile, [20, 21]) with
        {
            CtPath = Hostile,
            PreviewPath = Hostile,
            Manufacturer = Hostile,
            Licence = Hostile,
            Direction = Hostile,
            DuplicateOf = Hostile,
        };
        Finding finding = Finding.Of(Faults.TreeOrphan, new(Path: Hostile, Field: Hostile)) with { ScanKey = scan.ScanKey };
        XElement page = await Page(Report(scan, [Vertebra(scan, 20, 50), Vertebra(scan, 21, 60)]) with { Findings = [finding] });
        Assert.Empty(page.Descendants("script"));
        Assert.Equal(scan.ScanKey, page.Descendants("h1").Single().Value);
        Assert.Contains(page.Descendants("td"), cell => cell.Value == Hostile);
        Assert.Contains(page.Descendants("li"), item => item.Value.Contains(Hostile, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scan_that_could_not_be_read_has_a_report_as_well()
    {
        ScanRow scan = CohortRows.Scan("verse19", "test", "sub-verse900", [], status: ScanStatus.Failed);
        Finding finding = Finding.Of(Faults.GzTruncated, new(new ScanKey("verse19", "test", "sub-verse900"), "a.nii.gz"));
        XElement page = await Page(Report(scan, []) with { Spine = null, Findings = [finding], Picture = ReportImage.None("no picture of it") });
        Assert.Contains("The mask could not be read", Class(page, "verdict differs").Single().Value, StringComparison.Ordinal);
        Assert.Contains(page.Descendants("p"), text => text.Value == "no picture of it");
        XElement shown = Class(page, "finding error").Single();
        Assert.Equal("error GZ_TRUNCATED", shown.Element("h3")!.Value);
        Assert.Equal("What to do: " + Faults.GzTruncated.Action, shown.Element("p")!.Value);
        Assert.Equal(finding.Message, $"{shown.Descendants("li").Single().Value}; {Faults.GzTruncated.Action}");
    }

    [Fact]
    public async Task A_value_beyond_its_cohort_has_another_shape_and_one_at_the_border_is_hollow()
    {
        LevelValues[] cohort = [.. Enumerable.Range(0, 40).Select(at => Values($"verse19/test/sub-verse{at:000}", 40 + at * 0.5))];
        ScanRow scan = CohortRows.Scan("verse20", "test", "sub-gl001", [20, 21, 22]);
        VertebraRow[] rows = [Vertebra(scan, 20, 12), Vertebra(scan, 21, 50) with { TouchesBorder = true }, Vertebra(scan, 22, 50)];
        XElement page = await Page(Report(scan, rows, Ranges(cohort)));
        XElement volume = page.Descendants("figure").First(figure => figure.Element("figcaption")?.Value == "volume, cm³");
        Assert.Equal(["apart", "dot cut", "dot"], volume.Descendants().Where(mark => Regex.IsMatch(mark.Attribute("class")?.Value ?? "", "^(dot|apart)"))
            .Select(mark => mark.Attribute("class")!.Value));
        Assert.StartsWith("L1: 12.0 cm³; cohort of 40: 40.0 to 59.5, median 49.8; published: ", volume.Descendants("title").First().Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_out_most_is_said_first_and_leads_to_its_row()
    {
        ScanRow scan = CohortRows.Scan("verse20", "test", "sub-gl001", [20, 21, 22]);
        VertebraRow[] rows =
        [
            Vertebra(scan, 20, 50) with { HeightLossPercent = 64, OutlierZ = 2, OutlierColumn = "volume_cm3" },
            Vertebra(scan, 21, 50) with { HeightLossPercent = -3, OutlierZ = -7, OutlierColumn = "extent_si_mm" }, Vertebra(scan, 22, 50),
        ];
        XElement page = await Page(Report(scan, rows));
        XElement[] links = [.. page.Descendants("p").Elements("a")];
        Assert.Equal([("L2", "#level-21"), ("L1", "#level-20")], links.Select(link => (link.Value, link.Attribute("href")!.Value)));
        Assert.Contains("z -7.0", links[0].Parent!.Value, StringComparison.Ordinal);
        Assert.Contains("64 %", links[1].Parent!.Value, StringComparison.Ordinal);
        Assert.All(links, link => Assert.Contains(page.Descendants("tr"), row => "#" + row.Attribute("id")?.Value == link.Attribute("href")!.Value));
        Assert.Empty((await Page(Report(scan, [rows[2]]))).Descendants("p").Elements("a"));
    }

    [Fact]
    public void The_cohort_is_that_of_distinct_whole_vertebrae_of_the_pool()
    {
        LevelValues[] values =
        [
            Values("verse19/test/a", 10), Values("verse20/test/b", 20) with { Dataset = "verse20" }, Values("verse19/test/copy", 1000),
            Values("verse19/test/cut", 2000) with { TouchesBorder = true }, Values("mine/test/c", 3000) with { Dataset = "mine" },
        ];
        CohortRanges ranges = Ranges(values, "verse19/test/copy");
        Assert.Equal(new MeasureRange(2, 10, 15, 20, null, null), ranges.Of("verse19", 20, Measure.Volume));
        Assert.Equal(3000, ranges.Of("mine", 20, Measure.Volume)!.Median);
        Assert.Null(ranges.Of("verse19", 21, Measure.Volume));
        Assert.Null(ranges.Of("verse19", 20, Measure.Middle));
        MeasureRange many = MeasureRange.Of([.. Enumerable.Range(0, 101).Select(at => (double)at)]);
        Assert.Equal((5.0, 95.0), (many.P05, many.P95));
    }

    [Fact]
    public async Task The_curve_is_to_scale_and_stops_where_a_level_is_missing()
    {
        ScanRow scan = CohortRows.Scan("verse19", "test", "sub-verse900", [20, 21, 23]);
        VertebraRow[] rows =
        [
            Vertebra(scan, 20, 50) with { CentroidYMm = 10, CentroidZMm = 200 }, Vertebra(scan, 21, 50) with { CentroidYMm = 40, CentroidZMm = 160 },
            Vertebra(scan, 23, 50) with { CentroidYMm = 10, CentroidZMm = 80 },
        ];
        XElement page = await Page(Report(scan, rows));
        XElement side = page.Descendants("svg").Single(svg => svg.Attribute("aria-label")!.Value == "The spine from the side, front to the left");
        Assert.Equal(2, side.Descendants("path").First().Attribute("d")!.Value.Count(letter => letter == 'M'));
        (double X, double Y)[] dots = [.. side.Descendants("circle").Select(dot => (Number(dot, "cx"), Number(dot, "cy")))];
        // to the front is to the left, and 30 mm across are as long as 30 of the 40 mm down
        Assert.True(dots[1].X < dots[0].X);
        Assert.Equal(0.75, (dots[0].X - dots[1].X) / (dots[1].Y - dots[0].Y), 0.01);
    }

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, System.Globalization.CultureInfo.InvariantCulture);

    private static IEnumerable<XElement> Class(XElement page, string name) => page.Descendants().Where(element => element.Attribute("class")?.Value == name);

    private static LevelValues Values(string key, double volumeCm3) =>
        new() { ScanKey = key, Dataset = "verse19", Label = 20, TouchesBorder = false, VolumeCm3 = volumeCm3 };

    private static VertebraRow Vertebra(ScanRow scan, int label, double volumeCm3) =>
        CohortRows.Vertebra(scan, label, volumeCm3) with { CentroidZMm = 300 - (label * 10) };

    private static CohortRanges Ranges(IEnumerable<LevelValues> values, params string[] repeats) =>
        new(values, repeats.Select(TextKey.Of).ToHashSet(), new MemoryWorkspace());

    private static ScanReport Report(ScanRow scan, IReadOnlyList<VertebraRow> rows, CohortRanges? cohort = null) => new()
    {
        Snapshot = new Snapshot(3, "/w/snapshots/3", new DateTimeOffset(2026, 5, 2, 8, 0, 0, TimeSpan.Zero), "run", null, new Manifest
        {
            SchemaVersion = 2, CodeVersion = "0.1.0+abc", InputDigest = "in", OptionsDigest = "out", ScansFound = 1, ScansOk = 1, ScansWarning = 0,
            ScansFailed = 0, Files = [],
        }),
        Scan = scan,
        Vertebrae = rows,
        Pairs = [],
        Findings = [],
        Cohort = cohort ?? Ranges(rows.Select(LevelValues.Of)),
        Published = Replica.Reference,
        Picture = ReportImage.Of([1, 2, 3], "image/png"),
        Preview = ReportImage.None("none"),
    };

    private static async Task<XElement> Page(ScanReport report)
    {
        string page = await ReportDocument.Render(report);
        return XElement.Parse(page[page.IndexOf("<body>", StringComparison.Ordinal)..(page.IndexOf("</body>", StringComparison.Ordinal) + 7)]);
    }
}
