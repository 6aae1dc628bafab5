using System.Text.Json;
using System.Xml.Linq;

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
    [InlineData("Snappier/1.3.0", true)]
    [InlineData("MimeKit/4.15.0", true)]
    [InlineData("Cronos/0.1.0", false)]
    public void An_old_package_would_be_found(string package, bool below) => Assert.Equal(below, IsBelow(package));

    [Fact]
    public void Each_floor_names_its_advisory_and_where_that_was_read()
    {
        Assert.NotEmpty(Floors.EnumerateArray());
        Assert.All(Floors.EnumerateArray(), floor =>
        {
            Assert.Matches("^(GHSA-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}|CVE-[0-9]{4}-[0-9]+)", floor.GetProperty("advisory").GetString());
            Assert.StartsWith("https://", floor.GetProperty("read_in").GetString(), StringComparison.Ordinal);
        });
    }

    /// <summary>Where the registry serves advisories, restoring fails on one of any severity; where it does not, nothing is said (NU1900 at most).</summary>
    [Fact]
    public void The_build_asks_for_advisories_and_an_advisory_is_an_error()
    {
        XDocument build = XDocument.Parse(Repository.Text("Directory.Build.props"));
        string Property(string name) => string.Concat(build.Descendants(name).Select(property => property.Value));
        Assert.Equal(("true", "all", "low", "true"),
            (Property("NuGetAudit"), Property("NuGetAuditMode"), Property("NuGetAuditLevel"), Property("TreatWarningsAsErrors")));
        Assert.DoesNotContain("NU190", (Property("WarningsNotAsErrors") + Property("NoWarn")).Replace("NU1900", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

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
