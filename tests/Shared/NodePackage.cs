using System.Diagnostics;
using System.Runtime.InteropServices;

namespace VerseEtl.Tests.Shared;

/// <summary>
/// A package for Node, installed once by npm into the user's cache folder, outside the checkout. Tests that need it skip, with a reason, where node,
/// npm or the package cannot be had.
/// </summary>
internal sealed class NodePackage
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _name, _version, _binary, _variable;
    private readonly Lazy<(string? Module, string Reason)> _installed;

    /// <param name="binary">Its native part for this machine, an optional dependency that npm leaves out unless it is named.</param>
    /// <param name="variable">Where scripts find the module's path.</param>
    private NodePackage(string name, string version, string binary, string variable)
    {
        (_name, _version, _binary, _variable) = (name, version, binary, variable);
        _installed = new(Install);
    }

    public static NodePackage Polars { get; } = new("nodejs-polars", "0.26.1", "nodejs-polars-linux-x64-gnu@0.26.1", "VERSEETL_POLARS_MODULE");

    /// <summary>ClickHouse in the process, which reads Delta tables by delta-kernel.</summary>
    public static NodePackage Chdb { get; } = new("chdb", "3.4.0", "@chdb/lib-linux-x64-gnu@26.7.3-stable.1", "VERSEETL_CHDB_MODULE");

    /// <summary>Runs a script; returns its standard output.</summary>
    /// <param name="folder">To run it in, if not in this one.</param>
    public string Run(string script, IReadOnlyList<string> arguments, string input = "", string folder = "")
    {
        (string? module, string reason) = _installed.Value;
        Assert.SkipWhen(module is null, reason);
        (int exit, string output, string error) = Start("node", [script, .. arguments], input, module, folder);
        Assert.True(exit == 0, $"{Path.GetFileName(script)} ended with {exit}: {error}");
        return output;
    }

    private (string? Module, string Reason) Install()
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string folder = Path.Combine(cache, "verse-etl", $"{_name}-{_version}");
        string module = Path.Combine(folder, "node_modules", _name);
        if (Directory.Exists(module)) return (module, "");
        string fresh = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(fresh);
            File.WriteAllText(Path.Combine(fresh, "package.json"), "{}");
            List<string> packages = [$"{_name}@{_version}"];
            if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64) packages.Add(_binary);
            (int exit, _, string error) = Start("npm", ["install", "--prefix", fresh, "--no-audit", "--no-fund", "--ignore-scripts", .. packages], "", "", "");
            if (exit != 0) return (null, $"{_name} for Node was not installed: npm ended with {exit}: {error}");
            if (!Directory.Exists(module)) Directory.Move(fresh, folder);
            return (module, "");
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException or TimeoutException)
        {
            return Directory.Exists(module) ? (module, "") : (null, $"{_name} for Node is not at hand: {fault.Message}");
        }
        finally
        {
            if (Directory.Exists(fresh)) Directory.Delete(fresh, recursive: true);
        }
    }

    private (int Exit, string Output, string Error) Start(string program, IReadOnlyList<string> arguments, string input, string module, string folder)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        start.Environment[_variable] = module;
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
