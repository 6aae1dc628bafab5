using System.Collections;
using System.Runtime.Versioning;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Spools;

/// <summary>The results of a run on a disk, by place: eight bytes of each are held. They come in any order, from any thread.</summary>
/// <param name="folder">Where a file can be made.</param>
/// <param name="count">How many there will be.</param>
[SupportedOSPlatform("linux")]
internal sealed class ScanSpool(string folder, int count) : IReadOnlyList<ScanResult>, IDisposable
{
    private const long Nowhere = -1;

    private readonly SpoolFile _file = new(folder);
    private readonly long[] _begins = Enumerable.Repeat(Nowhere, count).ToArray();

    public int Count => _begins.Length;

    /// <exception cref="StorageException">The storage failed.</exception>
    public ScanResult this[int place]
    {
        get
        {
            long begin = Volatile.Read(ref _begins[place]);
            if (begin == Nowhere) throw new InvalidOperationException($"There is no result at place {place} yet.");
            return StoredResult.OfBytes(_file.Read(begin));
        }
    }

    /// <exception cref="StorageException">The storage failed.</exception>
    public void Put(int place, ScanResult result) => Volatile.Write(ref _begins[place], _file.Append(StoredResult.BytesOf(result)));

    public IEnumerator<ScanResult> GetEnumerator()
    {
        for (int place = 0; place < Count; place++) yield return this[place];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _file.Dispose();
}
