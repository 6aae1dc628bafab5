using System.Runtime.Versioning;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Publishing;

/// <summary>Holds what lies on the disk against a commit, its manifest and the sizes and hashes in it.</summary>
[SupportedOSPlatform("linux")]
internal static class SnapshotCheck
{
    /// <summary>Everything but the content of the files: the manifest, and that each file and no other is there with its size.</summary>
    /// <param name="snapshot">Null unless the manifest is whole.</param>
    public static IReadOnlyList<DamagedFile> Outside(WarehouseLayout layout, CommitLog log, Commit commit, out Snapshot? snapshot)
    {
        snapshot = null;
        string directory = layout.Snapshot(commit.Snapshot);
        if (!Directory.Exists(directory)) return [new DamagedFile(commit.Sequence, Path.GetRelativePath(layout.Root, directory), "it is missing")];
        string path = Path.Combine(directory, Manifest.FileName);
        if (!File.Exists(path)) return [new DamagedFile(commit.Sequence, Manifest.FileName, "it is missing")];
        snapshot = log.SnapshotOf(commit);
        if (snapshot is null) return [new DamagedFile(commit.Sequence, Manifest.FileName, "its SHA-256 is not the one in the commit")];

        List<DamagedFile> damaged = [];
        HashSet<string> listed = [Manifest.FileName];
        foreach (ManifestFile file in snapshot.Manifest.Files)
        {
            listed.Add(file.Path);
            if (FaultOfSize(directory, file) is string fault) damaged.Add(new DamagedFile(commit.Sequence, file.Path, fault));
        }
        // a reader that lists a table's folder would take it for one of its files
        foreach (string found in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Select(each => Path.GetRelativePath(directory, each)))
            if (!listed.Contains(found) && Path.GetFileName(found)[0] != '.')
                damaged.Add(new DamagedFile(commit.Sequence, found, "it is not in the manifest"));
        return damaged;
    }

    /// <summary>What is wrong with a file, or null: it is there, has its size and hash.</summary>
    public static string? Fault(string directory, ManifestFile file, CancellationToken cancellation)
    {
        (FileStream? stream, string? fault) = OpenProven(directory, file, cancellation);
        stream?.Dispose();
        return fault;
    }

    /// <summary>Opens a file and proves it; what is read from the stream afterwards is what was proven.</summary>
    /// <exception cref="WarehouseDamagedException">It is not what the manifest says.</exception>
    public static FileStream Open(Snapshot snapshot, ManifestFile file, CancellationToken cancellation)
    {
        (FileStream? stream, string? fault) = OpenProven(snapshot.Directory, file, cancellation);
        return stream ?? throw new WarehouseDamagedException([new DamagedFile(snapshot.Sequence, file.Path, fault!)],
            "`snapshots verify` tells all that is damaged, `run` publishes anew");
    }

    private static (FileStream? Stream, string? Fault) OpenProven(string directory, ManifestFile file, CancellationToken cancellation)
    {
        if (FaultOfSize(directory, file) is string wrong) return (null, wrong);
        FileStream stream;
        try
        {
            stream = new PromptFile(Path.Combine(directory, file.Path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, Gone);
        }
        try
        {
            string hash = Sha256.OfStream(stream, cancellation);
            if (hash == file.Sha256)
            {
                stream.Position = 0;
                return (stream, null);
            }
            stream.Dispose();
            return (null, $"SHA-256 {hash} instead of {file.Sha256}");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private const string Gone = "it is missing";

    private static string? FaultOfSize(string directory, ManifestFile file)
    {
        FileInfo found = new(Path.Combine(directory, file.Path));
        if (!found.Exists) return Gone;
        return found.Length != file.Bytes ? Invariant($"{found.Length} bytes instead of {file.Bytes}") : null;
    }
}
