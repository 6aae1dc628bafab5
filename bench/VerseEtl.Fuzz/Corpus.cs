using System.IO.Compression;
using System.Security.Cryptography;

namespace VerseEtl.Fuzz;

/// <summary>The inputs that fuzzing kept for one parser: a zip archive, stored in order of their names, so that the same inputs are the same bytes.</summary>
public static class Corpus
{
    private const int DigestLength = 12;
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Content by name.</summary>
    public static SortedDictionary<string, byte[]> Read(string archive)
    {
        SortedDictionary<string, byte[]> inputs = new(StringComparer.Ordinal);
        using ZipArchive zip = ZipFile.OpenRead(archive);
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            byte[] content = new byte[entry.Length];
            using Stream stored = entry.Open();
            stored.ReadExactly(content);
            inputs.Add(entry.FullName, content);
        }
        return inputs;
    }

    /// <summary>
    /// Adds files whose content the archive does not hold yet, and returns how many. A file keeps its name, one that afl named is named for
    /// its content; a name that stands for other content already is an <see cref="ArgumentException"/>, and nothing is written.
    /// </summary>
    public static int Add(string archive, IEnumerable<string> files)
    {
        SortedDictionary<string, byte[]> inputs = File.Exists(archive) ? Read(archive) : new(StringComparer.Ordinal);
        int before = inputs.Count;
        HashSet<string> held = [.. inputs.Values.Select(Digest)];
        foreach (string file in files)
        {
            byte[] content = File.ReadAllBytes(file);
            string digest = Digest(content), name = Path.GetFileName(file);
            if (held.Add(digest)) inputs.Add(name.StartsWith("id:", StringComparison.Ordinal) ? digest[..DigestLength] : name, content);
        }
        Write(archive, inputs);
        return inputs.Count - before;
    }

    private static void Write(string archive, SortedDictionary<string, byte[]> inputs)
    {
        using ZipArchive zip = new(File.Create(archive), ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in inputs)
        {
            ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
            entry.LastWriteTime = NoTime;
            using Stream stored = entry.Open();
            stored.Write(content);
        }
    }

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
