using System.Xml.Linq;
using VerseEtl.Host.DiffPage;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Tests.DiffPage;

public sealed class DiffDocumentTests
{
    private const string Hostile = "<script>alert(1)</script>";

    [Fact]
    public async Task Each_changed_vertebra_is_a_dot_at_its_relative_change_and_the_farthest_are_named()
    {
        XElement page = await Page(new TableDiff("vertebrae", [], [],
            [Changed(20, 40, 20), Changed(21, 40, 44), Changed(22, 50, 51), Changed(23, 50, 50.5), Changed(24, 50, 50.25)]));
        XElement plot = Assert.Single(page.Descendants("figure"));
        Assert.Equal("volume, change in %", plot.Element("figcaption")!.Value);
        Assert.Equal(["L1", "L2", "L3", "L4", "L5"], Texts(plot, "level"));
        Assert.Equal(["sub-a L1", "sub-a L2", "sub-a L3", "", ""], Texts(plot, "named"));
        Assert.Equal("verse19/test/sub-a L1: volume_cm3 40 -> 20 (-50 %)", plot.Descendants("title").First().Value);
        double[] heights = [.. plot.Descendants("circle").Select(dot => (double)dot.Attribute("cy")!)];
        // -50 and +10 percent stand on both sides of the line at 0, in proportion
        double zero = plot.Descendants("line").Where(line => line.Attribute("class")!.Value == "zero").Select(line => (double)line.Attribute("y1")!).Single();
        Assert.Equal(-5, (heights[0] - zero) / (heights[1] - zero), 0.05);
    }

    [Fact]
    public async Task Names_from_files_never_become_markup_and_rows_are_listed_with_both_values()
    {
        RowKey key = new(new OrderedDictionary<string, object?> { ["scan_key"] = Hostile });
        XElement page = await Page(new TableDiff("scans", [key], [key], [new RowChange(key, [new("status", Hostile, "failed", null)])]));
        Assert.Empty(page.Descendants("script"));
        Assert.Equal(2, page.Descendants("li").Count(item => item.Value == Hostile));
        Assert.Equal(["status", Hostile, "failed", ""], page.Descendants("tr").Last().Elements("td").Skip(1).Select(cell => cell.Value));
        Assert.Empty(page.Descendants("figure"));
    }

    [Fact]
    public async Task Where_nothing_differs_that_is_said() =>
        Assert.Equal("no row differs", (await Page()).Descendants("p").First().Value.Trim());

    private static RowChange Changed(int label, double before, double after) => new(
        new RowKey(new OrderedDictionary<string, object?> { ["scan_key"] = "verse19/test/sub-a", ["label"] = label }),
        [new("volume_cm3", before, after, after / before - 1)]);

    private static string[] Texts(XElement plot, string kind) =>
        [.. plot.Descendants("text").Where(text => text.Attribute("class")?.Value == kind).Select(text => text.Value)];

    private static async Task<XElement> Page(params TableDiff[] tables)
    {
        Manifest manifest = new()
        {
            SchemaVersion = 2, CodeVersion = "0", InputDigest = "", OptionsDigest = "", Files = [],
            ScansFound = 0, ScansOk = 0, ScansWarning = 0, ScansFailed = 0,
        };
        Snapshot Of(long sequence) => new(sequence, "/none", DateTimeOffset.UnixEpoch, "run", null, manifest);
        string page = await DiffDocument.Render(new DiffView(Of(1), Of(2), tables));
        return XElement.Parse(page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)]);
    }
}
