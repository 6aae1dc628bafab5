using VerseEtl.Host.Configuration;
using VerseEtl.Host.Objects;

namespace VerseEtl.Host.Tests.Objects;

public sealed class ObjectUrlTests
{
    [Theory]
    [InlineData("s3://bucket", "s3://bucket", "")]
    [InlineData("s3://my.bucket-1/verse/one/", "s3://my.bucket-1/verse/one", "verse/one")]
    [InlineData("az://scans/Größe 1/50%20", "az://scans/Größe 1/50%20", "Größe 1/50%20")]
    public void An_address_is_taken_letter_by_letter(string text, string place, string prefix)
    {
        Assert.Null(ObjectUrl.Objection(text, out _));
        ObjectUrl url = ObjectUrl.Of(text);
        Assert.Equal((place, prefix), (url.ToString(), url.Prefix));
        Assert.Equal("a b/ü", url.Below(url.Full("a b/ü")));
    }

    [Theory]
    [InlineData("s3://KEY:SECRET@bucket/x", true)]
    [InlineData("s3://SECRET@bucket", true)]
    [InlineData("az://container/x?sv=2024&sig=SECRET", true)]
    [InlineData("az://container#SECRET", true)]
    [InlineData("https://SECRET.blob.core.windows.net/c", false)]
    [InlineData("s3://", false)]
    [InlineData("s3:///x", false)]
    [InlineData("s3://bucket/a//b", false)]
    [InlineData("s3://bucket/../other", false)]
    public void What_is_none_is_refused_and_never_repeated(string text, bool secret)
    {
        string? objection = ObjectUrl.Objection(text, out bool looksSecret);
        Assert.Equal((false, secret), (objection is null, looksSecret));
        Assert.DoesNotContain("SECRET", objection, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bkt", "s3://bkt/x", true)]
    [InlineData("s3://bkt/x", "s3://bkt/x", true)]
    [InlineData("s3://bkt/x", "s3://bkt/xy", false)]
    [InlineData("s3://bkt/x", "az://bkt/x", false)]
    public void One_place_lies_in_another_by_whole_names(string one, string other, bool overlaps)
    {
        Assert.Equal(overlaps, ObjectUrl.Of(one).Overlaps(ObjectUrl.Of(other)));
        Assert.Equal(overlaps, ObjectUrl.Of(other).Overlaps(ObjectUrl.Of(one)));
    }

    [Theory]
    [InlineData("{path: \"s3://k:HUSH@bkt/x\"}", "{path: w}", "CFG_SECRET_INLINE")]
    [InlineData("{path: \"ftp://bkt/x\"}", "{path: w}", "CFG_RANGE")]
    [InlineData("{sample: \"s3://bkt/x\"}", "{path: w}", "CFG_RANGE")]
    [InlineData("{path: \"s3://bkt/x\", follow_links: true}", "{path: w}", "CFG_RANGE")]
    [InlineData("{path: \"s3://bkt/x\", require_mount: true}", "{path: w}", "CFG_RANGE")]
    [InlineData("{path: \"s3://bkt/x\"}", "{path: \"s3://bkt/y\"}", "CFG_RANGE")]
    [InlineData("{path: s, clinical: [{path: \"s3://bkt/c.csv\", key: series_id, columns: [{name: a, type: int32, meaning: m}]}]}", "{path: w}", "CFG_RANGE")]
    [InlineData("{path: s}", "{path: w, publish_to: folder}", "CFG_RANGE")]
    [InlineData("{path: s}", "{path: w, publish_to: \"az://c0/x?sig=HUSH\"}", "CFG_SECRET_INLINE")]
    [InlineData("{path: \"s3://bkt/x\"}", "{path: w, publish_to: \"s3://bkt/x/tables\"}", "CFG_PATH_OUTSIDE")]
    public void What_an_object_store_cannot_be_is_a_mistake_of_the_file(string source, string load, string code)
    {
        Problems problems = new("/etc/verse/pipelines.yaml");
        Assert.NotNull(problems.File);
        PipelinesFile.Parse($"version: 1\npipelines:\n  a:\n    source: {source}\n    load: {load}\n", problems.File, new FixedTime(), problems);
        // the reader of YAML finds secrets itself, and then there is no path
        ConfigProblem only = Assert.Single(problems.All, problem => problem.Code != ConfigCodes.Missing);
        Assert.Equal(code, only.Code);
        Assert.All(problems.All, problem => Assert.DoesNotContain("HUSH", problem.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Two_pipelines_keep_no_copy_in_one_place()
    {
        Problems problems = new("/etc/verse/pipelines.yaml");
        PipelinesFile.Parse("version: 1\npipelines:\n  a:\n    source: {path: s}\n    load: {path: w, publish_to: \"s3://bkt/x\"}\n"
            + "  b:\n    source: {path: t}\n    load: {path: v, publish_to: \"s3://bkt/x/y\"}\n", problems.File, new FixedTime(), problems);
        Assert.Equal(("CFG_PATH_TWICE", 8), (Assert.Single(problems.All).Code, problems.All[0].Line));
    }

    [Fact]
    public void A_source_in_an_object_store_is_no_folder_of_this_machine()
    {
        Problems problems = new("/etc/verse/pipelines.yaml");
        PipelinesFile file = PipelinesFile.Parse("version: 1\npipelines:\n  a:\n    source: {path: \"s3://bkt/x/\"}\n    load: {path: w}\n",
            problems.File, new FixedTime(), problems)!;
        Source source = Assert.Single(file.Pipelines).Source;
        Assert.Equal(("s3://bkt/x", null, "bkt"), (source.Path, source.Folder, source.Url?.Container));
    }
}
