using System.Text.Json;
using VerseEtl.Host.Commands;

namespace VerseEtl.Host.Tests.Commands;

public sealed class InspectTests(SmallDataset dataset)
{
    private string Mask => Directory.GetFiles(dataset.Sound, "sub-verse902*msk.nii.gz", SearchOption.AllDirectories).Single();

    [Fact]
    public async Task A_mask_shows_header_geometry_labels_and_volumes()
    {
        (int code, string output, _) = await CommandLineTests.Invoke($"inspect {Mask}");
        Assert.Equal(ExitCode.Done, code);
        foreach (string part in new[] { "NIfTI-1, little-endian, int16", "LPS, affine from sform", "3 x 1 x 1 mm", "T10", "L3" })
            Assert.Contains(part, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_holds_the_same_and_the_labels_of_the_file()
    {
        (_, string output, _) = await CommandLineTests.Invoke($"inspect {Mask} --json");
        JsonElement mask = JsonDocument.Parse(output).RootElement;
        Assert.Equal("LPS", mask.GetProperty("header").GetProperty("orientation").GetString());
        Assert.Equal([17, 18, 19, 20, 21, 22], mask.GetProperty("vertebrae").EnumerateArray().Select(row => row.GetProperty("label").GetInt32()));
    }

    [Fact]
    public async Task A_damaged_mask_says_what_is_wrong_and_ends_with_10()
    {
        using TempFolder temp = new();
        string cut = Path.Join(temp.Path, "cut_msk.nii.gz");
        File.WriteAllBytes(cut, File.ReadAllBytes(Mask)[..^9]);
        (int code, string output, _) = await CommandLineTests.Invoke($"inspect {cut}");
        Assert.Equal(ExitCode.PublishedWithErrors, code);
        Assert.Contains("GZ_TRUNCATED", output, StringComparison.Ordinal);
        Assert.Contains("LPS", output, StringComparison.Ordinal);
        Assert.DoesNotContain("T10", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_ends_with_41_and_one_that_is_no_mask_with_10()
    {
        Assert.Equal(ExitCode.SourceUnavailable, (await CommandLineTests.Invoke("inspect /nonexistent.nii.gz")).Code);
        (int code, string output, _) = await CommandLineTests.Invoke($"inspect {Path.Join(Repository.Root, "README.md")}");
        Assert.Equal(ExitCode.PublishedWithErrors, code);
        Assert.Contains("error", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_is_a_png_and_on_a_terminal_with_colours_blocks()
    {
        using TempFolder temp = new();
        string png = Path.Join(temp.Path, "out.png"), ct = Mask.Replace("derivatives", "rawdata", StringComparison.Ordinal)
            .Replace("seg-vert_msk", "ct", StringComparison.Ordinal);
        (int code, string output, _) = await CommandLineTests.Invoke($"inspect {Mask} --preview {png}");
        Assert.Equal(ExitCode.Done, code);
        Assert.Contains(png, output, StringComparison.Ordinal);
        Assert.DoesNotContain("▀", output, StringComparison.Ordinal);
        byte[] labels = File.ReadAllBytes(png);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], labels[..4]);

        StringWriter shown = new();
        Terminal terminal = new(shown, new StringWriter())
        {
            Width = 80, Environment = name => name switch { "TERM" => "xterm-256color", "COLORTERM" => "truecolor", _ => null },
        };
        Assert.Equal(ExitCode.Done, await CommandTree.Invoke(["inspect", Mask, "--preview", png, "--ct", ct], terminal, TimeProvider.System));
        Assert.True(File.ReadAllBytes(png).Length > 2 * labels.Length);
        Assert.Equal([png], Directory.GetFiles(temp.Path));
        // whether the console has colours is looked up in the process's own surroundings
        if (terminal.OutConsole().Profile.Capabilities is { Ansi: true, ColorSystem: >= Spectre.Console.ColorSystem.EightBit })
            Assert.Contains("▀", shown.ToString(), StringComparison.Ordinal);

        (code, _, string error) = await CommandLineTests.Invoke($"inspect {Mask} --ct {ct}");
        Assert.Equal(ExitCode.Configuration, code);
        Assert.Contains("--preview", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_of_a_damaged_ct_shows_the_labels_and_tells_why()
    {
        using TempFolder temp = new();
        string png = Path.Join(temp.Path, "out.png"), ct = Path.Join(temp.Path, "ct.nii.gz");
        File.WriteAllText(ct, "no gzip");
        (int code, string output, _) = await CommandLineTests.Invoke($"inspect {Mask} --preview {png} --ct {ct}");
        Assert.Equal(ExitCode.PublishedWithErrors, code);
        Assert.Contains("GZ_", output, StringComparison.Ordinal);
        Assert.True(File.Exists(png));
    }

    [Fact]
    public async Task A_folder_is_told_as_one_and_ends_with_30()
    {
        using TempFolder temp = new();
        (int code, string output, string error) = await CommandLineTests.Invoke($"inspect {temp.Path}");
        Assert.Equal((ExitCode.Configuration, ""), (code, output));
        Assert.Contains($"{temp.Path}: it is a folder; name one mask in it, or let `plan --source` tell what is in it", error, StringComparison.Ordinal);
        (code, _, error) = await CommandLineTests.Invoke($"inspect {temp.Path}/none_msk.nii.gz");
        Assert.Equal(ExitCode.SourceUnavailable, code);
        Assert.Contains("there is no such file", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_names_every_table()
    {
        (int code, string output, _) = await CommandLineTests.Invoke("schema");
        Assert.Equal(ExitCode.Done, code);
        foreach (string table in new[] { "vertebrae", "scans", "pairs", "spines", "label_statistics", "dataset_statistics", "findings", "audit" })
            Assert.Contains(table, output, StringComparison.Ordinal);
        (_, string json, _) = await CommandLineTests.Invoke("schema --json");
        Assert.NotEqual(JsonValueKind.Undefined, JsonDocument.Parse(json).RootElement.ValueKind);
    }
}
