using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Tests.Findings;

public sealed class FindingTests
{
    private static readonly Fault Fault = new("T_EST", Severity.Warning, "it is odd", "look at it");
    private static readonly ScanKey Scan = new("verse19", "test", "sub-a");

    [Fact]
    public void The_message_says_what_where_and_what_to_do()
    {
        Assert.Equal("it is odd; look at it", Finding.Of(Fault).Message);
        Assert.Equal("it is odd (dim, label 20): found 3, expected 4 in a/b.json; look at it",
            Finding.Of(Fault, new(Scan, "a/b.json", "dim", 20), "3", "4").Message);
        Assert.Equal("it is odd (dim): expected 4 in verse19/test/sub-a; look at it", Finding.Of(Fault, new(Scan, Field: "dim"), expected: "4").Message);
        Assert.Equal("it is odd (label 20): found 3; look at it", Finding.Of(Fault, new(Label: 20), "3").Message);
    }

    [Fact]
    public void A_row_names_the_scan_and_takes_the_severity_of_the_fault_or_of_the_moment()
    {
        Finding finding = Finding.Of(Fault, new(Scan, "p", "f", 20), "o", "e");
        Assert.Equal(("T_EST", Severity.Warning), (finding.Code, finding.Severity));
        Assert.Equal(("verse19/test/sub-a", "verse19", "test", "sub-a"), (finding.ScanKey, finding.Dataset, finding.Split, finding.ScanId));
        Assert.Equal(("p", "f", "o", "e", 20), (finding.Path, finding.Field, finding.Observed, finding.Expected, finding.Label));
        Assert.Equal(Severity.Error, Finding.Of(Fault, severity: Severity.Error).Severity);
    }

    [Theory]
    [InlineData(366, 400, false)]
    [InlineData(367, 400, true)]
    [InlineData(5000, 400, true)]
    public void A_message_is_cut_in_its_middle_so_that_what_to_do_stays(int observed, int length, bool cut)
    {
        string message = Finding.Of(Fault, new(Path: "p"), new string('x', observed)).Message;
        Assert.Equal((length, cut), (message.Length, message.Contains("...", StringComparison.Ordinal)));
        Assert.EndsWith(cut ? "...; look at it" : "x in p; look at it", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain, Umlaut \u00e4, \u6f22, \ud83d\ude00!", "plain, Umlaut \u00e4, \u6f22, \ud83d\ude00!")]
    [InlineData("a\nb", "a\\u000ab")]
    [InlineData("\u001b[31m", "\\u001b[31m")]
    [InlineData("a\u2028\u2029b", "a\\u2028\\u2029b")]
    [InlineData("\ufeffa", "\\ufeffa")]
    [InlineData("\u200d\u200e\u200f\u2010", "\u200d\\u200e\\u200f\u2010")]
    [InlineData("\u2029\u202a\u202e\u202f", "\\u2029\\u202a\\u202e\u202f")]
    [InlineData("\u2065\u2066\u2069\u206a", "\u2065\\u2066\\u2069\u206a")]
    [InlineData("\n\ud83d\ude00z", "\\u000a\ud83d\ude00z")]
    public void What_would_forge_a_line_is_written_out(string text, string expected)
    {
        Assert.Equal(expected, Finding.OneLine(text));
        Finding finding = Finding.Of(Fault, new(Path: text), text, text);
        Assert.Equal((expected, expected, expected), (finding.Path, finding.Observed, finding.Expected));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_written_out()
    {
        Assert.Equal(["a\\ud83db", "\\ude00\ud83d\ude00", "a\\ud83d"], new[] { "a\ud83db", "\ude00\ud83d\ude00", "a\ud83d" }.Select(Finding.OneLine));
    }

    [Fact]
    public void Rows_sort_by_code_scan_path_label_field_each_with_null_first_then_by_severity_and_message()
    {
        Finding[] ascending =
        [
            Row("A", null, null, null, null), Row("A", null, null, null, "f"), Row("A", null, null, 1, null), Row("A", null, "p", null, null),
            Row("A", "s", null, null, null), Row("A", "s", "P", 28, "g"), Row("A", "s", "p", null, "g"), Row("A", "s", "p", 2, "a"), Row("A", "s", "p", 2, "b"),
            Row("A", "s", "p", 10, "a"), Row("B", null, null, null, null) with { Severity = Severity.Error, Message = "z" },
            Row("B", null, null, null, null) with { Severity = Severity.Warning, Message = "y" }, Row("B", null, null, null, null),
            Row("B", null, null, null, null) with { Message = "Z" }, Row("B", null, null, null, null) with { Message = "a" },
        ];
        for (int a = 0; a < ascending.Length; a++)
            for (int b = 0; b < ascending.Length; b++) Assert.Equal(a.CompareTo(b), Math.Sign(Finding.CompareByKey(ascending[a], ascending[b])));
    }

    private static Finding Row(string code, string? scan, string? path, int? label, string? field) =>
        new() { Code = code, Severity = Severity.Info, ScanKey = scan, Path = path, Label = label, Field = field, Message = "" };
}
