using System.Net;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving.Viewer;

public sealed class UnreadableSourceTests
{
    private const string Ct = "/pipelines/a/ct/verse19/training/sub-verse902";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_that_cannot_be_listed_is_told_with_a_code_until_it_is_back()
    {
        using SmallDataset dataset = new();
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        using HttpClient client = await pages.SignedIn(Role.Viewer);
        string elsewhere = dataset.Sound + "-elsewhere";
        Directory.Move(dataset.Sound, elsewhere);

        using (HttpResponseMessage answer = await client.GetAsync(Ct, Token))
        {
            string text = await answer.Content.ReadAsStringAsync(Token);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "SRC_UNAVAILABLE"), (answer.StatusCode, text.Split(':')[0]));
            Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
        }
        Assert.Contains(pages.Log, line => line.Contains("cannot be read", StringComparison.Ordinal));

        Directory.Move(elsewhere, dataset.Sound);
        using HttpResponseMessage back = await client.GetAsync(Ct, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }
}
