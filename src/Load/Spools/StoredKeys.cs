using System.Runtime.Versioning;
using System.Text;
using VerseEtl.Load.Cache;

namespace VerseEtl.Load.Spools;

/// <summary>
/// Keys of stored results by how they begin. A folder of the cache is listed when it is first asked for, and its keys are kept on a disk, sorted: so
/// asking for each of a million does not list a folder of thousands each time. A result that is stored afterwards is not among them.
/// Safe to use from several threads.
/// </summary>
/// <param name="cache">Whose keys.</param>
/// <param name="folder">Where the file without a name is made.</param>
/// <param name="perBlock">Of so many keys one is in memory.</param>
[SupportedOSPlatform("linux")]
internal sealed class StoredKeys(ScanCache cache, string folder, int perBlock = 64) : IDisposable
{
    private readonly Lazy<SpoolFile> _file = new(() => new SpoolFile(folder));
    private readonly Lazy<Block[]>?[] _folders = new Lazy<Block[]>?[256];

    private readonly record struct Block(string First, long At);

    /// <param name="prefix">Lower-case hexadecimal, two digits at least.</param>
    public IReadOnlyList<string> BeginningWith(string prefix)
    {
        Block[] blocks = BlocksOf(prefix[..2]);
        // the block before the first that begins at the prefix or behind it may have some at its end
        int at = 0;
        for (int after = blocks.Length; at < after;)
        {
            int middle = (at + after) / 2;
            if (string.CompareOrdinal(blocks[middle].First, prefix) < 0) at = middle + 1;
            else after = middle;
        }
        List<string> found = [];
        for (at = Math.Max(0, at - 1); at < blocks.Length && !IsBehind(blocks[at].First, prefix); at++)
            found.AddRange(Read(blocks[at]).Where(key => key.StartsWith(prefix, StringComparison.Ordinal)));
        return found;
    }

    public void Dispose()
    {
        if (_file.IsValueCreated) _file.Value.Dispose();
    }

    private Block[] BlocksOf(string name)
    {
        ref Lazy<Block[]>? listed = ref _folders[Convert.ToByte(name, 16)];
        if (Volatile.Read(ref listed) is null) Interlocked.CompareExchange(ref listed, new Lazy<Block[]>(() => Listed(name)), null);
        return listed!.Value;
    }

    private Block[] Listed(string name) =>
    [
        .. cache.Keys(name).Order(StringComparer.Ordinal).Chunk(perBlock)
            .Select(keys => new Block(keys[0], _file.Value.Append(Encoding.ASCII.GetBytes(string.Join('\n', keys))))),
    ];

    private string[] Read(Block block) => Encoding.ASCII.GetString(_file.Value.Read(block.At)).Split('\n');

    private static bool IsBehind(string key, string prefix) =>
        string.CompareOrdinal(key, prefix) > 0 && !key.StartsWith(prefix, StringComparison.Ordinal);
}
