using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Pages;
using VerseEtl.Host.ReportPage;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Host.Serving.Pages;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Serving.Pages;

public sealed partial class GalleryTests(SmallDataset dataset) : IClassFixture<SmallDataset>
{
    private const string Hostile = "<script>alert(1)<\"'&#?%2F";
    private const int L1 = 20, L2 = 21;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_worst_come_first_by_score_then_by_findings_and_what_could_not_be_read_before_all()
    {
        GalleryScan[] scans =
        [
            Scan("a", z: 1.2), Scan("b", z: -3.4), Scan("c", z: 2, errors: 5), Scan("d"), Scan("e", warnings: 1), Scan("f", errors: 1),
            Scan("g", status: ScanStatus.Failed), Scan("h"), Scan("i") with { Notes = 1 }, Scan("j", z: 2),
        ];
        Assert.Equal(["g", "b", "c", "j", "a", "f", "e", "i", "d", "h"], Shown(new GalleryQuery(), scans));
    }

    [Fact]
    public void Below_twenty_of_a_level_findings_alone_order_the_scans()
    {
        ScanName[] names = [.. "abc".Select(name => Name($"verse19/test/{name}"))];
        ScanNote[] notes = [Note("verse19/test/c", Severity.Error), Note("verse19/test/b", Severity.Warning), Note(null, Severity.Error)];
        Assert.Equal(["c", "b", "a"], Shown(new GalleryQuery(), Of(names, [Values("verse19/test/a", L1, null)], notes)));
    }

    [Fact]
    public void A_level_is_asked_for_by_name_and_orders_by_itself()
    {
        GalleryScan[] scans =
        [
            Scan("a") with { Levels = [new(L1, 1, "volume_cm3"), new(L2, 9, "volume_cm3")] },
            Scan("b") with { Levels = [new(L1, -4, "volume_cm3")] },
            Scan("c") with { Levels = [new(L2, 5, "volume_cm3")] },
        ];
        Assert.Equal(["a", "c", "b"], Shown(new GalleryQuery(), scans));
        Assert.Equal(["b", "a"], Shown(new GalleryQuery(Level: "L1"), scans));
        Assert.Equal(["b", "a"], Shown(new GalleryQuery(Level: "l1"), scans));
        Assert.Empty(Shown(new GalleryQuery(Level: "L9"), scans));
    }

    [Fact]
    public void Scans_beyond_those_that_are_held_are_read_again_and_let_go()
    {
        List<WeakReference> given = [];
        IEnumerable<GalleryScan> All()
        {
            for (int at = 0; at < 500; at++)
            {
                GalleryScan scan = Scan(Invariant($"s{at:000}"), z: at % 7, warnings: at % 5) with { Codes = [$"CODE_{at % 3}"] };
                given.Add(new WeakReference(scan));
                yield return scan;
            }
        }

        GalleryScans held = new(All()), read = new(All(), mostHeld: 10);
        given.Clear();
        for (int page = 1; page <= 9; page++)
        {
            GalleryQuery query = new(Code: "CODE_1") { Page = page };
            GalleryShown expected = held.Page(query, 20), shown = read.Page(query, 20);
            Assert.Equal((167, Math.Min(page, 9), 9), (shown.Found, shown.Page, shown.Pages));
            Assert.Equal(expected.Scans.Select(scan => scan.ScanId), shown.Scans.Select(scan => scan.ScanId));
        }
        GC.Collect();
        Assert.InRange(given.Count(scan => scan.IsAlive), 0, 25);
        Assert.Equal(held.Codes, read.Codes);
        Assert.Equal(500, read.Count);
        Assert.Equal(["L1"], read.Levels);
    }

    [Fact]
    public void Findings_are_given_to_their_scans_across_all_that_is_set_aside_at_once()
    {
        string[] keys = [.. Enumerable.Range(0, 9_000).Select(at => $"mine/test/s{at:0000}")];
        ScanNote[] notes = [.. new[] { 0, 4_095, 4_096, 8_999, 4_096 }.Select(at => Note(keys[at], Severity.Error)), Note("mine/test/none", Severity.Error)];
        IReadOnlyList<(string Code, Severity Severity)>[] all =
            [.. new NotesByScan(keys, notes, new MemoryWorkspace()).InScanOrder().Select(own => own.ToArray())];
        Assert.Equal(keys.Length, all.Length);
        IEnumerable<(int Place, int Count)> noted = all.Index().Where(scan => scan.Item.Count > 0).Select(scan => (scan.Index, scan.Item.Count));
        Assert.Equal([(0, 1), (4_095, 1), (4_096, 2), (8_999, 1)], noted);
        Assert.Equal(("GZ_TRUNCATED", Severity.Error), all[8_999][0]);
    }

