using System.Text;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Tests.Flow;

public sealed class KnownReportTests : IDisposable
{
    private const string Source = "/data/verse", Odd = "\"ä\\ \u2028 <é>\n\U0001F9B4";
    private const int DigestLength = 64;

    private static readonly RunReport Least = new()
    {
        Pipeline = "p", RunId = "r", ExitCode = 0, Ending = RunEnding.Published, Warehouse = "/w", Source = Source,
    };

    private static readonly RunReport Full = Least with
    {
        ScansFound = 99,
        ScansOk = 1,
        ScansWarning = 2,
        ScansFailed = 3,
        ScansExcluded = 4,
        Failed = [new("k1", "NII_A"), new(Odd, "")],
        Rows = new Dictionary<string, int> { ["vertebrae"] = 5, [Odd] = int.MaxValue },
        Findings = [new("NII_A", Severity.Error, 6, Odd), new("NII_A", Severity.Warning, 7, ""), new("NII_B", Severity.Info, 8, "e")],
    };

    private readonly TempFolder _temp = new();

    private string Kept => ScanIndex.PathOf(_temp.Path, Source, ".report");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void What_is_kept_is_read_again()
    {
        Assert.Null(Read());
        Keep(Full);
        KnownReport known = Read()!;
        Assert.Equal(("inputs", "options"), (known.InputDigest, known.OptionsDigest));
        RunReport told = known.In(Least with { ScansFound = 99 });
        Assert.Equivalent(Full, told, strict: true);
        Assert.Null(KnownReport.Read(_temp.Path, Source + "2"));
    }

    [Fact]
    public void A_report_of_nothing_takes_the_place_of_what_was_kept()
    {
        Keep(Full);
        Keep(Least);
        Assert.Equivalent(Least, Read()!.In(Full with { ScansFound = 0 }), strict: true);
    }

    [Fact]
    public void What_changed_since_the_snapshot_before_is_not_kept()
    {
        FindingCount other = new("NII_A", Severity.Info, 1, "e");
        string[] changes = [Faults.DriftScans.Code, Faults.DriftStatistic.Code];
        Keep(Least with { Findings = [.. changes.Select(code => new FindingCount(code, Severity.Warning, 1, "d")), other] });
        Assert.Equal([other], Read()!.Findings);
    }

    [Fact]
    public void A_damaged_file_is_as_none()
    {
        Keep(Full);
        byte[] whole = File.ReadAllBytes(Kept);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Kept, whole[..length]);
            Assert.Null(Read());
        }
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 1;
            File.WriteAllBytes(Kept, damaged);
            Assert.Null(Read());
        }
        File.Delete(Kept);
        Directory.CreateDirectory(Kept);
        Assert.Null(Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"input_digest\":")]
    public void A_file_of_another_form_whose_digest_is_right_is_as_none(string text)
    {
        Seal(text);
        Assert.Null(Read());
    }

    [Theory]
    [InlineData("\"input_digest\"", "\"inputs\"")]
    [InlineData("\"options_digest\":\"options\"", "\"options_digest\":null")]
    [InlineData("\"options_digest\":\"options\"", "\"options_digest\":3")]
    [InlineData("\"options_digest\":\"options\"", "\"options_digest\":\"\\ud800\"")]
    [InlineData("\"scans_ok\":1", "\"scans_ok\":\"1\"")]
    [InlineData("\"scans_warning\":2", "\"scans_warning\":2.5")]
    [InlineData("\"scans_failed\":3", "\"scans_failed\":4294967299")]
    [InlineData("\"scans_excluded\":4", "\"scans_excluded\":1e99")]
    [InlineData("\"failed\":[", "\"failed\":[7,")]
    [InlineData("\"failed\":[", "\"failed\":{},\"f\":[")]
    [InlineData("\"rows\":{", "\"rows\":[],\"r\":{")]
    [InlineData("\"vertebrae\":5", "\"vertebrae\":null")]
    [InlineData("\"vertebrae\":5", "\"vertebrae\":5.5")]
    [InlineData("\"vertebrae\":5", "\"vertebrae\":4294967301")]
    [InlineData("\"severity\":\"Info\"", "\"severity\":\"Grave\"")]
    [InlineData("\"severity\":\"Info\"", "\"severity\":\"99999999999\"")]
    [InlineData("\"severity\":\"Info\"", "\"severity\":\"7\"")]
    [InlineData("\"count\":8", "\"count\":true")]
    [InlineData("\"example\":\"e\"", "\"x\":1")]
    public void A_file_with_other_members_whose_digest_is_right_is_as_none(string member, string other)
    {
        Keep(Full);
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(Kept).AsSpan(DigestLength));
        Assert.Contains(member, text, StringComparison.Ordinal);
        Seal(text.Replace(member, other, StringComparison.Ordinal));
        Assert.Null(Read());
    }

    [Fact]
    public void Members_of_a_newer_version_are_passed_over()
    {
        Keep(Full);
        string text = Encoding.UTF8.GetString(File.ReadAllBytes(Kept).AsSpan(DigestLength));
        Seal(text.Replace("{\"input_digest\"", "{\"later\":[{}],\"input_digest\"", StringComparison.Ordinal));
        Assert.Equivalent(Full, Read()!.In(Full), strict: true);
    }

    private void Keep(RunReport report) => KnownReport.Keep(_temp.Path, report, "inputs", "options");

    private KnownReport? Read() => KnownReport.Read(_temp.Path, Source);

    private void Seal(string text) => File.WriteAllText(Kept, Sha256.Of(Encoding.UTF8.GetBytes(text)) + text);
}
