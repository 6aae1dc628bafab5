using System.Security.Cryptography;
using System.Text.RegularExpressions;
using VerseEtl.Host.Tests.Commands;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;

namespace VerseEtl.Host.Tests.Releases;

/// <summary>A warehouse whose numbers are higher than this build knows is refused by every command, in one line, and nothing of it is touched.</summary>
public sealed partial class NewerWarehouseTests : IDisposable
{
    private readonly KeptWarehouse _kept = new("0.1.0");

    public static TheoryData<string> Commands =>
    [
        "run -s {0}/s -o {1}", "plan -s {0}/s -o {1}", "measure -s {0}/s -o {1}", "snapshots -w {1}", "snapshots verify -w {1}", "snapshots prune -w {1}",
        "snapshots tag paper 1 -w {1}", "snapshots untag paper -w {1}", "path vertebrae -w {1}", "export scans -w {1}", "diff 1 2 -w {1}", "audit -w {1}",
        "runs -w {1}", "findings -w {1}", "report sub-verse901 -o {0}/r.html -w {1}", "gc -w {1}", "gc --yes -w {1}", "rollback 1 -w {1}", "release -w {1}",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_higher_format_is_refused_in_one_line(string line)
    {
        Directory.CreateDirectory(Path.Join(_kept.Beside, "s", "dataset-verse19training"));
        SealedFile.Change(NewestCommit, text => text.Replace("{", "{\n  \"format\": 99,", StringComparison.Ordinal));
        string[] before = _kept.Everything();
        (int code, string output, string error) = await CommandLineTests.Invoke(string.Format(Invariant, line, _kept.Beside, _kept.Root));
        string[] told = [.. (output + error).Split('\n').Where(each => each.Contains("VERSION_NEWER", StringComparison.Ordinal))];
        Assert.Contains("with format 99, this build knows 2; upgrade it or use another directory", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Equal(before, _kept.Everything());
    }

    [Fact]
    public async Task A_commit_of_another_shape_is_newer_and_not_damaged()
    {
        SealedFile.Change(NewestCommit, text => Shape().Replace(text, "\"format\": 99,\n  \"tree\": [],"));
        Assert.Equal(ExitCode.Configuration, (await _kept.Invoke("snapshots")).Code);
        Assert.Equal("VERSION_NEWER", Assert.Throws<WarehouseRefusedException>(() => Warehouse.Open(_kept.Root)).Code);
    }

    [Fact]
    public async Task A_higher_schema_is_refused_for_reading_too()
    {
        RaiseSchema(NewestCommit);
        (int code, string output, string error) = await _kept.Invoke("export scans");
        Assert.Equal((ExitCode.Configuration, ""), (code, output));
        Assert.Contains(System.FormattableString.Invariant($"with table schema 99, this build knows {PublishedSchema.Version}; upgrade it"), error,
            StringComparison.Ordinal);
        Assert.Throws<WarehouseRefusedException>(() => Warehouse.Open(_kept.Root));
    }

    /// <summary>As after a rollback, by a newer build, to what an older one wrote.</summary>
    [Fact]
    public async Task Of_a_warehouse_with_an_older_current_snapshot_only_the_newer_one_is_refused()
    {
        // commit 2 is the parent of 3, which names its hash
        string second = Commit(2), before = HashOf(second);
        RaiseSchema(second);
        SealedFile.Change(NewestCommit, text => text.Replace(before, HashOf(second), StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, (await _kept.Invoke("export scans")).Code);
        (int code, _, string error) = await _kept.Invoke("export scans --sequence 2");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("VERSION_NEWER", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_of_the_ledger_with_more_in_it_is_read()
    {
        string newest = Directory.GetFiles(Path.Join(_kept.Root, "runs"), "*.json").Max(StringComparer.Ordinal)!;
        SealedFile.Change(newest, text => text.Replace("\"rolled back\"", "\"dreamt\"", StringComparison.Ordinal)
            .Replace("{", "{\n  \"more\": [1],", StringComparison.Ordinal));
        (int code, string output, string error) = await _kept.Invoke("runs");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Contains("dreamt", output, StringComparison.Ordinal);
    }

    public void Dispose() => _kept.Dispose();

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;

    private string NewestCommit => Commit(3);

    private string Commit(int sequence) => Path.Join(_kept.Root, "commits", System.FormattableString.Invariant($"{sequence:D10}.json"));

    private void RaiseSchema(string commit)
    {
        string name = SnapshotName().Match(File.ReadAllText(commit)).Groups[1].Value, manifest = Path.Join(_kept.Root, "snapshots", name, "manifest.json");
        string before = HashOf(manifest);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"schema_version\": 1", "\"schema_version\": 99", StringComparison.Ordinal));
        SealedFile.Change(commit, text => text.Replace(before, HashOf(manifest), StringComparison.Ordinal));
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));

    [GeneratedRegex("\"snapshot\": \"([^\"]+)\"")]
    private static partial Regex SnapshotName();

    [GeneratedRegex("\"manifest_sha256\": [^,]*,")]
    private static partial Regex Shape();
}