    [Fact]
    public void Dataset_split_code_and_words_choose_scans()
    {
        ScanName[] names =
        [
            Name("verse19/test/sub-verse900") with { Manufacturer = "Siemens" }, Name("verse19/training/sub-verse901"),
            Name("verse20/test/sub-gl900") with { Dataset = "verse20", ManufacturerModel = "iCT 256" },
        ];
        IEnumerable<GalleryScan> scans = Of(names, [], [Note("verse20/test/sub-gl900", Severity.Info)]);
        int Count(GalleryQuery query) => Shown(query, scans).Length;
        Assert.Equal((2, 1, 0), (Count(new("verse19")), Count(new("verse20")), Count(new("verse2"))));
        Assert.Equal((2, 1), (Count(new(Split: "test")), Count(new("verse19", "test"))));
        Assert.Equal((1, 0), (Count(new(Code: "GZ_TRUNCATED")), Count(new(Code: "GZ_"))));
        Assert.Equal((2, 1), (Count(new(Text: "900")), Count(new(Text: "900 SIEMENS"))));
        Assert.Equal((1, 0), (Count(new(Text: "gz_trunc ict")), Count(new(Text: "gl siemens"))));
    }

    [Fact]
    public async Task Many_scans_come_by_pages_that_keep_what_was_asked_for()
    {
        GalleryScan[] scans = [.. Enumerable.Range(0, 901).Select(at => Scan($"s{at:000}", warnings: 901 - at))];
        List<string> seen = [];
        for (int page = 1; page <= 3; page++)
        {
            XElement shown = await Page(scans, new GalleryQuery("mine", Text: "s") { Page = page });
            seen.AddRange(shown.Descendants("b").Select(name => name.Value));
            string[] links = [.. shown.Descendants("nav").Single().Descendants("a").Select(link => link.Attribute("href")!.Value)];
            Assert.All(links, link => Assert.StartsWith("?dataset=mine&text=s", link, StringComparison.Ordinal));
            Assert.Equal(page == 2 ? 4 : 2, links.Length);
        }
        Assert.Equal(scans.Select(scan => scan.ScanId), seen);
        XElement beyond = await Page(scans, new GalleryQuery() { Page = 99 });
        Assert.Equal("s900", beyond.Descendants("b").Last().Value);
        Assert.Empty((await Page(scans[..374], new GalleryQuery())).Descendants("nav"));
        Assert.Equal("?text=a%26b&page=7", new GalleryQuery(Text: "a&b").At(7));
    }

    [Fact]
    public async Task Names_never_become_markup_and_lead_to_the_scan_they_are_of()
    {
        GalleryScan scan = Scan("x") with
        {
            ScanKey = $"{Hostile}/test/{Hostile}",
            Dataset = Hostile,
            Split = Hostile,
            ScanId = Hostile,
            Codes = [Hostile],
            PicturePath = Hostile,
            Levels = [new(L1, 3, Hostile)],
        };
        XElement page = await Page([scan], new GalleryQuery(Hostile, Hostile, null, Hostile), Hostile);
        Assert.Empty(page.Descendants("script"));
        string link = page.Descendants("li").Single().Element("a")!.Attribute("href")!.Value;
        Assert.Equal(["", "pipelines", Hostile, "scans", Hostile, "test", Hostile], link.Split('/').Select(Uri.UnescapeDataString));
        Assert.DoesNotMatch("[<>\"' ?#]", link);
    }

    [Fact]
    public async Task Each_picture_leads_to_the_report_of_its_scan()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = await pages.SignedIn(Role.Viewer);
        Assert.Contains("href=\"/pipelines/a/gallery\"", await client.GetStringAsync("/", Token), StringComparison.Ordinal);
        XElement gallery = Body(await client.GetStringAsync("/pipelines/a/gallery", Token));
        XElement[] tiles = [.. gallery.Descendants("li").Select(item => item.Element("a")!)];
        Assert.Equal(4, tiles.Length);
        foreach (XElement tile in tiles)
        {
            string name = tile.Element("b")!.Value;
            XElement report = Body(await client.GetStringAsync(tile.Attribute("href")!.Value, Token));
            Assert.EndsWith("/" + name, report.Descendants("h1").Single().Value, StringComparison.Ordinal);
            string picture = report.Descendants("img").First().Attribute("src")!.Value;
            Assert.Equal(picture, tile.Element("img")!.Attribute("src")!.Value);
            using HttpResponseMessage answer = await client.GetAsync(picture, Token);
            byte[] png = await answer.Content.ReadAsByteArrayAsync(Token);
            Assert.Equal($"/pipelines/a/pictures/{Convert.ToHexStringLower(SHA256.HashData(png))}.png", picture);
            Assert.Equal("image/png", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal("private, max-age=31536000, immutable", CacheControl(answer));
        }
        using HttpResponseMessage some = await client.GetAsync("/pipelines/a/gallery?text=902&level=&code=", Token);
        Assert.Single(Body(await some.Content.ReadAsStringAsync(Token)).Descendants("li"));
        Assert.Equal("no-store", CacheControl(some));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = await pages.SignedIn(Role.Viewer);
        string nought = new('0', 64);
        foreach (string path in new[]
        {
            "b/gallery", "none/gallery", "a/scans/verse19/training/sub-verse999", "a/scans/sub-verse902", "a/scans/", "a/pictures/..%2f..%2fp.yaml",
            $"a/pictures/{nought}.png", $"a/pictures/{nought}.png%0a",
        })
        {
            using HttpResponseMessage answer = await client.GetAsync("/pipelines/" + path, Token);
            Assert.Equal((path, HttpStatusCode.NotFound, "no-store"), (path, answer.StatusCode, CacheControl(answer)));
        }
    }

