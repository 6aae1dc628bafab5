using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// The objects of one listing as folders and files, and the way to their content. An object is read as it was listed: what another writer puts
/// in its place is noticed by its ETag, and seen from then on. The listing lies in a workspace; held is what was looked at anew.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ObjectTree(IObjectSource source, IWorkspace workspace) : IFolders
{
    // null where the listed object is no longer there
    private readonly ConcurrentDictionary<string, StoredObject?> _anew = new(StringComparer.Ordinal);
    private readonly List<Finding> _misnamed = [];

    private ListedObjects? _listed;

    /// <summary>What cannot be a file in a folder.</summary>
    public IReadOnlyList<Finding> Findings => [.. _misnamed, .. _listed?.Clashes ?? []];

    /// <summary>Lists what lies below folders, once; an empty one is all there is.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool List(IEnumerable<string> folders, CancellationToken token)
    {
        bool any = false;
        _listed = ListedObjects.Of(folders.SelectMany(folder => source.List(folder.Length == 0 ? "" : folder + "/", token)).Where(IsNamed), workspace);
        return any;

        bool IsNamed(StoredObject listed)
        {
            any = true;
            // some programs put an empty object in the place of a folder
            string path = listed.Key.Length > 1 && listed.Key[^1] == '/' ? listed.Key[..^1] : listed.Key;
            if (!path.Split('/').Any(name => name is "" or "." or ".." || name.Contains('\0'))) return true;
            _misnamed.Add(Finding.Of(Faults.TreeEscape, new(Path: listed.Key, Field: "key"), expected: "names with one '/' between them"));
            return false;
        }
    }

    public int Status(string relative, bool follow, out FileStatus status)
    {
        status = default;
        if (_listed?.Find(relative) is not (int number, bool isFolder, var listed)) return FileCalls.NoEntry;
        status = isFolder
            ? new FileStatus(FileKind.Directory, new FileIdentity(Hash("folder"), (ulong)number, 0, 0, 0))
            : new FileStatus(FileKind.Regular, IdentityOf(listed!));
        return 0;
    }

    public IEnumerable<string> Names(string relative) => _listed?.NamesIn(relative) ?? [];

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

    private StoredObject Seen(string relative)
    {
        if (_anew.TryGetValue(relative, out StoredObject? known))
        {
            if (known is not null) return known;
        }
        else if (_listed?.Find(relative) is (_, _, StoredObject listed)) return listed;
        StoredObject now = source.Look(relative) ?? throw new FileNotFoundException("There is no such object.");
        _anew[relative] = now;
        return now;
    }

    private FileChangedException Changed(StoredObject before)
    {
        _anew[before.Key] = null;
        return new FileChangedException(IdentityOf(before), IdentityOf(Seen(before.Key)));
    }

    /// <summary>Two objects are never the same file, whatever they hold; the index of hashes has no room for the device.</summary>
    private static FileIdentity IdentityOf(StoredObject seen) =>
        new(Hash(seen.Key), Hash(seen.ETag) >> 1, seen.Bytes, seen.ModifiedUtc.ToUnixTimeSeconds() * 1_000_000_000, 0);

    private static ulong Hash(string text) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
