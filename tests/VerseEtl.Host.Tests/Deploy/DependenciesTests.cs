using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace VerseEtl.Host.Tests.Deploy;

/// <summary>
/// Each package that goes into the product has a licence that security/licences.json allows and a reason: a line in Directory.Packages.props, or the package
/// that brings it. docs/dependencies.md tells all of them (UPDATE_GOLDEN=1 writes it anew).
/// </summary>
public sealed class DependenciesTests
{
    private const string Page = "docs/dependencies.md";

    private static readonly JsonElement Licences = JsonDocument.Parse(Repository.Text("security/licences.json")).RootElement;

    [Fact]
    public void Each_package_of_the_product_has_an_allowed_licence()
    {
        string[] allowed = [.. Licences.GetProperty("allowed").EnumerateArray().Select(licence => licence.GetString()!)];
        Package[] packages = Product();
        Assert.Contains(packages, package => package is { Name: "Hangfire.Core", Licence: "LGPL-3.0" });
        Assert.Contains(packages, package => package is { Name: "YamlDotNet", Licence: "MIT" });
        Assert.Empty(packages.Where(package => !allowed.Contains(package.Licence)).Select(package => $"{package.Name}: {package.Licence}"));
    }

    [Fact]
    public void The_page_of_dependencies_is_that_of_this_build()
    {
        StringBuilder page = new("""
            # What the product is made of

            Each package that goes into the program, also those that packages bring: version, licence, reason. Written by a test
            (`UPDATE_GOLDEN=1`), which fails on a package without a reason or with a licence outside [the list](../security/licences.json);
            [known advisories](../security/advisory-floor.json) fail another. Hangfire is used under the LGPL 3.0: its assemblies are unchanged, and who
            builds from source can put others in their place. niivue, a file of the viewer, lies in the checkout with its licences.

            | package | version | licence | reason |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (Package package in Product())
        {
            Assert.False(package.Reason.Length == 0, $"{package.Name} has no reason: For=\"...\" in Directory.Packages.props");
            page.Append(CultureInfo.InvariantCulture, $"| {package.Name} | {package.Version} | {package.Licence} | {package.Reason} |\n");
        }

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(Path.Join(Repository.Root, Page), page.ToString());
        Assert.Equal(page.ToString(), Repository.Text(Page));
    }

    private static Package[] Product()
    {
        using JsonDocument assets = JsonDocument.Parse(Repository.Text("artifacts/obj/VerseEtl.Host/project.assets.json"));
        string folder = assets.RootElement.GetProperty("packageFolders").EnumerateObject().First().Name;
        JsonElement target = assets.RootElement.GetProperty("targets").EnumerateObject().First().Value;
        Dictionary<string, string> reasons = XDocument.Parse(Repository.Text("Directory.Packages.props")).Descendants("PackageVersion")
            .Where(package => package.Attribute("For") is not null)
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("For")!.Value);
        JsonProperty[] shipped = [.. target.EnumerateObject().Where(Ships)];
        return [.. shipped
            .Select(library => library.Name.Split('/'))
            .Select(name => new Package(name[0], name[1], Licence(folder, name[0], name[1]),
                reasons.GetValueOrDefault(name[0]) ?? BroughtBy(shipped, name[0])))
            .OrderBy(package => package.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>A package without an assembly for the runtime is of the build alone.</summary>
    private static bool Ships(JsonProperty library) =>
        library.Value.GetProperty("type").GetString() == "package" && library.Value.TryGetProperty("runtime", out JsonElement runtime)
        && runtime.EnumerateObject().Any(file => !file.Name.EndsWith("_._", StringComparison.Ordinal));

    private static string BroughtBy(JsonProperty[] shipped, string name)
    {
        string[] by = [.. shipped
            .Where(other => other.Value.TryGetProperty("dependencies", out JsonElement needs) && needs.TryGetProperty(name, out _))
            .Select(other => other.Name.Split('/')[0])];
        return by.Length == 0 ? "" : "needed by " + string.Join(", ", by);
    }

    private static string Licence(string folder, string name, string version)
    {
        string lower = name.ToLowerInvariant();
        XElement nuspec = XDocument.Load(Path.Join(folder, lower, version, lower + ".nuspec")).Root!;
        XElement? licence = nuspec.Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        if (licence?.Attribute("type")?.Value == "expression") return licence.Value;
        return Licences.GetProperty("named").EnumerateArray().Where(named => named.GetProperty("package").GetString() == name)
            .Select(named => named.GetProperty("licence").GetString()).SingleOrDefault() ?? "not named";
    }

    private sealed record Package(string Name, string Version, string Licence, string Reason);
}
