using VerseEtl.Extract.Clinical;
using VerseEtl.Host.Configuration;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Configuration;

public sealed class PipelinesFileTests
{
    private const string Head = "version: 1\npipelines:\n";

    // each case: the text, then every problem it must give as line:column: CODE and a part of the message
    public static TheoryData<string, string[]> Wrong { get; } = new()
    {
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    lod: 3\n", ["6:5: CFG_UNKNOWN_KEY 'lod' is no key of 'a'; did you mean 'load'?"] },
        { Head + "  a:\n    source: {path: s, pth: t}\n    load: {path: w}\n", ["4:23: CFG_UNKNOWN_KEY 'pth' is no key of 'source'; did you mean 'path'?"] },
        { "version: 1\npipeline: {}\n", ["1:1: CFG_MISSING 'pipelines.yaml' needs 'pipelines'",
            "2:1: CFG_UNKNOWN_KEY 'pipeline' is no key of 'pipelines.yaml'; did you mean 'pipelines'?"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    load: {path: v}\n", ["6:5: CFG_DUP_KEY 'load' stands here and in line 5"] },
        { Head + "  a:\n    source: {path: s, dataset: verse19, labels: {27: L7, -1: L5}}\n    load: {path: w}\n",
            ["4:32: CFG_RANGE 'verse19' is VerSe's own", "4:50: CFG_RANGE 'L7' is no vertebra", "4:58: CFG_RANGE '-1' is no value of a mask"] },
        { Head + "  a:\n    source: {path: s, dataset: own, labels: {1: L5, 2: 24}, folders: [{path: x, dataset: d, split: test}]}\n    load: {path: w}\n",
            ["4:32: CFG_RANGE 'dataset' and 'folders' exclude each other", "4:45: CFG_RANGE 'labels' maps two values to one vertebra"] },
        { Head + "  a:\n    source: {path: s, labels: totalsegmentor}\n    load: {path: w}\n",
            ["4:31: CFG_RANGE 'totalsegmentor' is no map of labels; did you mean 'totalsegmentator'?"] },
        { Head + "  a: 3\n", ["3:3: CFG_TYPE pipeline 'a' must be a mapping, found '3'"] },
        { Head + "  a:\n    source: s\n    load: [w]\n",
            ["4:13: CFG_TYPE 'source' must be a mapping, found 's'", "5:11: CFG_TYPE 'load' must be a mapping, found a list"] },
        { Head + "  a:\n    source: {path: s, follow_links: yes}\n"
            + "    load: {path: w}\n", ["4:37: CFG_TYPE 'follow_links' must be true or false, found 'yes'"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n"
            + "    parallelism: four\n", ["6:18: CFG_TYPE 'parallelism' must be a whole number, found 'four'"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    parallelism: \"4\"\n", ["6:18: CFG_TYPE 'parallelism' must be a whole number"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    parallelism: -1\n", ["6:18: CFG_RANGE 'parallelism' must be 0 to 1024, found -1"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    parallelism: 1e3\n", ["6:18: CFG_TYPE"] },
        { Head + "  a:\n    source: {path: [s]}\n    load: {path: w}\n", ["4:20: CFG_TYPE 'path' must be a text, found a list"] },
        { Head + "  a:\n    source: {}\n    load: {}\n", ["4:13: CFG_MISSING 'source' needs 'path'", "5:11: CFG_MISSING 'load' needs 'path'"] },
        { Head + "  a:\n    description: none of it\n", ["4:5: CFG_MISSING 'a' needs 'source'", "4:5: CFG_MISSING 'a' needs 'load'"] },
        { Head + "  a:\n    source: {path: s, sample: t}\n    load: {path: w}\n", ["4:31: CFG_RANGE 'path' and 'sample' exclude each other"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w, keep_snapshots: 1, keep_days: 0}\n",
            ["5:37: CFG_RETENTION 'keep_snapshots' must be 2", "5:51: CFG_RETENTION 'keep_days' must be 1"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    thresholds: {found_percent: 101, unavailable_percent: NaN}\n",
            ["6:33: CFG_RANGE 'found_percent' must be 0 to 100", "6:59: CFG_RANGE 'unavailable_percent'"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: s/w}\n", ["5:18: CFG_PATH_OUTSIDE the output lies inside the source"] },
        { Head + "  a:\n    source: {path: w/s}\n    load: {path: w}\n", ["5:18: CFG_PATH_OUTSIDE the source lies inside the output"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: /}\n", ["5:18: CFG_PATH_OUTSIDE the output is the root"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n  b:\n    source: {path: t}\n"
            + "    load: {path: ./w/}\n", ["8:18: CFG_PATH_TWICE pipeline 'a' writes there already"] },
        { Head + "  a:\n    source:\n      path: s\n      folders:\n      - {path: ../x, dataset: all, split: train}\n    load: {path: w}\n",
            ["7:16: CFG_PATH_OUTSIDE '../x'", "7:31: CFG_RANGE 'all' is reserved", "7:43: CFG_RANGE 'train' is no split; did you mean 'training'?"] },
        { Head + "  a:\n    source: {path: s, folders: []}\n    load: {path: w}\n", ["4:32: CFG_MISSING 'folders' names no folder"] },
        { Head + "  a:\n    source: {path: s, folders: [x]}\n    load: {path: w}\n", ["4:33: CFG_TYPE an item of 'folders' must be a mapping"] },
        { Clinical("{path: c.csv, key: name, columns: [{name: age, type: int, meaning: years}]}"),
            ["5:28: CFG_RANGE 'key' must be one of series_id, subject_id, found 'name'", "5:62: CFG_RANGE 'type' must be one of string, int32"] },
        { Clinical("{key: series_id, columns: [{name: Age, type: int32}, {name: sex, type: string, meaning: m, name2: x}]}"),
            ["5:9: CFG_MISSING 'clinical' needs 'path'", "5:36: CFG_MISSING 'columns' needs 'meaning'", "5:43: CFG_RANGE 'Age' is no column name",
                "5:100: CFG_UNKNOWN_KEY 'name2' is no key of 'columns'; did you mean 'name'?"] },
        { Clinical("{path: c.csv, key: series_id, columns: [{name: scan_key, type: string, meaning: m}, {name: series_id, type: string, meaning: m}]}"),
            ["5:56: CFG_RANGE 'scan_key' is a key of the published tables", "5:100: CFG_RANGE 'series_id' is a key of the published tables"] },
        { Clinical("{path: c.csv, key: series_id, columns: [{name: age, type: int32, meaning: m, role: sex}]}", "{path: c.csv, key: subject_id, columns: ["
            + "{name: age, type: double, meaning: m, role: age}, {name: years, type: double, meaning: m, role: age}]}"),
            ["5:92: CFG_RANGE a column with the role 'sex' must be string", "6:16: CFG_RANGE a file called 'c.csv' stands here already",
                "6:57: CFG_RANGE a column 'age' stands here already", "6:146: CFG_RANGE another column has the role 'age' already"] },
        { Clinical("{path: c.csv, key: series_id, delimiter: x, columns: []}"), ["5:50: CFG_RANGE 'delimiter'", "5:9: CFG_MISSING 'columns' names no column"] },
        { Head + "  a:\n    source: {path: s, clinical: []}\n    load: {path: w}\n", ["4:33: CFG_MISSING 'clinical' names no file"] },
        { Head + "  A b:\n    source: {path: s}\n    load: {path: w}\n", ["3:3: CFG_RANGE 'A b' is no pipeline name"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n"
            + "    reference: verce\n", ["6:16: CFG_RANGE 'verce' is neither 'verse', 'sample', 'none' nor a folder"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    schedule: {cron: 'every night'}\n", ["6:22: CFG_CRON 'every night' is no cron text"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n"
            + "    schedule: {cron: 'H 2 * * *'}\n", ["6:22: CFG_CRON 'H 2 * * *' leaves a field to chance with 'H'; write a number"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    schedule: {cron: '0 5 13 * 5'}\n",
            ["6:22: CFG_CRON '0 5 13 * 5' names days of the month ('13') and of the week ('5'): cron runs on either"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    schedule: {cron: '0 5 31 2 *'}\n", ["6:22: CFG_CRON '0 5 31 2 *' never fires"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    schedule: {cron: '0 0 5 * * *'}\n", ["6:22: CFG_CRON '0 0 5 * * *' has six fields"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n    schedule: {time_zone: Europe/Berlim}\n",
            ["6:15: CFG_MISSING 'schedule' needs 'cron'", "6:27: CFG_TZ 'Europe/Berlim' is no time zone known here; did you mean 'Europe/Berlin'?"] },
        { Head + "  a: &x\n    source: {path: s}\n    load: {path: w}\n"
            + "  b: *x\n", ["3:6: CFG_DEPTH anchors are not allowed", "6:6: CFG_DEPTH aliases are not allowed", "6:3: CFG_TYPE"] },
        { Head + "  a:\n    source: !!map {path: s}\n    load: {path: w}\n", ["4:13: CFG_DEPTH tags are not allowed"] },
        { Head + "  a:\n    <<: {parallelism: 3}\n    source: {path: s}\n    load: {path: w}\n", ["4:5: CFG_DEPTH merge keys are not allowed"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w}\n---\nversion: 1\n", ["6:1: CFG_DEPTH a second document"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: w, db_password: hunter2}\n", ["5:21: CFG_SECRET_INLINE a secret does not belong"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: \"Host=db;Password=x\"}\n", ["5:12: CFG_SECRET_INLINE", "5:11: CFG_MISSING"] },
        { Head + "  a:\n    source: {path: s}\n    load: {path: 'https://me:secret@host/x'}\n", ["5:12: CFG_SECRET_INLINE", "5:11: CFG_MISSING"] },
        { "version: 2\npipelines: {a: {source: {path: s}, load: {path: w}}}\n", ["1:10: CFG_VERSION 'version' must be 1 to 1, found 2"] },
        { "pipelines: {a: {source: {path: s}, load: {path: w}}}\n", ["1:1: CFG_MISSING 'pipelines.yaml' needs 'version'"] },
        { "version: 1\npipelines: {}\n", ["2:12: CFG_MISSING 'pipelines' names no pipeline"] },
        { "- a\n", ["1:1: CFG_TYPE the file must be a mapping"] },
        { "", ["1:1: CFG_MISSING the file is empty"] },
        { "a: [1\nb: {", ["CFG_SYNTAX not valid YAML"] },
        { "a: b: c\n", ["1:5: CFG_SYNTAX not valid YAML"] },
        { "version: 1\n\tpipelines: 3\n", ["CFG_SYNTAX not valid YAML"] },
        { string.Concat(Enumerable.Repeat("[", 100_000)), ["1:22: CFG_DEPTH nested deeper than 20 levels"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Every_mistake_is_named_with_its_place(string text, string[] expected)
    {
        IReadOnlyList<ConfigProblem> problems = Parse(text, out PipelinesFile? _);
        string told = string.Join("\n", problems);
        foreach (string problem in expected) Assert.Contains(problem, told, StringComparison.Ordinal);
        Assert.Equal(expected.Length, problems.Count);
        Assert.All(problems, problem => Assert.StartsWith("/etc/verse/pipelines.yaml:", problem.ToString(), StringComparison.Ordinal));
        Assert.All(problems, problem => Assert.DoesNotContain('\n', problem.ToString()));
    }

    [Fact]
    public void All_mistakes_of_a_file_are_told_at_once()
    {
        string text = Head + "  a:\n    source: {pth: s}\n    parallelism: x\n    load: {path: w, keep_days: 0}\n    shedule: {}\n";
        Assert.Equal(
            ["CFG_MISSING", "CFG_UNKNOWN_KEY", "CFG_TYPE", "CFG_RETENTION", "CFG_UNKNOWN_KEY"],
            Parse(text, out _).Select(problem => problem.Code));
    }

    [Fact]
    public void A_secret_is_never_repeated_in_the_message() =>
        Assert.DoesNotContain("hunter2", string.Join("\n", Parse(Head + "  a: {token: hunter2, source: {path: s}, load: {path: w}}\n", out _)),
            StringComparison.Ordinal);

    [Fact]
    public void A_file_larger_than_the_cap_is_not_read()
    {
        using TempFolder temp = new();
        string path = temp.File("pipelines.yaml", "# " + new string('x', YamlTree.LargestFile));
        Assert.Null(PipelinesFile.Read(path, TimeProvider.System, out IReadOnlyList<ConfigProblem> problems));
        Assert.Equal("CFG_DEPTH", Assert.Single(problems).Code);
    }

    [Fact]
    public void A_missing_file_says_what_to_do()
    {
        Assert.Null(PipelinesFile.Read("/nonexistent/pipelines.yaml", TimeProvider.System, out IReadOnlyList<ConfigProblem> problems));
        Assert.Contains("--source and --output", Assert.Single(problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_left_out_take_the_documented_defaults()
    {
        Parse(Head + "  a: {source: {path: s}, load: {path: w}}\n", out PipelinesFile? file);
        Pipeline pipeline = Assert.Single(file!.Pipelines);
        Assert.Equal("/etc/verse/s", pipeline.Source.Path);
        Assert.Equal("/etc/verse/w", pipeline.Load.Path);
        Assert.Null(pipeline.Source.Folders);
        Assert.Equal("verse", pipeline.Reference);
        Assert.Equal(Environment.ProcessorCount, pipeline.Workers);
        Assert.Equal(64L << 30, pipeline.Reading.MaxVolumeBytes);
        Assert.Equal(0.5, pipeline.Thresholds.UnavailablePercent);
    }

    [Fact]
    public void Folders_keep_their_edition_and_split()
    {
        Parse(Head + "  a:\n    source: {path: /data, folders: [{path: x/y/, dataset: model-7, split: test}]}\n    load: {path: w}\n", out PipelinesFile? file);
        Assert.Equal(("x/y", "model-7", "test"), file!.Pipelines[0].Source.Folders!.Select(folder => (folder.Path, folder.Dataset, folder.Split)).Single());
    }

    [Fact]
    public void A_night_run_in_a_zone_that_moves_its_clocks_is_warned_about_but_accepted()
    {
        IReadOnlyList<ConfigProblem> problems =
            Parse(Head + "  a: {source: {path: s}, load: {path: w}, schedule: {cron: '30 2 * * *', time_zone: Europe/Berlin}}\n", out PipelinesFile? file);
        ConfigProblem warning = Assert.Single(problems);
        Assert.Equal(("CFG_DST_RISK", Severity.Warning), (warning.Code, warning.Severity));
        Assert.Contains("2026-03-29T01:00Z and 2026-10-25T01:00Z", warning.Message, StringComparison.Ordinal);
        Assert.NotNull(file!.Pipelines[0].Schedule);
    }

    [Fact]
    public void A_clinical_file_is_named_without_its_absolute_path_and_columns_as_the_file_does_unless_told()
    {
        Parse(Clinical("{path: in/c.csv, key: series_id, columns: [{name: age, column: Alter, type: int32, meaning: m, unit: year, role: age}]}",
            "{path: /far/d.csv, key: subject_id, key_column: id, delimiter: \"\\t\", columns: [{name: sex, type: string, meaning: n}]}"),
            out PipelinesFile? file);
        ClinicalFile[] files = [.. file!.Pipelines[0].Source.Clinical];
        Assert.Equal([("/etc/verse/in/c.csv", "in/c.csv", "series_id", "series_id", ','), ("/far/d.csv", "d.csv", "subject_id", "id", '\t')],
            files.Select(each => (each.Path, each.Name, each.Key, each.KeyHeader, each.Delimiter)));
        Assert.Equal(new ClinicalColumn("age", "int32", "m") { File = "in/c.csv", Header = "Alter", Unit = "year", Role = "age" }, files[0].Columns.Single());
        Assert.Equal(new ClinicalColumn("sex", "string", "n") { File = "d.csv", Header = "sex" }, files[1].Columns.Single());
    }

    private static string Clinical(params string[] files) =>
        Head + $"  a:\n    source: {{path: s, clinical: [\n{string.Join("\n", files.Select(file => $"        {file},"))}\n      ]}}\n    load: {{path: w}}\n";

    [Theory]
    [InlineData("0 2 * * *", "Europe/Berlin", "2026-03-29T01:00Z and 2026-10-25T01:00Z")]
    [InlineData("59 2 * * *", "Europe/Berlin", "2026-03-29T01:00Z and 2026-10-25T01:00Z")]
    [InlineData("0 3 * * *", "Europe/Berlin", null)]
    [InlineData("59 1 * * *", "Europe/Berlin", null)]
    [InlineData("30 2 * * 1", "Europe/Berlin", null)]
    [InlineData("*/5 * * * *", "Europe/Berlin", null)]
    [InlineData("30 1 * * *", "America/New_York", "2026-11-01T06:00Z")]
    [InlineData("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T15:30Z")]
    [InlineData("30 2 * * *", "Asia/Tokyo", null)]
    public void Only_a_time_that_clocks_skip_or_double_is_warned_about(string cron, string zone, string? changes)
    {
        string text = Head + $"  a: {{source: {{path: s}}, load: {{path: w}}, schedule: {{cron: '{cron}', time_zone: {zone}}}}}\n";
        string? told = Parse(text, out _).SingleOrDefault()?.Message;
        Assert.Equal(changes is null, told is null);
        if (changes is not null) Assert.Contains($"(next: {changes})", told, StringComparison.Ordinal);
    }

    private static IReadOnlyList<ConfigProblem> Parse(string text, out PipelinesFile? file)
    {
        Problems problems = new("/etc/verse/pipelines.yaml");
        file = PipelinesFile.Parse(text, problems.File, new FixedTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)), problems);
        if (problems.HasErrors) file = null;
        return problems.All;
    }
}
