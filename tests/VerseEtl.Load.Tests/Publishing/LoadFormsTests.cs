using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>What is written member by member are the bytes of the serializer, and is read again as it was.</summary>
public sealed class LoadFormsTests
{
    private const string Odd = "\"ä\\ \u2028 <é>\n\U0001F9B4";
    private static readonly DateTimeOffset Time = new(2026, 11, 28, 17, 5, 4, 123, 400, TimeSpan.Zero);

    [Fact]
    public void A_commit()
    {
        Commit least = new() { Format = 2, Sequence = 1, RunId = Odd, Snapshot = "s", ManifestSha256 = "ab", CommittedUtc = Time };
        Same(least, LoadForms.Commit);
        DamagedFile[] mends = [new(3, "vertebrae/1.parquet", Odd), new(4, "x", "y") { MendedBy = 5 }];
        Same(least with { RunKey = Odd, Parent = long.MaxValue, ParentSha256 = "cd", RolledBackTo = 7, Mends = mends }, LoadForms.Commit);
    }

    [Fact]
    public void A_manifest()
    {
        Manifest least = new()
        {
            SchemaVersion = 9, CodeVersion = Odd, InputDigest = "i", OptionsDigest = "o", ScansFound = 10, ScansOk = 1, ScansWarning = 2, ScansFailed = 4,
            Files = [],
        };
        Same(least, LoadForms.Manifest);
        ClinicalDeclaration clinical = new([new("a.csv", null)], [new("age", "integer", Odd) { File = "a.csv", Header = "Age" }]);
        Same(least with
        {
            ScansExcluded = 3,
            License = "CC",
            Source = Odd,
            Citations = ["one", Odd],
            Changes = "c",
            Clinical = clinical,
            Files = [new("scans/1.parquet", 12, "ef", 5), new("audit.html", 1L << 40, "01", null)],
        }, LoadForms.Manifest);
    }

    [Fact]
    public void An_entry_of_the_ledger()
    {
        RunRecord least = new() { RunId = "r", StartedUtc = Time, Outcome = RunEnding.Unfinished };
        Same(least, LoadForms.Run);
        Same(least with
        {
            RunKey = "k",
            Pipeline = Odd,
            EndedUtc = Time.AddSeconds(1),
            Outcome = RunEnding.Of(Odd),
            ExitCode = 10,
            Sequence = 3,
            ScansFound = 1,
            ScansOk = 2,
            ScansWarning = 3,
            ScansFailed = 4,
            ScansExcluded = 5,
            ScansMeasured = 6,
            By = Odd,
            CurrentSequence = 8,
            Findings = new(9, "ab"),
            Code = "C",
            Message = Odd,
        }, LoadForms.Run);
    }

    [Fact]
    public void What_is_proven()
    {
        Same(new Proven(0, new Dictionary<long, DateTimeOffset>()), LoadForms.Proven);
        Same(new Proven(12, new SortedDictionary<long, DateTimeOffset> { [3] = Time, [12] = Time.AddTicks(1) }), LoadForms.Proven);
    }

    [Fact]
    public void A_line_of_the_journal()
    {
        Finding least = new() { Code = "A", Severity = Severity.Warning, Message = Odd };
        Finding full = new()
        {
            Code = "B", Severity = Severity.Error, ScanKey = "k", Dataset = "d", Split = "s", ScanId = "i", Label = 20, Path = Odd, Field = "f", Observed = "o",
            Expected = "e", Message = "m",
        };
        foreach (RunNote note in new RunNote[] { new(), new() { Phase = Odd }, new() { Scans = 3, ScanKey = Odd, Status = "ok", Findings = [least, full] } })
            Assert.Equal(JsonSerializer.Serialize(note, JournalJson.Default.RunNote), Encoding.UTF8.GetString(JournalLine.Of(note)));
    }

    [Fact]
    public void Of_an_older_version_what_lacks_is_as_it_was_then()
    {
        Commit commit = new() { Format = 2, Sequence = 1, RunId = "r", Snapshot = "s", ManifestSha256 = "ab", CommittedUtc = Time };
        Assert.Equal(commit with { Format = 1 }, LoadForms.Commit.Read(Without(LoadForms.Commit.Write(commit), "format")));
        Manifest manifest = new()
        {
            SchemaVersion = 9, CodeVersion = "c", InputDigest = "i", OptionsDigest = "o", ScansFound = 4, ScansOk = 1, ScansWarning = 2, ScansFailed = 1,
            ScansExcluded = 3, Files = [],
        };
        Manifest older = LoadForms.Manifest.Read(Without(LoadForms.Manifest.Write(manifest), "scans_excluded", "citations"));
        Assert.Equal(0, older.ScansExcluded);
        Assert.Empty(older.Citations);
    }

    [Fact]
    public void Members_of_a_newer_version_are_passed_over_and_one_that_lacks_is_none()
    {
        string text = Encoding.UTF8.GetString(LoadForms.Proven.Write(new Proven(3, new Dictionary<long, DateTimeOffset>())));
        Assert.Equal(3, LoadForms.Proven.Read(Encoding.UTF8.GetBytes(text.Replace("{\n", "{\n  \"later\": [{}],\n", StringComparison.Ordinal))).Newest);
        Assert.Throws<JsonException>(() => LoadForms.Proven.Read(Encoding.UTF8.GetBytes(text.Replace("newest", "oldest", StringComparison.Ordinal))));
        Assert.Throws<JsonException>(() => LoadForms.Proven.Read(Encoding.UTF8.GetBytes(text.Replace("3", "null", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("\"exit_code\": 10", "\"exit_code\": 4294967306")]
    [InlineData("\"rows\": 9", "\"rows\": 4294967305")]
    [InlineData("\"rows\": 9", "\"rows\": 9.5")]
    [InlineData("\"sequence\": 3", "\"sequence\": 18446744073709551619")]
    public void A_number_that_does_not_fit_is_refused_rather_than_another_one(string member, string other)
    {
        RunRecord run = new() { RunId = "r", StartedUtc = Time, Outcome = RunEnding.Published, ExitCode = 10, Sequence = 3, Findings = new(9, "ab") };
        string text = Encoding.UTF8.GetString(LoadForms.Run.Write(run));
        Assert.Contains(member, text, StringComparison.Ordinal);
        Assert.Throws<JsonException>(() => LoadForms.Run.Read(Encoding.UTF8.GetBytes(text.Replace(member, other, StringComparison.Ordinal))));
    }

    private static byte[] Without(byte[] written, params string[] members)
    {
        JsonNode json = JsonNode.Parse(written)!;
        foreach (string member in members) Assert.True(json.AsObject().Remove(member));
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static void Same<T>(T value, JsonForm<T> form) where T : class
    {
        JsonTypeInfo<T> type = form.Type();
        string written = Encoding.UTF8.GetString(form.Write(value));
        Assert.Equal(Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(value, type)), written);
        Assert.Equal(written, Encoding.UTF8.GetString(form.Write(form.Read(Encoding.UTF8.GetBytes(written)))));
        SealedValue<T> read = SealedJson.Read(SealedJson.Write(value, form), form);
        Assert.True(read.IsSealed);
        Assert.Equal(written, Encoding.UTF8.GetString(form.Write(read.Value!)));
    }
}
