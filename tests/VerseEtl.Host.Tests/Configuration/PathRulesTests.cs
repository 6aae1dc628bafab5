using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Tests.Configuration;

public sealed class PathRulesTests
{
    [Fact]
    public void Neighbours_with_a_common_beginning_do_not_lie_in_each_other()
    {
        using TempFolder temp = new();
        Assert.Null(PathRules.Objection(temp.Folder("verse"), Path.Join(temp.Path, "verse-tables")));
    }

    [Fact]
    public void An_output_that_a_link_leads_into_the_source_is_refused()
    {
        using TempFolder temp = new();
        string source = temp.Folder("verse");
        string link = Path.Join(temp.Path, "tables");
        Directory.CreateSymbolicLink(link, "verse");
        Assert.Equal("source and output are the same folder", PathRules.Objection(source, link));
        Assert.Equal("the output lies inside the source; put it elsewhere", PathRules.Objection(source, Path.Join(link, "new/deep")));
    }

    [Fact]
    public void Root_and_home_are_refused()
    {
        using TempFolder temp = new();
        Assert.NotNull(PathRules.Objection("/", temp.Path));
        Assert.NotNull(PathRules.Objection(temp.Path, "/"));
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Assert.SkipWhen(home.Length == 0, "there is no home folder here");
        Assert.NotNull(PathRules.Objection(temp.Path, home));
    }

    [Fact]
    public void Links_in_a_circle_end_somewhere()
    {
        using TempFolder temp = new();
        File.CreateSymbolicLink(Path.Join(temp.Path, "a"), "b");
        File.CreateSymbolicLink(Path.Join(temp.Path, "b"), "a");
        Assert.StartsWith(temp.Path, PathRules.RealPath(Path.Join(temp.Path, "a")), StringComparison.Ordinal);
    }
}
