using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Serilog.Core;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Packages;

/// <summary>The libraries as a C# user has them: packed, and used by the README's own lines in a project outside the checkout.</summary>
public sealed partial class PackagesTests(SmallDataset dataset) : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif
    private static readonly string[] Libraries = ["Extract", "Load", "Transform"];

    private readonly TempFolder _temp = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task The_readmes_lines_measure_a_scan_and_read_the_tables_with_the_packed_libraries()
    {
        foreach (string library in Libraries)
            await Run(Repository.Root, "pack", $"src/{library}", "--no-build", "--configuration", Configuration, "--output", _temp["packages"]);
        Assert.All(Libraries, AssertWhole);

        string[] blocks = CSharp("README.md");
        Assert.Equal(2, blocks.Length);
        Assert.Equal(10, blocks[0].Count(letter => letter == '\n'));
        WriteApp(blocks[0], blocks[1], Metadata("Extract").Element("version")!.Value);
        await Run(_temp.Path, "build", "app", "--output", _temp["out"]);

        Directory.CreateSymbolicLink(_temp["sample"], dataset.Sound);
        PublishedTables tables = await Publish(_temp["warehouse"]);
        string[] lines = (await Run(_temp.Path, Path.Join(_temp["out"], "app.dll"))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string scan = tables.Scans[0].ScanKey;
        IEnumerable<string> expected = tables.Vertebrae.Where(row => row.ScanKey == scan)
            .Select(row => Invariant($"{row.ScanKey} {row.Vertebra} {row.VolumeCm3:0.00} cm3"));
        Assert.Equal(expected, lines[..^1].Select(line => Spaces().Replace(line, " ")));
        double mean = tables.Vertebrae.Where(row => row.Dataset == "verse19" && row.Vertebra == "L1").Average(row => row.VolumeCm3);
        Assert.Equal(mean, double.Parse(lines[^1], CultureInfo.InvariantCulture), 1e-9);
    }

    [Fact]
    public void The_libraries_own_readmes_show_lines_of_the_readme() =>
        Assert.All(Libraries.SelectMany(library => CSharp($"src/{library}/README.md")), block => Assert.Contains(block, CSharp("README.md")));

    /// <summary>What a reader of a gallery sees, and what a debugger and an editor need.</summary>
    private void AssertWhole(string library)
    {
        XElement metadata = Metadata(library);
        Assert.Equal($"VerseEtl.{library}", metadata.Element("id")!.Value);
        Assert.NotEqual("Package Description", metadata.Element("description")!.Value);
        using ZipArchive package = ZipFile.OpenRead(PackageOf(library, "nupkg")), symbols = ZipFile.OpenRead(PackageOf(library, "snupkg"));
        using StreamReader readme = new(package.GetEntry(metadata.Element("readme")!.Value)!.Open());
        Assert.Equal(Repository.Text($"src/{library}/README.md"), readme.ReadToEnd());
        Assert.NotNull(package.GetEntry($"lib/net10.0/VerseEtl.{library}.xml"));
        Assert.NotNull(symbols.GetEntry($"lib/net10.0/VerseEtl.{library}.pdb"));
    }

    private XElement Metadata(string library)
    {
        using ZipArchive package = ZipFile.OpenRead(PackageOf(library, "nupkg"));
        using Stream nuspec = package.GetEntry($"VerseEtl.{library}.nuspec")!.Open();
        XElement metadata = XDocument.Load(nuspec).Root!.Elements().First();
        foreach (XElement element in metadata.DescendantsAndSelf()) element.Name = element.Name.LocalName;
        return metadata;
    }

    private string PackageOf(string library, string kind) => Assert.Single(Directory.GetFiles(_temp["packages"], $"VerseEtl.{library}.*.{kind}"));

    /// <summary>The first block is the program, as it stands; a call of the second, in a method of its own, is put after it.</summary>
    private void WriteApp(string measuring, string reading, string version)
    {
        string[] lines = reading.Split('\n');
        bool IsUsing(string line) => line.StartsWith("using ", StringComparison.Ordinal);
        _temp.File("app/Program.cs", measuring + "await Reading.Run();\n");
        _temp.File("app/Reading.cs", $$"""
            {{string.Join('\n', lines.Where(IsUsing))}}
            [System.Runtime.Versioning.SupportedOSPlatform("linux")]
            internal static class Reading
            {
                public static async Task Run()
                {
            {{string.Join('\n', lines.Where(line => !IsUsing(line)))}}
                }
            }
            """);
        _temp.File("app/app.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <InvariantGlobalization>true</InvariantGlobalization>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="VerseEtl.Extract" Version="{version}" />
                <PackageReference Include="VerseEtl.Load" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        // what the checkout was built with is read from the user's folder, but ours, of one version and many builds, is not put there
        string known = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        _temp.File("nuget.config", $"""
            <configuration>
              <packageSources><add key="packed" value="packages" /></packageSources>
              <config><add key="globalPackagesFolder" value="unpacked" /></config>
              <fallbackPackageFolders><add key="known" value="{known}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    private async Task<PublishedTables> Publish(string folder)
    {
        Source source = new() { Path = dataset.Sound };
        Pipeline pipeline = new() { Name = "packages", Parallelism = 2, Source = source, Load = new Destination { Path = folder } };
        await new PipelineRun(pipeline, new RunOptions(), TimeProvider.System, Logger.None).Execute(null, Token);
        return await Warehouse.ReadTables(Warehouse.OpenForReading(folder).Current!, Token);
    }

    private async Task<string> Run(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment.Remove("NUGET_PACKAGES");
        // MSBuild leaves empty folders there
        start.Environment["TMPDIR"] = _temp.Folder("tmp");
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {process.ExitCode}\n{output}{await error}");
        return output;
    }

    private static string[] CSharp(string file) => [.. Block().Matches(Repository.Text(file)).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("^```csharp\\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
