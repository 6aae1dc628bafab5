using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VerseEtl.Tests.Shared;

/// <summary>
/// Polars for Node, installed once by npm into the user's cache folder, outside the checkout. Tests that need it skip, with a reason, where node,
/// npm or the package cannot be had.
/// </summary>
internal static class NodePolars
{
    public const string Version = "0.26.1";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly Lazy<(string? Module, string Reason)> Installed = new(Install);

    /// <summary>Runs a script that finds the module's path in VERSEETL_POLARS_MODULE; returns its standard output.</summary>
    public static string Run(string script, IReadOnlyList<string> arguments, string input = "")
    {
        (string? module, string reason) = Installed.Value;
        Assert.SkipWhen(module is null, reason);
        (int exit, string output, string error) = Start("node", [script, .. arguments], input, module);
        Assert.True(exit == 0, $"{Path.GetFileName(script)} ended with {exit}: {error}");
        return output;
    }

    private static (string? Module, string Reason) Install()
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string folder = Path.Combine(cache, "verse-etl", $"nodejs-polars-{Version}");
        string module = Path.Combine(folder, "node_modules", "nodejs-polars");
        if (Directory.Exists(module)) return (module, "");
        string fresh = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(fresh);
            File.WriteAllText(Path.Combine(fresh, "package.json"), "{}");
            List<string> packages = [$"nodejs-polars@{Version}"];
            // npm leaves the binary, an optional dependency, out unless it is named
            if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64) packages.Add($"nodejs-polars-linux-x64-gnu@{Version}");
            (int exit, _, string error) = Start("npm", ["install", "--prefix", fresh, "--no-audit", "--no-fund", "--ignore-scripts", .. packages], "", "");
            if (exit != 0) return (null, $"Polars for Node was not installed: npm ended with {exit}: {error}");
            if (!Directory.Exists(module)) Directory.Move(fresh, folder);
            return (module, "");
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException or TimeoutException)
        {
            return Directory.Exists(module) ? (module, "") : (null, $"Polars for Node is not at hand: {fault.Message}");
        }
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        }
    }

    private static (int Exit, string Output, string Error) Start(string program, IReadOnlyList<string> arguments, string input, string module)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["VERSEETL_POLARS_MODULE"] = module;
        start.Environment["POLARS_MAX_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (process.WaitForExit(Patience)) return (process.ExitCode, output.Result, error.Result);
        process.Kill(entireProcessTree: true);
        throw new TimeoutException($"{program} took longer than {Patience.TotalMinutes} minutes.");
    }
}
