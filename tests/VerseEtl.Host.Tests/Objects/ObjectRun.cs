using System.Diagnostics;
using System.Security.Cryptography;

namespace VerseEtl.Host.Tests.Objects;

/// <summary>The real program, which finds a store by its environment.</summary>
internal static class ObjectRun
{
    /// <returns>Exit code, and all it said on both streams.</returns>
    public static async Task<(int Code, string Said)> Of(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new("dotnet", [Path.Join(AppContext.BaseDirectory, "verse-etl.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>The tables that are current in a warehouse, by name.</summary>
    public static IReadOnlyList<string> Tables(string warehouse) =>
    [
        .. Directory.GetFiles(Path.Join(warehouse, "current"), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetFileName(Path.GetDirectoryName(file))} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];
}
