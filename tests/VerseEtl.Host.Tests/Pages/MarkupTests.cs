using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace VerseEtl.Host.Tests.Pages;

/// <summary>What a browser reads is written in components and in files of `wwwroot`, where the compiler encodes and a reader can read it.</summary>
public sealed partial class MarkupTests
{
    private const int LongestLine = 160;

    /// <summary>How a stored web page is recognised, where a scan was expected.</summary>
    private static readonly string[] Recognised = ["<!doctype html", "<html"];

    /// <summary>Of others, as they come.</summary>
    private static readonly string[] Vendored = ["src/Host/wwwroot/niivue/niivue.umd.js"];

    [Fact]
    public void No_text_in_code_holds_markup_or_style()
    {
        IEnumerable<string> found = Sources("cs").Select(file => (file, Repository.Text(file)))
            .Concat(Sources("razor").Select(file => (file, CodeOf(Repository.Text(file)))))
            .SelectMany(source => Texts(source.Item2).Where(IsMarkup).Except(Recognised).Select(text => $"{source.file}: {text}"));
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("""string a = "<td class=\"l\">" + b;""", true)]
    [InlineData("""string a = $"{b}</td>";""", true)]
    [InlineData("""string a = @"<br/>";""", true)]
    [InlineData(""""string a = """<svg viewBox="0 0 1 1">""";"""", true)]
    [InlineData("""ReadOnlySpan<byte> a = "<p>"u8;""", true)]
    [InlineData("""string a = "<!-- b -->";""", true)]
    [InlineData("""string a = "p { color: red; }";""", true)]
    [InlineData("""string a = $"p {{ color: {b}; }}";""", true)]
    [InlineData("""List<a> b = c < d ? e : "sub-<id>_ct.nii.gz, x < y, <= 3";""", false)]
    [InlineData("""string a = $"{b:0.0}; {c,3:x2}; {{path: b}}"; // <b>not a text</b>""", false)]
    public void Markup_and_style_in_a_text_would_be_found(string code, bool found) => Assert.Equal(found, Texts(code).Any(IsMarkup));

    [Fact]
    public void Only_our_own_style_sheets_become_markup_as_they_stand()
    {
        IEnumerable<string> found = Sources("cs").Concat(Sources("razor")).Where(file => AsItStandsPattern().IsMatch(Repository.Text(file)));
        Assert.Equal(["src/Host/Pages/InlineStyle.razor"], found);
    }

    [Fact]
    public void Lines_of_pages_can_be_read()
    {
        IEnumerable<string> found = new[] { "razor", "css", "js" }.SelectMany(Sources).Except(Vendored)
            .SelectMany(file => Repository.Text(file).Split('\n').Where(line => line.Length > LongestLine).Select(line => $"{file}: {line}"));
        Assert.Empty(found);
    }

    private static IEnumerable<string> Sources(string extension) =>
        Directory.EnumerateFiles(Path.Join(Repository.Root, "src"), "*." + extension, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)).Order(StringComparer.Ordinal);

    /// <summary>The block at a component's end, as a class.</summary>
    private static string CodeOf(string component) =>
        component.IndexOf("\n@code", StringComparison.Ordinal) is int at and >= 0 ? "class Component" + component[(at + 6)..] : "";

    /// <summary>Of each literal; an interpolated one with its holes filled.</summary>
    private static IEnumerable<string> Texts(string code)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(code).GetRoot();
        return root.DescendantTokens().Where(token => IsText(token.Kind())).Select(token => token.ValueText)
            .Concat(root.DescendantNodes().OfType<InterpolatedStringExpressionSyntax>().Select(text => string.Concat(text.Contents.Select(Filled))));
    }

    private static string Filled(InterpolatedStringContentSyntax part) => part is InterpolatedStringTextSyntax text ? text.TextToken.ValueText : "0";

    private static bool IsText(SyntaxKind kind) => kind is SyntaxKind.StringLiteralToken or SyntaxKind.Utf8StringLiteralToken
        or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.Utf8SingleLineRawStringLiteralToken
        or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken;

    private static bool IsMarkup(string text) => ElementPattern().IsMatch(text) || RulePattern().IsMatch(text);

    [GeneratedRegex("</|<!|<(a|article|b|body|br|button|circle|code|dd|details|div|dl|dt|em|footer|form|g|h[1-6]|head|header|html|i|img|input|"
        + "label|li|line|link|main|meta|nav|noscript|ol|option|p|path|polyline|pre|progress|rect|script|section|select|small|span|strong|style|sub|"
        + "summary|sup|svg|table|tbody|td|text|th|thead|title|tr|ul)\\b", RegexOptions.IgnoreCase)]
    private static partial Regex ElementPattern();

    [GeneratedRegex("\\{\\s*[a-z-]+\\s*:[^;]*;")]
    private static partial Regex RulePattern();

    [GeneratedRegex("\\b(MarkupString|AddMarkupContent)\\b")]
    private static partial Regex AsItStandsPattern();
}
