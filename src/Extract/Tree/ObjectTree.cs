using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// The objects of one listing as folders and files, and the way to their content. An object is read as it was listed: what another writer puts
/// in its place is noticed by its ETag, and seen from then on. Memory: some hundred bytes an object.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ObjectTree(IObjectSource source) : IFolders
{
    private readonly ConcurrentDictionary<string, StoredObject> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _folders = new(StringComparer.Ordinal);

    private readonly List<Finding> _misnamed = [];

    /// <summary>What cannot be a file in a folder.</summary>
    public IReadOnlyList<Finding> Findings =>
    [
        .. _misnamed,
        .. _folders.Keys.Where(key => _seen.TryGetValue(key, out StoredObject? clash) && clash.Bytes > 0).Order(StringComparer.Ordinal)
            .Select(key => Finding.Of(Faults.TreeNotRegular, new(Path: key, Field: "key"), "an object with others below its name", "a file or a folder")),
    ];

    /// <summary>Lists what lies below a folder, empty for all there is.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool List(string folder, CancellationToken token)
    {
        bool any = false;
        foreach (StoredObject listed in source.List(folder.Length == 0 ? "" : folder + "/", token))
        {
            any = true;
            Add(listed);
        }
        return any;
    }

    public int Status(string relative, bool follow, out FileStatus status)
    {
        if (_folders.ContainsKey(relative)) status = new FileStatus(FileKind.Directory, new FileIdentity(Hash("folder"), Hash(relative), 0, 0, 0));
        else if (_seen.TryGetValue(relative, out StoredObject? listed)) status = new FileStatus(FileKind.Regular, IdentityOf(listed));
        else
        {
            status = default;
            return FileCalls.NoEntry;
        }
        return 0;
    }

    public IEnumerable<string> Names(string relative) => _folders.GetValueOrDefault(relative) ?? [];

    /// <summary>An object's identity: of this listing where it was listed, else as it is now.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public FileIdentity Identity(string relative) => IdentityOf(Seen(relative));

    /// <summary>An object's content, which goes on where its connection was cut; and its identity.</summary>
    /// <inheritdoc cref="Identity"/>
    public (Stream Content, FileIdentity Identity) Open(string relative)
    {
        StoredObject seen = Seen(relative);
        return (new ResumingStream(offset => source.Open(seen, offset) ?? throw Changed(seen), seen.Bytes), IdentityOf(seen));
    }

    private StoredObject Seen(string relative) => _seen.TryGetValue(relative, out StoredObject? listed)
        ? listed : _seen[relative] = source.Look(relative) ?? throw new FileNotFoundException("There is no such object.");

    private FileChangedException Changed(StoredObject before)
    {
        _seen.TryRemove(before.Key, out _);
        return new FileChangedException(IdentityOf(before), IdentityOf(Seen(before.Key)));
    }

    private void Add(StoredObject listed)
    {
        string[] names = listed.Key.Split('/');
        // some programs put an empty object in the place of a folder
        bool marksFolder = names.Length > 1 && names[^1].Length == 0;
        if (marksFolder) names = names[..^1];
        if (names.Any(name => name is "" or "." or ".." || name.Contains('\0')))
        {
            _misnamed.Add(Finding.Of(Faults.TreeEscape, new(Path: listed.Key, Field: "key"), expected: "names with one '/' between them"));
            return;
        }
        string folder = "";
        Enter(folder, names[0]);
        for (int depth = 1; depth < names.Length; depth++)
        {
            folder = folder.Length == 0 ? names[depth - 1] : $"{folder}/{names[depth - 1]}";
            Enter(folder, marksFolder && depth == names.Length ? null : names[depth]);
        }
        if (marksFolder) _folders.TryAdd(listed.Key[..^1], new SortedSet<string>(StringComparer.Ordinal));
        else _seen[listed.Key] = listed;

        void Enter(string above, string? name)
        {
            if (!_folders.TryGetValue(above, out SortedSet<string>? known)) _folders[above] = known = new SortedSet<string>(StringComparer.Ordinal);
            if (name is not null) known.Add(name);
        }
    }

    /// <summary>Two objects are never the same file, whatever they hold; the index of hashes has no room for the device.</summary>
    private static FileIdentity IdentityOf(StoredObject seen) =>
        new(Hash(seen.Key), Hash(seen.ETag) >> 1, seen.Bytes, seen.ModifiedUtc.ToUnixTimeSeconds() * 1_000_000_000, 0);

    private static ulong Hash(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
