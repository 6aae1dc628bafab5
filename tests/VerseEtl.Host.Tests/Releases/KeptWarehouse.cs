using System.Diagnostics;
using VerseEtl.Host.Tests.Commands;

namespace VerseEtl.Host.Tests.Releases;

/// <summary>
/// A warehouse that a release wrote (`eng/keep-warehouse`), unpacked: three scans of its sample, with a KVP of 120, "140.0" and "unknown" in their
/// `_ct.json`; two snapshots, a night that was refused, a rollback to the first, and its hold.
/// </summary>
internal sealed class KeptWarehouse : IDisposable
{
    private readonly TempFolder _temp = new();

    public KeptWarehouse(string release)
    {
        using Process tar = Process.Start("tar", ["-xzf", Path.Join(Folder, release + Extension), "-C", _temp.Folder("w")]);
        tar.WaitForExit();
        Assert.Equal(0, tar.ExitCode);
    }

    /// <summary>Every release of which one is kept.</summary>
    public static IEnumerable<string> Releases => Directory.GetFiles(Folder, "*" + Extension).Select(file => Path.GetFileName(file)[..^Extension.Length]);

    public string Root => _temp["w"];

    /// <summary>For what a command writes elsewhere.</summary>
    public string Beside => _temp.Path;

    public Task<(int Code, string Out, string Error)> Invoke(string line) => CommandLineTests.Invoke($"{line} -w {Root}");

    /// <summary>Every file and folder with its content and the time of its last change.</summary>
    public string[] Everything() => [.. new DirectoryInfo(Root).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .Select(entry => $"{entry.FullName} {entry.LastWriteTimeUtc:O} {Hash(entry)}").Order(StringComparer.Ordinal)];

    public void Dispose() => _temp.Dispose();

    private const string Extension = ".tar.gz";

    private static string Folder => Path.Join(Repository.Root, "tests", "VerseEtl.Host.Tests", "Releases");

    private static string Hash(FileSystemInfo entry) => entry is FileInfo file && file.LinkTarget is null
        ? Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file.FullName)))
        : entry.LinkTarget ?? "";
}