    [Fact]
    public async Task Damage_is_told_and_nothing_damaged_is_shown()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = await pages.SignedIn(Role.Viewer);
        string warehouse = Path.Join(pages.Folder, "w");
        string picture = Directory.GetFiles(Path.Join(warehouse, "pictures"))[0];
        Flip(picture);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/pipelines/a/pictures/" + Path.GetFileName(picture), Token)).StatusCode);
        Flip(Warehouse.OpenForReading(warehouse).PathOf("vertebrae").Single());
        foreach (string path in new[] { "/pipelines/a/gallery", "/pipelines/a/scans/verse19/training/sub-verse902" })
        {
            using HttpResponseMessage answer = await client.GetAsync(path, Token);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("vertebrae-0000000001", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Points_of_the_audits_plot_lead_to_reports_where_it_is_served()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = await pages.SignedIn(Role.Viewer);
        string page = await client.GetStringAsync("/audit/a", Token);
        XElement[] links = [.. Body(page).Descendants("circle").Select(dot => dot.Parent!)];
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.Equal("a", link.Name));
        foreach (string link in links.Select(link => link.Attribute("href")!.Value).Distinct())
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(link, Token)).StatusCode);
        // the file leads nowhere, and is the same but for that
        string file = File.ReadAllText(Path.Join(pages.Folder, "w/current/audit.html"));
        Assert.DoesNotContain("/pipelines/", file, StringComparison.Ordinal);
        Assert.Equal(Body(file).Descendants("circle").Count(), links.Length);
    }

    [Fact]
    public async Task Who_has_not_signed_in_is_led_to_the_form_and_back()
    {
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = pages.Client();
        using HttpResponseMessage answer = await client.GetAsync("/pipelines/a/gallery?level=L1", Token);
        Assert.Equal("/sign-in?ReturnUrl=%2Fpipelines%2Fa%2Fgallery%3Flevel%3DL1", answer.Headers.Location!.PathAndQuery);
    }

    private static void Flip(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
    }

    private static string CacheControl(HttpResponseMessage answer) => answer.Headers.NonValidated["Cache-Control"].ToString();

    // few are held, many are read again: the same either way
    private static string[] Shown(GalleryQuery query, IEnumerable<GalleryScan> scans)
    {
        string[] held = [.. new GalleryScans(scans).Page(query, 1_000).Scans.Select(scan => scan.ScanId)];
        Assert.Equal(held, new GalleryScans(scans, mostHeld: 0).Page(query, 1_000).Scans.Select(scan => scan.ScanId));
        return held;
    }

    private static IEnumerable<GalleryScan> Of(ScanName[] names, LevelValues[] levels, ScanNote[] notes) =>
        SnapshotScans.Of(names, levels, new NotesByScan(names.Select(name => name.ScanKey), notes, new MemoryWorkspace()));

    private static GalleryScan Scan(string name, double? z = null, int errors = 0, int warnings = 0, string status = ScanStatus.Ok) => new()
    {
        ScanKey = $"mine/test/{name}",
        Dataset = "mine",
        Split = "test",
        ScanId = name,
        Status = status,
        Levels = z is null ? [] : [new(L1, z, "volume_cm3")],
        Errors = errors,
        Warnings = warnings,
        Notes = 0,
        Codes = [],
        Text = name,
    };

    private static ScanName Name(string key) => new()
    {
        ScanKey = key, Dataset = key.Split('/')[0], Split = key.Split('/')[1], ScanId = key.Split('/')[2], SubjectId = "", SeriesId = "", Status = "ok",
    };

    private static ScanNote Note(string? key, Severity severity) => new() { Code = "GZ_TRUNCATED", Severity = severity, ScanKey = key };

    private static LevelValues Values(string key, int label, double? z) =>
        new() { ScanKey = key, Dataset = "verse19", Label = label, TouchesBorder = false, VolumeCm3 = 1, OutlierZ = z };

    private static async Task<XElement> Page(IReadOnlyList<GalleryScan> scans, GalleryQuery query, string pipeline = "a")
    {
        GalleryScans all = new(scans);
        return Body(await PageRenderer.Render<GalleryPage>(new()
        {
            [nameof(GalleryPage.Pipeline)] = pipeline,
            [nameof(GalleryPage.Scans)] = all,
            [nameof(GalleryPage.Shown)] = all.Page(query, GalleryPage.ScansPerPage),
            [nameof(GalleryPage.Query)] = query,
        }));
    }

    // an attribute that stands alone is no XML
    private static XElement Body(string page)
    {
        string body = page[page.IndexOf("<body>", StringComparison.Ordinal)..(page.IndexOf("</body>", StringComparison.Ordinal) + 7)];
        return XElement.Parse(BarePattern().Replace(body, ""));
    }

    [GeneratedRegex("(?<=<[^>]*) (selected|value|alt)(?=[ >])")]
    private static partial Regex BarePattern();
}
