using System.Text.Json;

namespace VerseEtl.Host.Tests.Deploy;

/// <summary>No resolved package, also of a package, is older than the first version without a known advisory (security/advisory-floor.json).</summary>
public sealed class AdvisoryFloorTests
{
    private static readonly JsonElement Floors = JsonDocument.Parse(Repository.Text("security/advisory-floor.json")).RootElement.GetProperty("floors");

    [Fact]
    public void No_resolved_package_has_a_known_advisory()
    {
        string[] resolved = [.. Directory.GetFiles(Path.Join(Repository.Root, "artifacts/obj"), "project.assets.json", SearchOption.AllDirectories)
            .SelectMany(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("libraries").EnumerateObject())
            .Where(library => library.Value.GetProperty("type").GetString() == "package").Select(library => library.Name).Distinct()];
        Assert.Contains(resolved, package => package.StartsWith("Newtonsoft.Json/", StringComparison.Ordinal));
        Assert.DoesNotContain(resolved, IsBelow);
    }

    [Theory]
    [InlineData("Newtonsoft.Json/12.0.1", true)]
    [InlineData("newtonsoft.json/13.0.1-beta1", true)]
    [InlineData("Newtonsoft.Json/13.0.1", false)]
    [InlineData("Newtonsoft.Json/13.0.4", false)]
    [InlineData("Cronos/0.1.0", false)]
    public void An_old_package_would_be_found(string package, bool below) => Assert.Equal(below, IsBelow(package));

    private static bool IsBelow(string package)
    {
        string[] parts = package.Split('/');
        foreach (JsonElement floor in Floors.EnumerateArray()
            .Where(floor => parts[0].Equals(floor.GetProperty("package").GetString(), StringComparison.OrdinalIgnoreCase)))
        {
            Version least = Version.Parse(floor.GetProperty("version").GetString()!), here = Version.Parse(parts[1].Split('-')[0]);
            if (here < least || (here == least && parts[1].Contains('-', StringComparison.Ordinal))) return true;
        }
        return false;
    }
}
