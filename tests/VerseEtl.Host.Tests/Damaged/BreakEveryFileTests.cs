using System.Text.RegularExpressions;
using VerseEtl.Host.Tests.Commands;

namespace VerseEtl.Host.Tests.Damaged;

/// <summary>
/// Every file of a warehouse, broken in every way, under every command: none gives a wrong answer, and the next run heals. Which file of a
/// kind, and which bit, is left to chance; VERSEETL_LONG=2 tries every file, more try more bits.
/// </summary>
public sealed partial class BreakEveryFileTests(WholeWarehouse whole) : IClassFixture<WholeWarehouse>
{
    private const int Seed = 20261127, OrdinaryCases = 14;

    private static readonly string[] Tables = ["vertebrae", "scans", "pairs", "spines", "label_statistics", "dataset_statistics", "audit"];

    private static readonly string[] Reading =
    [
        "path vertebrae", "path vertebrae --verify", "path scans --sequence 2",
        "export vertebrae --to {out}", "export scans --sequence 1 --to {out}", "audit --json",
        "report sub-verse902 -o {out}", "diff 1 2 --json", "diff 1 3", "snapshots --json",
        "snapshots verify --json", "runs --json", "plan -s {source} -o {warehouse} --json",
    ];

    [Fact]
    public async Task No_command_gives_a_wrong_answer_and_the_next_run_heals()
    {
        string sound = whole.CopyTo("sound");
        Dictionary<string, Answer> expected = [];
        foreach (string line in Reading) expected[line] = await Ask(line, sound);
        Assert.All(expected.Values, answer => Assert.Equal(ExitCode.Done, answer.Code));
        IReadOnlyList<string> tables = await Rows(sound);

        Tally tally = new();
        int number = 0;
        foreach ((Break broken, int seed) in Cases(Break.All(sound)))
        {
            string warehouse = whole.CopyTo($"broken-{number++}"), name = $"{broken.Kind} {broken.File}, seed {seed}";
            broken.Do(warehouse, new Random(seed));
            tally.Warehouses++;
            foreach (string line in Reading) Judge(name, line, broken, expected[line], await Ask(line, warehouse), tally);
            // what lies in an older snapshot is read within days, or at once where it is asked for
            bool quiet = broken.File.StartsWith("snapshots/", StringComparison.Ordinal) && broken.Kind == "flip";
            string run = quiet ? "run --verify" : number % 2 == 0 ? "run --full" : "run";
            await Heals(name, broken, warehouse, run, tables, tally);
            Directory.Delete(warehouse, recursive: true);
        }
        LongRuns.Report(tally.ToString());
        Assert.True(tally.Wrong.Count == 0, string.Join('\n', tally.Wrong.Take(40).Prepend(tally.ToString())));
    }

    /// <summary>Ordinarily one break of each role of a file, then others by chance.</summary>
    private static IEnumerable<(Break Broken, int Seed)> Cases(IReadOnlyList<Break> all)
    {
        if (LongRuns.Factor > 1)
            return Enumerable.Range(1, LongRuns.Factor - 1).SelectMany(round => all.Select((each, at) => (each, (round * 1_000_000) + at)));
        Random random = new(Seed);
        return all.OrderBy(_ => random.Next()).GroupBy(each => each.Role).SelectMany(role => role.Select((each, at) => (each, at))).OrderBy(pair => pair.at)
            .Take(OrdinaryCases).Select(pair => (pair.each, random.Next()));
    }

    private static void Judge(string name, string line, Break broken, Answer expected, Answer answer, Tally tally)
    {
        tally.Commands++;
        if (answer.Text.Contains("   at ", StringComparison.Ordinal)) tally.Wrong.Add($"{name}: {line}: a stack trace");
        if (answer.Code == ExitCode.Integrity) tally.Refused++;
        else if (answer.Code != expected.Code) tally.Wrong.Add($"{name}: {line}: exit {answer.Code}: {answer.Text}");
        else if (answer.Text != expected.Text && !LeavesNoTrace(line, broken))
            tally.Wrong.Add($"{name}: {line}: another answer\n{answer.Text}\ninstead of\n{expected.Text}");
        bool published = broken.File.StartsWith("snapshots/", StringComparison.Ordinal) || broken.File.StartsWith("commits/", StringComparison.Ordinal);
        if (published && line.StartsWith("snapshots verify", StringComparison.Ordinal) && answer.Code != ExitCode.Integrity)
            tally.Wrong.Add($"{name}: not found by {line}");
    }

