using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Tests.Configuration;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("sourc", "source")]
    [InlineData("lod", "load")]
    [InlineData("paralelism", "parallelism")]
    [InlineData("shedule", "schedule")]
    [InlineData("laod", "load")]
    [InlineData("para", "parallelism")]
    [InlineData("colour", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_what_was_meant_or_nothing(string typed, string? meant) =>
        Assert.Equal(meant, NearestName.Of(typed, ["source", "load", "parallelism", "schedule"]));
}
