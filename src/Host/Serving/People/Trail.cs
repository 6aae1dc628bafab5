using System.Security.Cryptography;
using System.Text;
using Serilog;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Serving.People;

/// <summary>
/// Who did what when: one JSON object a line in a file of the state folder, added to and never changed. Each line has the hash of the one before, so
/// that a line changed, taken out or put in breaks all that follow. Several processes may write.
/// </summary>
internal sealed class Trail(string folder, TimeProvider time, ILogger log)
{
    public const string FileName = "trail.jsonl";
    public static readonly string Zeros = new('0', 64);

    private const int LongestText = 300, LongestLine = 4096, Tries = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private volatile bool _failed;

    public string Path { get; } = System.IO.Path.Join(folder, FileName);

    /// <summary>The last deed could not be kept.</summary>
    public bool HasFailed => _failed;

    /// <summary>
    /// A trail that cannot be written stops nobody: whoever must roll back a night on a full disk may. The log and `/health/ready` tell of it.
    /// </summary>
    public void Add(Deed did, string who, string? from, string? about = null)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using FileStream file = Open();
            string line = Json.Line(new TrailEntry(time.GetUtcNow(), did, Cut(who)!, from, Cut(about), HashOfLast(file)));
            file.Write(Encoding.UTF8.GetBytes(line + "\n"));
            file.Flush(flushToDisk: true);
            _failed = false;
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            if (!_failed) log.Error("The trail of who did what cannot be written: {Reason}", error.Message);
            _failed = true;
        }
    }

    /// <summary>The newest entries, newest first, without a look at the rest of the file.</summary>
    public IReadOnlyList<TrailEntry> Newest(int most)
    {
        if (!File.Exists(Path)) return [];
        using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        long from = Math.Max(0, file.Length - ((long)most * LongestLine));
        file.Position = from;
        using StreamReader reader = new(file, Encoding.UTF8);
        // begun in the middle of a line
        if (from > 0) reader.ReadLine();
        List<TrailEntry> all = [];
        while (reader.ReadLine() is string line)
            if (TrailCheck.Parse(line) is TrailEntry entry) all.Add(entry);
        all.Reverse();
        return [.. all.Take(most)];
    }

    // nobody else has it open meanwhile: a chain has one end
    private FileStream Open()
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                return new FileStream(Path, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            }
            catch (IOException) when (tries < Tries)
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>Leaves the file at its end, behind a line end.</summary>
    private static string HashOfLast(FileStream file)
    {
        byte[] tail = new byte[Math.Min(file.Length, 2 * LongestLine)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        if (tail.Length == 0) return Zeros;
        // a line that a power cut left without an end stays as it is, as a line of its own
        if (tail[^1] != '\n') file.WriteByte((byte)'\n');
        else tail = tail[..^1];
        return HashOf(tail.AsSpan(tail.AsSpan().LastIndexOf((byte)'\n') + 1));
    }

    internal static string HashOf(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    private static string? Cut(string? text) => text is null ? null : Finding.OneLine(text.Length > LongestText ? text[..LongestText] : text);
}
