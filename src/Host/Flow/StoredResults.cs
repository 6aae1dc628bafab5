using System.Collections.Concurrent;
using System.Security.Cryptography;
using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Spools;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;
using Identity = VerseEtl.Load.Cache.FileIdentity;

namespace VerseEtl.Host.Flow;

/// <summary>
/// What a run does about one scan: takes its stored result, paints a picture for it that is not there, hashes its files to see whether there is
/// one, or measures it.
/// </summary>
internal enum ScanWork { Take, Paint, Hash, Measure }

/// <summary>
/// Takes the result of a scan from the warehouse's cache where its files hold what they held, and measures it otherwise. What a file holds
/// is known by its hash; the hash is known without reading as long as size, inode and times stay. Where they do not, as in a copied or
/// moved source, the files are hashed first if a result of files of these names and sizes is stored; otherwise they are hashed while they
/// are measured, so that nothing is read twice without need. Entries tell of their files themselves; the index of scans spares looking at them.
/// Safe to use from several threads.
/// </summary>
internal sealed class StoredResults(string cachePath, Pipeline pipeline, RunOptions options, TimeProvider time,
    Func<ScanFiles, ReadingLimits, CancellationToken, ScanResult> measure) : IDisposable
{
    /// <summary>Raised with every change of code that can change a row of any table: older results are not taken, tables are published anew.</summary>
    public const int MeasuringVersion = 2;

    /// <summary>Of a warehouse, and of a folder that `measure --out` fills.</summary>
    public const string CacheFolder = "cache";

    // a file changed again within the clock's grain would look the same
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    // an entry serves again when a file is put back as it was
    private static readonly TimeSpan KeptUnused = TimeSpan.FromDays(30);

    private readonly ScanCache _cache = new(cachePath);
    private readonly EntryKeys _keys = new(pipeline);
    private readonly StoredKeys _storedKeys = new(new ScanCache(cachePath), Path.GetTempPath());
    private readonly ScanPictures _pictures = new(ScanPictures.Beside(cachePath), pipeline.Reading.Pictures);
    private readonly ScanIndex? _index = options.IsPart ? null : new ScanIndex(cachePath, pipeline.Source.Path);
    private readonly List<Finding> _damage = [];
    private readonly ConcurrentDictionary<string, bool> _stored = new(StringComparer.Ordinal);
    private readonly ScanMeasuring _painting = new();
    private int _taken, _hashed;
    private long _bytesRead;

    /// <summary>Notes which results are of use; null for a run that prunes nothing.</summary>
    public ResultsOfUse? OfUse { get; init; }

    /// <summary>Results that were not measured anew.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Scans whose files were hashed to see whether their result is stored.</summary>
    public int Hashed => Volatile.Read(ref _hashed);

    /// <summary>Stored bytes of the CTs and masks that were measured anew.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Entries of the cache that could not be trusted and were dropped.</summary>
    public IReadOnlyList<Finding> Damage
    {
        get
        {
            lock (_damage) return [.. _damage];
        }
    }

    /// <summary>Takes over the results and pictures that `measure --out` put into a folder, or that another warehouse has.</summary>
    /// <exception cref="RunStoppedException">There is no such folder.</exception>
    /// <exception cref="StorageException">A storage failed.</exception>
    public static CacheMerge TakeOver(string cachePath, string folder, CancellationToken token)
    {
        if (!Directory.Exists(Path.Join(folder, CacheFolder)))
            throw new RunStoppedException(ExitCode.Configuration, $"--from: there are no results in {folder} (no {CacheFolder}/)");
        ScanPictures.Beside(cachePath).Merge(new PictureStore(folder), token);
        return new ScanCache(cachePath).Merge(new ScanCache(Path.Join(folder, CacheFolder)), token);
    }

    /// <exception cref="IOException">The source's storage failed or a file changed: worth another try.</exception>
    /// <exception cref="StorageException">The warehouse's storage failed.</exception>
    public ScanResult Measure(ScanFiles scan, CancellationToken token)
    {
        SourcePath[] files = EntryKeys.FilesOf(scan);
        bool anew = options.Full && options.IsAbout(scan);
        if (!anew && AsSeen(scan, files) is ScanResult same) return same;
        if (_keys.Identities(files) is not Identity[] before) return _pictures.Stored(measure(scan, pipeline.Reading, token));
        if (!anew && Indexed(scan, files, before) is IndexedScan known && Find(known.Entry) is ScanResult seen && _pictures.Has(seen))
            return known.WithPictures == pipeline.Reading.Pictures ? Take(seen) : TakeAs(scan, files, before, known.Entry, seen);
        if (!anew && Hashes(scan, files, before, token) is string[] hashes && _keys.Of(scan, files, before, hashes) is string key
            && Find(key) is ScanResult stored)
        {
            if (!_pictures.Has(stored)) stored = Painted(scan, stored, key, Entries(files, before, hashes), token);
            return TakeAs(scan, files, before, key, stored);
        }
        ScanResult result = _pictures.Stored(measure(scan, pipeline.Reading, token));
        Interlocked.Add(ref _bytesRead, (result.Scan.CtBytes ?? 0) + (result.Scan.MaskBytes ?? 0));
        Keep(scan, files, before, result, token);
        return result;
    }

    /// <summary>The stored result of a scan, or else what was recorded of one that has no content to store it under.</summary>
    /// <returns>Null where the scan, or its picture, must be made.</returns>
    /// <inheritdoc cref="Measure"/>
    public ScanResult? Stored(ScanFiles scan, CancellationToken token)
    {
        SourcePath[] files = EntryKeys.FilesOf(scan);
        if (_keys.Identities(files) is Identity[] now)
        {
            string? key = Indexed(scan, files, now)?.Entry ?? (Hashes(scan, files, now, token) is string[] hashes ? _keys.Of(scan, files, now, hashes) : null);
            if (key is not null && Find(key) is ScanResult stored) return _pictures.Has(stored) ? TakeAs(scan, files, now, key, stored) : null;
        }
        return Find(_keys.OfRecord(scan, files)) is ScanResult recorded ? Take(recorded) : null;
    }

    /// <summary>
    /// Records how a scan ended whose files could not all be read, for a run that only takes what is stored. It holds while the files look as
    /// they do now, and no run that measures takes it.
    /// </summary>
    public void Record(ScanFiles scan, ScanResult result)
    {
        if (!_stored.ContainsKey(scan.Key.Text)) _cache.Put(_keys.OfRecord(scan, EntryKeys.FilesOf(scan)), result, []);
    }

    /// <summary>What <see cref="Measure"/> would do, told without opening a file of the source: work, and stored bytes that it begins with.</summary>
    /// <exception cref="IOException">The source's storage failed.</exception>
    /// <exception cref="StorageException">The warehouse's storage failed.</exception>
    public (ScanWork Work, long Bytes) Ahead(ScanFiles scan)
    {
        SourcePath[] files = EntryKeys.FilesOf(scan);
        if (_keys.Identities(files) is not Identity[] now) return (ScanWork.Measure, 0);
        if (Indexed(scan, files, now) is IndexedScan indexed && _pictures.Has(indexed) && _cache.IsStored(indexed.Entry)) return (ScanWork.Take, 0);
        string?[] known = Known(scan, files, now, out bool mayBeStored);
        if (!known.Contains(null) && _keys.Of(scan, files, now, known!) is string key && _cache.Has(key))
        {
            if (!pipeline.Reading.Pictures) return (ScanWork.Take, 0);
            if (_cache.TryGet(key, out ScanResult? stored, out _))
                return _pictures.Has(stored!) ? (ScanWork.Take, 0) : (ScanWork.Paint, now.Sum(file => file.Bytes));
        }
        return known.Contains(null) && mayBeStored
            ? (ScanWork.Hash, now.Where((_, at) => known[at] is null).Sum(file => file.Bytes))
            : (ScanWork.Measure, now.Sum(file => file.Bytes));
    }

    /// <summary>
    /// What the stored result of a scan adds to the digest of the inputs, where the scan looks as it did when the walk went by, and its picture is there.
    /// Nothing is opened.
    /// </summary>
    /// <returns>Null where the scan must be looked at.</returns>
    public byte[]? Unchanged(ScanFiles scan)
    {
        SourcePath[] files = EntryKeys.FilesOf(scan);
        return EntryKeys.Seen(files) is Identity[] seen && Indexed(scan, files, seen) is IndexedScan known && _pictures.Has(known) ? known.Leaf : null;
    }

    /// <summary>Counts scans as taken whose results nobody needed to see.</summary>
    public void TakeUnseen(int scans) => Interlocked.Add(ref _taken, scans);

    /// <summary>Stores what is known about scans for the next run.</summary>
    /// <param name="whole">Every scan of the source was asked for.</param>
    public void Save(bool whole) => _index?.Save(whole);

    /// <summary>Removes what is of no use and was not stored lately: results that no scan of this run has, pictures that no snapshot names.</summary>
    /// <param name="named">What the snapshots that are kept name, this run's among them; asked for only if there may be something to remove.</param>
    public void Prune(Func<IEnumerable<string>> named)
    {
        DateTimeOffset before = time.GetUtcNow() - KeptUnused;
        OfUse?.Prune(_cache, before);
        _pictures.Prune(named, before);
    }

    public void Dispose()
    {
        _index?.Dispose();
        _storedKeys.Dispose();
        OfUse?.Dispose();
    }

    /// <summary>In a pass of its own: the rows stay as they were measured.</summary>
    private ScanResult Painted(ScanFiles scan, ScanResult stored, string key, FileIndexEntry[] files, CancellationToken token)
    {
        ScanResult painted = _pictures.Stored(_painting.Paint(scan, stored, pipeline.Reading, token));
        _cache.Put(key, painted, files);
        return painted;
    }

    /// <summary>The stored result of a scan that looked, when the walk went by, as the index knows it; its files are not looked at again.</summary>
    private ScanResult? AsSeen(ScanFiles scan, SourcePath[] files) =>
        EntryKeys.Seen(files) is Identity[] seen && Indexed(scan, files, seen) is IndexedScan known && known.WithPictures == pipeline.Reading.Pictures
            && Find(known.Entry) is ScanResult stored && _pictures.Has(stored) ? Take(stored) : null;

    /// <summary>Takes a result, and remembers that a scan that looks so has it.</summary>
    private ScanResult TakeAs(ScanFiles scan, SourcePath[] files, Identity[] looked, string key, ScanResult stored)
    {
        ScanResult taken = Take(stored);
        if (Indexed(scan, files, looked) is not IndexedScan known || known.Entry != key || known.WithPictures != pipeline.Reading.Pictures)
            Remember(scan, files, looked, key, taken);
        return taken;
    }

    private ScanResult Take(ScanResult stored)
    {
        Interlocked.Increment(ref _taken);
        if (options.IsPart) _stored[stored.Scan.ScanKey] = true;
        return _pictures.AsWanted(stored);
    }

    private ScanResult? Find(string key)
    {
        OfUse?.Add(key);
        if (_cache.TryGet(key, out ScanResult? result, out Finding? damage)) return result;
        if (damage is not null) lock (_damage) _damage.Add(damage);
        return null;
    }

    private void Keep(ScanFiles scan, SourcePath[] files, Identity[] before, ScanResult result, CancellationToken token)
    {
        string? Known(SourcePath file) => file == scan.Ct ? result.Scan.CtSha256
            : file == scan.Mask && scan.MaskParts is null ? result.Scan.MaskSha256
            : file == scan.Subregions ? result.Scan.SubregionSha256 ?? Hash(file, token)
            : file == scan.Centroids ? result.Scan.CentroidSha256 : Hash(file, token);
        string?[] hashes = [.. files.Select(Known)];
        if (hashes.Contains(null) || !AreStill(files, before)) return;
        string key = _keys.Of(scan, files, before, hashes!);
        OfUse?.Add(key);
        _cache.Put(key, result, Entries(files, before, hashes!));
        Remember(scan, files, before, key, result);
        if (options.IsPart) _stored[scan.Key.Text] = true;
    }

    /// <returns>Null where measuring is to find out what the files hold.</returns>
    private string[]? Hashes(ScanFiles scan, SourcePath[] files, Identity[] identities, CancellationToken token)
    {
        string?[] hashes = Known(scan, files, identities, out bool mayBeStored);
        if (!hashes.Contains(null)) return hashes!;
        if (!mayBeStored) return null;
        Interlocked.Increment(ref _hashed);
        for (int at = 0; at < files.Length; at++)
            if ((hashes[at] ??= Hash(files[at], token)) is null) return null;
        return hashes!;
    }

    /// <summary>Hashes of files that look as they did when they were hashed, by the entries of results of files of these names and sizes.</summary>
    /// <param name="mayBeStored">There are such entries.</param>
    private string?[] Known(ScanFiles scan, SourcePath[] files, Identity[] identities, out bool mayBeStored)
    {
        IEnumerable<string> keys = _storedKeys.BeginningWith(EntryKeys.Names(scan, files, identities));
        FileIndexEntry[] told = [.. keys.Select(_cache.Head).OfType<EntryHead>().SelectMany(head => head.Files)];
        mayBeStored = told.Length > 0;
        if (options.Verify) return new string?[files.Length];
        return [.. files.Select((file, at) => told.FirstOrDefault(entry => entry.Path == file.Relative && entry.Identity == identities[at])?.Sha256)];
    }

    /// <summary>What the index knows of a scan that looks so; null where it looks otherwise, or files are to be hashed in any case.</summary>
    private IndexedScan? Indexed(ScanFiles scan, SourcePath[] files, Identity[] identities) =>
        !options.Verify && _index?.Find(scan.Key.Text) is IndexedScan known && known.Looks.AsSpan().SequenceEqual(_keys.Looks(scan, files, identities))
            ? known : null;

    private void Remember(ScanFiles scan, SourcePath[] files, Identity[] looked, string key, ScanResult result)
    {
        if (_index is null || !looked.All(IsSettled) || !AreStill(files, looked)) return;
        result = _pictures.AsWanted(result);
        if (!_pictures.TryLook(result, out string? picture, out long pictureBytes)) return;
        _index.Remember(new IndexedScan
        {
            ScanKey = scan.Key.Text,
            Looks = _keys.Looks(scan, files, looked),
            Entry = key,
            Leaf = Digests.OfScan(result),
            WithPictures = pipeline.Reading.Pictures,
            Picture = picture,
            PictureBytes = pictureBytes,
        });
    }

    /// <summary>Files are as they were before they were read.</summary>
    private bool AreStill(SourcePath[] files, Identity[] before) => _keys.Identities(files) is Identity[] after && before.SequenceEqual(after);

    /// <summary>Files as an entry tells of them.</summary>
    public FileIndexEntry[] Entries(SourcePath[] files, Identity[] identities, string[] hashes)
    {
        return
        [
            .. files.Select((file, at) => new FileIndexEntry(file.Relative,
                IsSettled(identities[at]) ? identities[at] : new Identity(identities[at].Bytes, 0, 0, 0), hashes[at])),
        ];
    }

    /// <summary>A change from now on will show: the file was last changed before the clock's grain.</summary>
    private bool IsSettled(Identity file)
    {
        long settledNs = (time.GetUtcNow() - Settled - DateTimeOffset.UnixEpoch).Ticks * 100;
        return file.ModifiedNs < settledNs && file.ChangedNs < settledNs;
    }

    private string? Hash(SourcePath path, CancellationToken token)
    {
        try
        {
            using SourceFile file = SourceFile.Open(path, pipeline.Reading.FollowLinks);
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            byte[] buffer = new byte[1 << 16];
            for (int read = file.Stream.Read(buffer); read > 0; read = file.Stream.Read(buffer))
            {
                token.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
            }
            file.ThrowIfChanged();
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (BadFileException)
        {
            return null;
        }
    }
}
