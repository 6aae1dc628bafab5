using System.Text.RegularExpressions;
using VerseEtl.Extract.Sample;

namespace VerseEtl.Extract.Tests.Sample;

public sealed partial class SampleScansTests
{
    private static IEnumerable<SampleScan> Every => SampleScans.Sound.Concat(SampleScans.Faulty);

    [GeneratedRegex("^sub-(verse9[0-9]{2}|gl9[0-9]{2})(_split-verse9[0-9]{2})?(_dir-(ax|sag|iso))?$")]
    private static partial Regex RealPattern();

    [Fact]
    public void Names_follow_the_patterns_of_the_dataset_with_numbers_from_900()
    {
        Assert.All(Every, scan => Assert.Matches(RealPattern(), scan.Name));
        Assert.Contains(Every, scan => scan.Name.Contains("_split-", StringComparison.Ordinal) && scan.Folder.Dataset == "verse19");
        foreach (string direction in (string[])["ax", "iso", "sag"])
            Assert.Contains(Every, scan => scan.Name.EndsWith($"_dir-{direction}", StringComparison.Ordinal) && scan.Folder.Dataset == "verse20");
    }

    [Fact]
    public void No_two_scans_share_a_name() => Assert.Equal(Every.Count(), Every.Select(scan => scan.Name).Distinct().Count());

    [Fact]
    public void Each_of_the_six_folders_has_scans()
    {
        Assert.Equal(6, SampleScans.Sound.Select(scan => scan.Folder).Distinct().Count());
        Assert.InRange(SampleScans.Sound.Count, 20, 30);
    }

    [Fact]
    public void Sound_scans_have_no_fault_and_faulty_ones_each_have_their_own()
    {
        Assert.All(SampleScans.Sound, scan => Assert.Equal(SampleFault.None, scan.Fault));
        Assert.Equal(Enum.GetValues<SampleFault>().Length - 1, SampleScans.Faulty.Select(scan => scan.Fault).Distinct().Count());
    }

    [Fact]
    public void No_name_or_number_is_that_of_a_published_scan()
    {
        string published = File.ReadAllText(SharedFiles.Require("reference/verse_scans.csv"));
        // subjects and split- values alike: every number that occurs must be unknown to the list
        IEnumerable<string> numbers = Every.SelectMany(scan => Regex.Matches(scan.Name, "(verse|gl)[0-9]+").Select(match => match.Value)).Distinct();
        Assert.All(numbers, number => Assert.DoesNotMatch($@"\b{number}\b", published));
    }
}
