using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace VerseEtl.Host.Tests.Architecture;

/// <summary>Transform is pure by `src/Transform/BannedSymbols.txt`: what stands there is an error of the build.</summary>
public sealed partial class PurityTests
{
    [Fact]
    public async Task Each_banned_symbol_breaks_the_build_of_Transform()
    {
        string[] bans = Repository.Text("src/Transform/BannedSymbols.txt").TrimEnd().Split('\n');
        string[] impure = Repository.Text("tests/VerseEtl.Host.Tests/Architecture/Impure.txt").TrimEnd().Split('\n');
        string Of(string ban) => bans.First(one => one.StartsWith(ban, StringComparison.Ordinal));
        string?[] broken = [.. impure.Select(line => line.Split("; // ") is [_, string ban] ? Of(ban) : null)];
        // a misspelt symbol bans nothing and nobody is told of it, so each needs a line that it refuses
        Assert.Equal(bans, broken.OfType<string>().Distinct());

        string output = await Build(string.Join('\n', impure));
        ILookup<int, string> reasons = Refusal().Matches(output).ToLookup(
            refusal => int.Parse(refusal.Groups[1].Value, CultureInfo.InvariantCulture) - 1, refusal => refusal.Groups[2].Value);
        Assert.Equal(
            impure.Zip(broken, (line, ban) => $"{line}: {ban?[(ban.IndexOf(';') + 2)..]}"),
            impure.Select((line, at) => $"{line}: {string.Join(", ", reasons[at].Distinct())}"));
    }

    /// <summary>Compiles the project with one source in place of its own, and gives what the build says.</summary>
    private static async Task<string> Build(string text)
    {
        // inside the checkout, where its .editorconfig counts
        string folder = Directory.CreateDirectory(Path.Join(Repository.Root, "artifacts", $"purity-{Environment.ProcessId}")).FullName;
        string source = Path.Join(folder, "Impure.cs"), targets = Path.Join(folder, "Impure.targets");
        try
        {
            await File.WriteAllTextAsync(source, text);
            await File.WriteAllTextAsync(targets, $"""
                <Project>
                  <ItemGroup>
                    <Compile Remove="@(Compile)" />
                    <Compile Include="{source}" />
                  </ItemGroup>
                </Project>
                """);
            ProcessStartInfo start = new("dotnet",
            [
                "msbuild", Path.Join(Repository.Root, "src/Transform"), "-target:Compile", "-verbosity:quiet", "-noLogo", "-nodeReuse:false",
                "-property:UseSharedCompilation=false", $"-property:IntermediateOutputPath={folder}/", $"-property:CustomAfterMicrosoftCommonTargets={targets}",
            ])
            {
                RedirectStandardOutput = true,
            };
            using Process build = Process.Start(start)!;
            string output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await build.WaitForExitAsync(TestContext.Current.CancellationToken);
            return output;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"Impure\.cs\((\d+),\d+\): error RS0030: .* is banned in this project: (.*) \(http")]
    private static partial Regex Refusal();
}
