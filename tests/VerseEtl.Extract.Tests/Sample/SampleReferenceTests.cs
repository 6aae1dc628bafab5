using System.Globalization;
using System.Text;
using VerseEtl.Extract.Sample;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Extract.Tests.Sample;

/// <summary>
/// The sample's published figures are those of the phantoms as they were drawn, by arithmetic of its own, with exchanged labels put
/// right: what its makers meant. UPDATE_GOLDEN=1 writes them anew.
/// </summary>
public sealed class SampleReferenceTests(WholeSample sample)
{
    private static readonly string Folder = Path.Join(Repository.Root, "src", "Transform", "Cohort", "Reference", "Sample");

    private IReadOnlyList<SampleTruth> Distinct => [.. sample.Report.Scans.Where(truth => truth.Scan.CopyOf is null)];

    [Fact]
    public void Label_table() => Same("labels.json", Text(
        """{"dataset": "all", "split": "all", "source": "the phantoms of the sample, as drawn", "labels": [""",
        VertebraLabel.Anatomical.Select(LabelRow).OfType<string>()));

    [Fact]
    public void Figures() => Same("figures.json", Text(
        """{"source": "the phantoms of the sample, as drawn", "figures": [""",
        from dataset in (string[])["verse19", "verse20"]
        let scans = sample.Report.Scans.Where(truth => truth.Scan.Folder.Dataset == dataset).ToArray()
        from figure in (IEnumerable<(string Metric, int Value)>)
        [
            ("patients", scans.Select(truth => truth.Scan.Subject).Distinct().Count()),
            ("scans", scans.Length),
            ("vertebrae", scans.Sum(truth => truth.VoxelCounts.Count)),
        ]
        select $$"""{"dataset": "{{dataset}}", "split": "all", "metric": "{{figure.Metric}}", "value": {{figure.Value}}}"""));

    [Fact]
    public void Scans() => Same("scans.json", Text(
        """{"source": "the folders of the sample", "folders": [""",
        from folder in SampleFolder.All
        let names = sample.Report.Scans.Where(truth => truth.Scan.Folder == folder).Select(truth => $"\"{truth.Scan.Name}\"")
        let place = $$"""{"folder": "{{folder.Path.Split('/')[0]}}", "dataset": "{{folder.Dataset}}", "split": "{{folder.Split}}", """
        select $"{place}\"scans\": [{string.Join(", ", names)}]}}"));

    private string? LabelRow(int label)
    {
        double[] cm3 = [.. Distinct.Where(truth => Meant(truth).ContainsKey(label))
            .Select(truth => Meant(truth)[label] * truth.Grid.VoxelVolumeMm3 / 1000).Order()];
        if (cm3.Length == 0) return null;
        double median = (cm3[(cm3.Length - 1) / 2] + cm3[cm3.Length / 2]) / 2;
        (string, double)[] numbers =
        [
            ("cases", cm3.Length), ("percentage", 100.0 * cm3.Length / Distinct.Count),
            ("volume_cm3_min", cm3[0]), ("volume_cm3_median", median), ("volume_cm3_max", cm3[^1]),
        ];
        IEnumerable<string> fields = numbers.Select(number => string.Create(CultureInfo.InvariantCulture, $"\"{number.Item1}\": {number.Item2:0.##}"));
        return $$"""{"label": {{label}}, "vertebra": "{{VertebraLabel.Name(label)}}", {{string.Join(", ", fields)}}}""";
    }

    private static Dictionary<int, long> Meant(SampleTruth truth) => truth.VoxelCounts.ToDictionary(
        count => truth.Scan.Exchanged is (int one, int other) && (count.Key == one || count.Key == other) ? one + other - count.Key : count.Key,
        count => count.Value);

    private static string Text(string start, IEnumerable<string> items) =>
        new StringBuilder(start).Append('\n').AppendJoin(",\n", items.Select(item => "  " + item)).Append("\n]}\n").ToString();

    private static void Same(string name, string expected)
    {
        string path = Path.Join(Folder, name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(path, expected);
        Assert.Equal(expected, File.ReadAllText(path));
    }
}
