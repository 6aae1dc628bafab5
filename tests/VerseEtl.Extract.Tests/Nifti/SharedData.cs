using System.IO.Compression;
using VerseEtl.Phantoms;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Genuine and awkward files that lie outside the repository; tests that want them are skipped without.</summary>
internal static class SharedData
{
    public static string File(params string[] path)
    {
        string file = Path.Join([Root(), "data", .. path]);
        Assert.SkipUnless(System.IO.File.Exists(file), $"{string.Join('/', path)} is not here.");
        return file;
    }

    /// <summary>The unpacked content. The packing is no subject of these tests.</summary>
    public static byte[] Unpacked(params string[] path)
    {
        byte[] bytes = System.IO.File.ReadAllBytes(File(path));
        if (bytes is not [0x1f, 0x8b, ..]) return bytes;
        using GZipStream packed = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream content = new();
        packed.CopyTo(content);
        return content.ToArray();
    }

    public static PieceSource Pieces(params string[] path) => new(Unpacked(path), 32768, 64);

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("VERSEETL_SHARED") is { Length: > 0 } given) return given;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Join(folder.FullName, "VerseEtl.sln")))
                return Path.Join(folder.FullName, "..", "shared");
        return "";
    }
}
