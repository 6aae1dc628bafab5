using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.Tests.Flow;

public sealed class ListedScansTests
{
    private static readonly SourceRoot Root = new("/source");

    [Fact]
    public void What_was_added_is_read_back_member_by_member()
    {
        Finding[] findings =
        [
            new() { Code = "A", Severity = Severity.Warning, Message = "m" },
            new()
            {
                Code = "B", Severity = Severity.Error, ScanKey = "k", Dataset = "d", Split = "s", ScanId = "i", Label = 0, Path = "p", Field = "f",
                Observed = "o", Expected = "e", Message = "\u2028 <é>\n",
            },
        ];
        ScanFiles least = new() { Key = new("d", "s", "i"), SubjectId = "u", SeriesId = "v", Mask = Root.At("m") };
        ScanFiles full = new()
        {
            Key = new("d2", "s2", "i2"), SubjectId = "u2", SeriesId = "v2", Direction = "dir", Series = "ser", Licence = "", Labels = LabelMap.TotalSegmentator,
            Ct = Root.At("a", new FileIdentity(1, 2, 3, 4, 5)), Mask = Root.At("b", new FileIdentity(ulong.MaxValue, 6, 7, 8, -9)), Centroids = Root.At("c"),
            Sidecar = Root.At("d"), Preview = Root.At("e"), Subregions = Root.At("f"), MaskParts = [new(Root.At("b"), 20), new(Root.At("g"), 28)],
            Findings = findings,
        };
        ScanFiles verse = least with { Labels = LabelMap.Verse };
        ScanFiles[] scans = [least, full, verse with { MaskParts = [] }, full with { Findings = findings[..1] }, verse];
        ListedScans listed = new(Root, new MemoryWorkspace());
        foreach (ScanFiles scan in scans) listed.Add(scan);
        Assert.Equal(scans.Length, listed.Count);
        for (int place = scans.Length - 1; place >= 0; place--)
        {
            Assert.Equal(scans[place].MaskParts, listed[place].MaskParts);
            Assert.Equal(scans[place].Findings, listed[place].Findings);
            Assert.Equal(scans[place], listed[place] with { MaskParts = scans[place].MaskParts, Findings = scans[place].Findings });
        }
    }

    [Fact]
    public void Files_of_ones_own_keep_their_folder_and_what_the_walk_saw_of_them()
    {
        using TempFolder temp = new();
        string[] files = ["a/c1_ct.nii.gz", "a/c1_mask.nii.gz", "b/c2_ct.nii.gz", "b/c2_mask.nii.gz"];
        foreach ((int at, string file) in files.Index())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(temp[file])!);
            File.WriteAllText(temp[file], new string('x', at + 1));
        }
        FolderSpec[] folders = [new("a", "one", "training"), new("b", "two", "test")];
        ScanFiles[] scans = [.. VerseTree.Walk(temp.Path, folders, new TreeOptions(), TestContext.Current.CancellationToken).Scans];
        Assert.Equal([("one", "training"), ("two", "test")], scans.Select(scan => (scan.Key.Dataset, scan.Key.Split)));
        SourcePath[] found = [.. scans.SelectMany(scan => new[] { scan.Ct!, scan.Mask! })];
        Assert.Equal(files, found.Select(file => file.Relative));
        Assert.Equal([1, 2, 3, 4], found.Select(file => file.Seen!.Value.Size));
    }
}