    /// <summary>
    /// A hold or an entry of the ledger that is gone altogether is as one that was ended or never written; a cache, its pictures among it, tells what
    /// will be measured. A report says that a picture is gone.
    /// </summary>
    private static bool LeavesNoTrace(string line, Break broken) =>
        (broken is { Kind: "delete", File: "hold.json" } && line.StartsWith("snapshots", StringComparison.Ordinal))
        || (broken.Kind == "delete" && broken.File.StartsWith("runs/", StringComparison.Ordinal) && line.StartsWith("runs", StringComparison.Ordinal))
        || ((broken.File.StartsWith("cache/", StringComparison.Ordinal) || broken.File.StartsWith("pictures/", StringComparison.Ordinal))
            && line.StartsWith("plan", StringComparison.Ordinal))
        || (broken.File.StartsWith("pictures/", StringComparison.Ordinal) && line.StartsWith("report", StringComparison.Ordinal));

    private async Task Heals(string name, Break broken, string warehouse, string run, IReadOnlyList<string> tables, Tally tally)
    {
        tally.Commands += 2;
        Answer first = await Ask($"{run} -s {{source}} -o {{warehouse}} -q --json", warehouse),
            second = await Ask("run -s {source} -o {warehouse} -q --json", warehouse);
        if (first.Code != ExitCode.Done) tally.Wrong.Add($"{name}: {run} ends with {first.Code}: {first.Text}");
        if (first.Text.Contains("SNAPSHOT_MENDED", StringComparison.Ordinal)) tally.Mended++;
        if (second.Code != ExitCode.Done || !second.Text.Contains("\"ending\": \"unchanged\"", StringComparison.Ordinal))
            tally.Wrong.Add($"{name}: the run after {run} is not unchanged: {second.Text}");
        foreach (string line in new[] { "path vertebrae --verify", "audit --json", "snapshots --json", "snapshots verify --json", "runs --json" })
        {
            tally.Commands++;
            Answer after = await Ask(line, warehouse);
            if (after.Code != ExitCode.Done) tally.Wrong.Add($"{name}: after {run}, {line} ends with {after.Code}: {after.Text}");
            bool held = after.Text.Contains("rolled back to snapshot 1", StringComparison.Ordinal);
            if (line == "snapshots --json" && held == (broken is { Kind: "delete", File: "hold.json" }))
                tally.Wrong.Add($"{name}: after {run} the hold is {(held ? "back" : "gone")}");
        }
        if (!(await Rows(warehouse)).SequenceEqual(tables)) tally.Wrong.Add($"{name}: after {run} other rows are published");
        string link = new FileInfo(Path.Join(warehouse, "current")).LinkTarget ?? "";
        if (!(await Ask("path scans", warehouse)).Text.Contains(link, StringComparison.Ordinal) || link.Length == 0)
            tally.Wrong.Add($"{name}: after {run} current is {link}");
    }

    private async Task<IReadOnlyList<string>> Rows(string warehouse)
    {
        List<string> rows = [];
        foreach (string table in Tables) rows.Add((await Ask($"export {table}", warehouse)).Text);
        return rows;
    }

    /// <summary>A command's exit code and everything it says, and writes, that does not tell the time or the place.</summary>
    private async Task<Answer> Ask(string line, string warehouse)
    {
        string file = whole.Beside("out.csv");
        File.Delete(file);
        string full = line.Replace("{source}", whole.Source, StringComparison.Ordinal)
            .Replace("{warehouse}", warehouse, StringComparison.Ordinal).Replace("{out}", file, StringComparison.Ordinal);
        if (!line.Contains("{warehouse}", StringComparison.Ordinal)) full += $" -w {warehouse}";
        (int code, string output, string error) = await CommandLineTests.Invoke(full);
        string text = (output + error + (File.Exists(file) ? File.ReadAllText(file) : "")).Replace(warehouse, "W", StringComparison.Ordinal);
        return new Answer(code, Told().Replace(text, "\"verified_at\": then"));
    }

    // proven.json is a memory of what was read, and may be lost
    [GeneratedRegex("\"verified_at\": [^,\n]*")]
    private static partial Regex Told();

    private sealed record Answer(int Code, string Text);

    private sealed class Tally
    {
        public int Warehouses { get; set; }
        public int Commands { get; set; }
        public int Refused { get; set; }
        public int Mended { get; set; }
        public List<string> Wrong { get; } = [];

        public override string ToString() =>
            $"{Warehouses} broken warehouses, {Commands} commands, {Refused} refused with 50, {Mended} warehouses mended, {Wrong.Count} wrong";
    }
}
