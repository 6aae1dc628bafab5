using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using VerseEtl.Host.Pages;

namespace VerseEtl.Host.Tests.Pages;

public sealed class PageRendererTests
{
    private const string Hostile = "<script>alert(1)</script>\"'&";

    [Fact]
    public async Task A_number_is_the_same_text_under_every_culture_and_the_caller_keeps_its_own()
    {
        CultureInfo foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone(), before = CultureInfo.CurrentCulture;
        (foreign.NumberFormat.NumberDecimalSeparator, foreign.NumberFormat.NegativeSign) = (",", "minus ");
        CultureInfo.CurrentCulture = foreign;
        try
        {
            Assert.Equal("<p title=\"-1.5\">-1.5</p>", await Paragraph(-1.5));
            Assert.Same(foreign, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task A_text_is_encoded_within_elements_and_attributes()
    {
        string encoded = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;";
        Assert.Equal($"<p title=\"{encoded}\">{encoded}</p>", await Paragraph(Hostile));
    }

    private static Task<string> Paragraph(object value) => PageRenderer.Render<Shown>(new() { [nameof(Shown.Value)] = value });

    private sealed class Shown : ComponentBase
    {
        [Parameter] public object? Value { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "p");
            builder.AddAttribute(1, "title", Value);
            builder.AddContent(2, Value);
            builder.CloseElement();
        }
    }
}
