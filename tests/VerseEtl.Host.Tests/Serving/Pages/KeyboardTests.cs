using Microsoft.Extensions.DependencyInjection;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Serving.Access;

namespace VerseEtl.Host.Tests.Serving.Pages;

public sealed class KeyboardTests(SmallDataset dataset)
{
    [Fact(Explicit = true)]
    public async Task An_operator_gets_from_the_page_to_a_run_and_its_end_by_keys_alone_and_keeps_their_place_when_the_page_renews_itself()
    {
        Assert.SkipUnless(Chromium.IsHere, "no Chromium here");
        await using ServedPages pages = await ServedPages.Start(dataset.Sound);
        await using Chromium browser = await Chromium.Start(1280, 900);
        await browser.Open(pages.Url);
        await browser.Until("document.querySelector('[name=password]') !== null");
        foreach ((string field, string value) in new[] { ("account", Role.Operator), ("password", pages.OperatorPassword) })
            await browser.Value($"document.querySelector('[name={field}]').value = '{value}'");
        await browser.Press("Enter");
        await browser.Until("document.getElementById('run-a') !== null");
        await Reach("document.activeElement?.id === 'run-a'");
        await browser.Press("Enter");
        await browser.Until("document.querySelector('button.do') !== null");
        await Reach("document.activeElement?.matches('button.do')");
        await browser.Press("Enter");
        await browser.Until("/^\\/pipelines\\/a\\/runs\\//.test(location.pathname) && document.querySelector('.verdict')?.textContent.startsWith('Unchanged')");

        RunningPipelines running = pages.Services.GetRequiredService<RunningPipelines>();
        using (RunningPipelines.Entry entry = running.TryEnter("a", "another")!)
        {
            await browser.Open(pages.Url);
            await browser.Until("document.getElementById('cancel-a') !== null");
            await Reach("document.activeElement?.id === 'cancel-a'");
            await browser.Value("document.getElementById('cancel-a').dataset.old = 1");
            await browser.Until("document.getElementById('cancel-a').dataset.old === undefined");
            Assert.Equal("cancel-a", await browser.Value("document.activeElement?.id"));
            await browser.Press("Enter");
            await browser.Until("document.querySelector('button.grave') !== null");
            await Reach("document.activeElement?.matches('button.grave')");
            await browser.Press("Enter");
            await browser.Until("/^\\/pipelines\\/a\\/runs\\//.test(location.pathname)");
            Assert.Equal(Role.Operator, entry.CancelledBy);
        }
        Assert.Empty(browser.Complaints);

        async Task Reach(string focus)
        {
            for (int tabs = 0; await browser.Value(focus) != "true"; tabs++)
            {
                Assert.True(tabs < 40, $"no key leads to {focus}");
                await browser.Press("Tab");
            }
        }
    }
}
