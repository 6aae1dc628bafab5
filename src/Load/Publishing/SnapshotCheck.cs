using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;

namespace VerseEtl.Load.Publishing;

/// <summary>Holds the files of a snapshot against its manifest.</summary>
internal static class SnapshotCheck
{
    /// <summary>What is wrong with a file, or null: it is there, has its size and hash, and a table has its row count.</summary>
    public static async Task<string?> Fault(string directory, ManifestFile file, CancellationToken cancellation)
    {
        string path = Path.Combine(directory, file.Path);
        if (!File.Exists(path)) return "it is missing";
        long bytes = new FileInfo(path).Length;
        if (bytes != file.Bytes) return Invariant($"{bytes} bytes instead of {file.Bytes}");
        if (Sha256.OfFile(path) is string hash && hash != file.Sha256) return $"SHA-256 {hash} instead of {file.Sha256}";
        if (file.Rows is not long rows) return null;
        using FileStream stream = File.OpenRead(path);
        long found = await TableReader.CountRowsAsync(stream, cancellation);
        return found == rows ? null : Invariant($"{found} rows instead of {rows}");
    }
}

/// <summary>A file of a committed snapshot that is not what the manifest says.</summary>
public sealed record DamagedFile(long Sequence, string Path, string Fault);
