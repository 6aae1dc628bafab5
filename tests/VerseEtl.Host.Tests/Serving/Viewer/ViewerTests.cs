using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using VerseEtl.Extract.Nifti;
using VerseEtl.Host.Pages;
using VerseEtl.Host.Serving.Access;
using VerseEtl.Host.Serving.Viewer;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Serving.Viewer;

public sealed class ViewerTests(ViewerTests.Host host) : IClassFixture<ViewerTests.Host>
{
    private const string Key = "verse19/training/sub-verse902";
    private const string Page = "/pipelines/a/viewer/" + Key, Ct = "/pipelines/a/ct/" + Key, Mask = "/pipelines/a/mask/" + Key;

    /// <summary>One host for all: they share what is static in the scheduler.</summary>
    public sealed class Host : IAsyncLifetime
    {
        private readonly SmallDataset _dataset = new();

        internal ServedPages Pages { get; private set; } = null!;

        public string Source => _dataset.Sound;

        public async ValueTask InitializeAsync() => Pages = await ServedPages.Start(Source);

        public async ValueTask DisposeAsync()
        {
            await Pages.DisposeAsync();
            _dataset.Dispose();
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Niivue_is_the_file_of_its_package()
    {
        // as in niivue.licences.txt: the file of the package @niivue/niivue 0.69.0, unchanged
        using Stream script = typeof(AssetFiles).Assembly.GetManifestResourceStream("niivue.umd.js")!;
        string hash = Convert.ToHexStringLower(SHA256.HashData(script));
        Assert.Equal("47b896b77ec4a5be3ef1949c33ad393b6f45629921f326c279000bcf51bdb4af", hash);
        Assert.Contains(hash, AssetFiles.Text("niivue.licences.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_sees_a_volume_or_the_page_without_a_sign_in()
    {
        using HttpClient stranger = host.Pages.Client();
        foreach (string path in new[] { Page, Ct, Mask })
        {
            using HttpResponseMessage answer = await stranger.GetAsync(path, Token);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            Assert.StartsWith("/sign-in", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Token));
        }
        using HttpClient viewer = await host.Pages.SignedIn(Role.Viewer);
        foreach (string path in new[] { Page, Ct, Mask }) Assert.Equal(HttpStatusCode.OK, (await viewer.GetAsync(path, Token)).StatusCode);
    }

    [Fact]
    public async Task The_page_has_a_row_for_each_vertebra_and_a_policy_of_its_own()
    {
        using HttpClient client = await host.Pages.SignedIn(Role.Operator);
        using HttpResponseMessage answer = await client.GetAsync(Page, Token);
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';", policy, StringComparison.Ordinal);
        // which the other pages' has not
        Assert.Contains(" img-src data:;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        string page = await answer.Content.ReadAsStringAsync(Token);
        foreach (VertebraRow row in await Vertebrae())
            Assert.Contains($"data-label=\"{row.Label}\" data-name=\"{row.Vertebra}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Reduced", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Volumes_are_those_of_the_source_and_nothing_else_can_be_asked_for()
    {
        using HttpClient client = await host.Pages.SignedIn(Role.Operator);
        string ct = Directory.GetFiles(host.Source, "sub-verse902*_ct.nii.gz", SearchOption.AllDirectories).Single();
        byte[] shown = await Unpacked(client, Ct), source = Unpacked(File.ReadAllBytes(ct));
        Assert.Equal(source[^200_000..], shown[^200_000..]);
        Assert.Equal(NiftiHeader.Parse(source, new()).Grid.Affine, NiftiHeader.Parse(shown, new()).Grid.Affine);
        ILookup<int, byte> labels = (await Unpacked(client, Mask))[352..].ToLookup(label => (int)label);
        Assert.All(await Vertebrae(), row => Assert.Equal(row.VoxelCount, labels[row.Label].LongCount()));

        string file = Path.GetRelativePath(host.Source, ct);
        foreach (string path in new[]
        {
            "/pipelines/a/ct/" + file, "/pipelines/a/ct/" + ct, "/pipelines/a/ct/..%2f..%2fetc%2fpasswd", "/pipelines/a/ct/" + Key + "/../sub-verse900",
            "/pipelines/b/ct/" + Key, "/pipelines/c/mask/" + Key, "/pipelines/a/viewer/nothing", "/pipelines/a/volume/" + Key,
        })
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path, Token)).StatusCode);
    }

    [Fact]
    public async Task A_source_that_is_no_longer_what_was_measured_is_told_with_a_code()
    {
        const string Other = "verse19/validation/sub-verse912", Ct = "/pipelines/a/ct/" + Other, Mask = "/pipelines/a/mask/" + Other;
        using HttpClient client = await host.Pages.SignedIn(Role.Operator);
        string ct = Directory.GetFiles(host.Source, "sub-verse912*_ct.nii.gz", SearchOption.AllDirectories).Single();
        string mask = Directory.GetFiles(host.Source, "sub-verse912*_msk.nii.gz", SearchOption.AllDirectories).Single();
        Assert.NotEmpty(await Unpacked(client, Ct));

        byte[] changed = File.ReadAllBytes(ct);
        changed[^20] ^= 1;
        File.WriteAllBytes(ct, changed);
        Assert.Equal((HttpStatusCode.Conflict, "SRC_CHANGED"), await Refusal(client, Ct));
        File.WriteAllText(ct, "no volume at all");
        Assert.Equal((HttpStatusCode.Conflict, "GZ_NOT_GZIP"), await Refusal(client, Ct));
        File.Delete(ct);
        Assert.Equal((HttpStatusCode.NotFound, "SRC_GONE"), await Refusal(client, Ct));
        File.Delete(mask);
        Directory.Delete(Path.GetDirectoryName(mask)!, recursive: true);
        Assert.Equal((HttpStatusCode.NotFound, "SRC_GONE"), await Refusal(client, Mask));

        // the page still tells what was measured
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/pipelines/a/viewer/" + Other, Token)).StatusCode);
    }

    [Fact]
    public async Task So_many_volumes_are_on_their_way_and_no_more()
    {
        using HttpClient client = await host.Pages.SignedIn(Role.Operator);
        ConcurrencyLimiter streams = host.Pages.Services.GetRequiredService<ViewerAnswers>().Streams;
        using (RateLimitLease under = await streams.AcquireAsync(ViewerAnswers.MostStreams, Token))
        {
            Task<byte[]> waits = Unpacked(client, Mask);
            while (streams.GetStatistics()!.CurrentQueuedCount == 0) await Task.Delay(10, Token);
            Task<RateLimitLease> others = streams.AcquireAsync(ViewerAnswers.MostStreams, Token).AsTask();
            ValueTask<RateLimitLease>[] queue =
                [.. Enumerable.Range(0, ViewerAnswers.MostWaiting - ViewerAnswers.MostStreams).Select(_ => streams.AcquireAsync(1, Token))];
            Assert.Equal((HttpStatusCode.TooManyRequests, "SRC_BUSY"), await Refusal(client, Mask));
            under.Dispose();
            Assert.NotEmpty(await waits);
            (await others).Dispose();
            foreach (ValueTask<RateLimitLease> each in queue) (await each).Dispose();
        }
        // and one who leaves gives way
        for (int each = 0; each < 3 * ViewerAnswers.MostStreams; each++)
            (await client.GetAsync(Ct, HttpCompletionOption.ResponseHeadersRead, Token)).Dispose();
        Assert.NotEmpty(await Unpacked(client, Mask));
    }

    [Fact]
    public async Task In_a_browser_all_goes_by_keyboard_and_nothing_goes_elsewhere()
    {
        Assert.SkipUnless(Chromium.IsHere, "no Chromium here");
        await using Chromium browser = await Chromium.Start(1280, 900);
        await browser.Open(new Uri(host.Pages.Url, Page));
        await browser.Until("document.forms.length === 1 && document.readyState === 'complete'");
        await browser.Value("document.forms[0].elements.account.value = 'operator'");
        await browser.Value($"document.forms[0].elements.password.value = '{host.Pages.OperatorPassword}'");
        await browser.Value("document.forms[0].submit()");
        await browser.Until("document.querySelector('main')?.dataset.shown === 'ct.nii.gz mask.nii.gz'");
        VertebraRow row = (await Vertebrae()).OrderBy(vertebra => vertebra.AnatomicalOrder).First();

        // to the first vertebra and there
        await browser.Value("document.querySelector('input[name=space]').focus()");
        await browser.Press("Tab");
        Assert.Equal(row.Vertebra, await browser.Value("document.activeElement.textContent.trim()"));
        await browser.Press("Enter");
        string place = await browser.Value("document.querySelector('.place').textContent");
        Assert.StartsWith(Invariant($"x {row.CentroidXMm:0.0} y {row.CentroidYMm:0.0} z {row.CentroidZMm:0.0} mm ·"), place, StringComparison.Ordinal);
        Assert.Equal(row.Vertebra, await browser.Value("document.querySelector('tr.here').dataset.name"));
        Assert.Contains($" {await HuAt(new(row.CentroidXMm, row.CentroidYMm, row.CentroidZMm))} HU", place, StringComparison.Ordinal);

        // and on by a voxel upwards: the cross hair itself was there
        await browser.Value("document.querySelector('canvas').focus()");
        await browser.Press("ArrowUp");
        string[] above = (await browser.Value("document.querySelector('.place').textContent")).Split(' ');
        Assert.InRange(Mm(1) - row.CentroidXMm, -2, 2);
        Assert.InRange(Mm(3) - row.CentroidYMm, -2, 2);
        Assert.InRange(Mm(5) - row.CentroidZMm, 0.1, 4);

        Assert.Empty(browser.Complaints);
        Assert.Contains(new Uri(host.Pages.Url, Ct).ToString(), browser.Requests);
        Assert.All(browser.Requests, address => Assert.True(address.StartsWith(host.Pages.Url.ToString(), StringComparison.Ordinal)
            || address.StartsWith("data:", StringComparison.Ordinal), address));

        double Mm(int word) => double.Parse(above[word], CultureInfo.InvariantCulture);
    }

    private async Task<int> HuAt(Vector3d mm)
    {
        using HttpClient client = await host.Pages.SignedIn(Role.Operator);
        byte[] ct = await Unpacked(client, Ct);
        VoxelGrid grid = NiftiHeader.Parse(ct, new()).Grid;
        Vector3d at = grid.Affine.Invert(mm);
        return BitConverter.ToInt16(ct, 352 + 2 * (int)grid.Shape.LinearIndex((int)Math.Round(at.X), (int)Math.Round(at.Y), (int)Math.Round(at.Z)));
    }

    private async Task<IReadOnlyList<VertebraRow>> Vertebrae() =>
        await Warehouse.ReadTable(Warehouse.OpenForReading(Path.Join(host.Pages.Folder, "w")).Current!, PublishedSchema.Vertebrae, Key, Token);

    private static async Task<(HttpStatusCode Status, string Code)> Refusal(HttpClient client, string path)
    {
        using HttpResponseMessage answer = await client.GetAsync(path, Token);
        string text = await answer.Content.ReadAsStringAsync(Token);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
        return (answer.StatusCode, text.Split(':')[0]);
    }

    private static async Task<byte[]> Unpacked(HttpClient client, string path) => Unpacked(await client.GetByteArrayAsync(path, Token));

    private static byte[] Unpacked(byte[] gzip)
    {
        using GZipStream packed = new(new MemoryStream(gzip), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        packed.CopyTo(bytes);
        return bytes.ToArray();
    }
}
