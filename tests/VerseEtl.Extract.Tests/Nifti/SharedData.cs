using System.IO.Compression;
using VerseEtl.Phantoms;

namespace VerseEtl.Extract.Tests.Nifti;

/// <summary>Content of genuine and awkward files. The packing is no subject of these tests.</summary>
internal static class SharedData
{
    public static PieceSource Pieces(params string[] path) => new(Unpacked(SharedFiles.Require(string.Join('/', ["data", .. path]))), 32768, 64);

    private static byte[] Unpacked(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (bytes is not [0x1f, 0x8b, ..]) return bytes;
        using GZipStream packed = new(new MemoryStream(bytes), CompressionMode.Decompress);
        using MemoryStream content = new();
        packed.CopyTo(content);
        return content.ToArray();
    }
}
