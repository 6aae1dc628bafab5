using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tests.Tree;

/// <summary>A real folder that stands for a source root during one test; removed with it.</summary>
internal sealed class SourceTree : IDisposable
{
    private readonly TempFolder _above;

    private readonly List<byte[]> _rawNames = [];

    /// <param name="name">The root's own name.</param>
    /// <param name="below">Where to make it, if not in the usual place.</param>
    public SourceTree(string name = "source", string? below = null)
    {
        _above = new TempFolder(below);
        Root = _above.Folder(name);
    }

    public string Root { get; }

    /// <summary>A folder beside the root, for links that lead out.</summary>
    public string Beside => _above.Path;

    /// <summary>Makes files (of one byte) and the folders above them.</summary>
    public SourceTree With(params string[] relatives)
    {
        foreach (string relative in relatives) Write(relative, "x");
        return this;
    }

    public SourceTree Write(string relative, string content)
    {
        string full = Path.Join(Root, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return this;
    }

    public SourceTree Folder(string relative)
    {
        Directory.CreateDirectory(Path.Join(Root, relative));
        return this;
    }

    public SourceTree Link(string relative, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(Root, relative))!);
        File.CreateSymbolicLink(Path.Join(Root, relative), target);
        return this;
    }

    public SourceTree Pipe(string relative)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(Root, relative))!);
        Assert.Equal(0, mkfifo(Encoding.UTF8.GetBytes(Path.Join(Root, relative) + '\0'), 0x180));
        return this;
    }

    /// <summary>An empty file whose name is given as raw bytes.</summary>
    public SourceTree Bytes(string folder, byte[] name)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(Path.Join(Root, folder) + '/'), .. name, 0];
        Assert.Equal(0, mknod(path, 0x8000 | 0x180, 0));
        _rawNames.Add(path);
        return this;
    }

    /// <summary>CT, mask and centroids of one scan in the subject-based layout.</summary>
    public SourceTree Scan(string folder, string chain) => With(CtOf(folder, chain), MaskOf(folder, chain), CentroidsOf(folder, chain));

    public static string CtOf(string folder, string chain) => $"{folder}/rawdata/{Subject(chain)}/{chain}_ct.nii.gz";

    public static string MaskOf(string folder, string chain) => $"{folder}/derivatives/{Subject(chain)}/{chain}_seg-vert_msk.nii.gz";

    public static string CentroidsOf(string folder, string chain) => $"{folder}/derivatives/{Subject(chain)}/{chain}_seg-subreg_ctd.json";

    public TreeListing Walk(IReadOnlyList<FolderSpec>? folders = null, TreeOptions? options = null) =>
        VerseTree.Walk(Root, folders, options ?? new TreeOptions(), TestContext.Current.CancellationToken);

    public void Dispose()
    {
        foreach (byte[] name in _rawNames) _ = unlink(name);
        _above.Dispose();
    }

    private static string Subject(string chain) => chain.Split('_')[0];

    [DllImport("libc")]
    private static extern int mkfifo(byte[] path, uint mode);

    [DllImport("libc")]
    private static extern int unlink(byte[] path);

    [DllImport("libc")]
    private static extern int mknod(byte[] path, uint mode, ulong device);
}

internal static class FindingTexts
{
    /// <summary>`SEVERITY CODE where` with the first letter of the severity: short enough to compare whole lists.</summary>
    public static string[] Short(this IEnumerable<Finding> findings) =>
        [.. findings.Select(finding => string.Create(CultureInfo.InvariantCulture,
            $"{finding.Severity.ToString()[0]} {finding.Code} {finding.Path ?? finding.ScanKey ?? "-"}{(finding.Field is null ? "" : " " + finding.Field)}"))];

    /// <summary>Without the lines about absent VerSe folders, which most trees of a test have.</summary>
    public static string[] ShortButAbsent(this IEnumerable<Finding> findings) =>
        [.. findings.Where(finding => finding is not { Code: "TREE_FOLDER_MISSING", Severity: Severity.Warning }).Short()];
}
