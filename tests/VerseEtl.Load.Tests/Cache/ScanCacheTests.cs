using System.Text.Json;
using VerseEtl.Load.Cache;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Cache;

public sealed class ScanCacheTests : IDisposable
{
    private static readonly string Key = new('a', 64);
    private static readonly FileIndexEntry[] Files = [new("a/ü \"x\"_ct.nii.gz", new FileIdentity(12, 20, 30, 40), new string('d', 64))];
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_stored_result_comes_back_bit_for_bit()
    {
        PublishedTables tables = SampleTables.Of(6);
        ScanCache cache = new(_temp.Path);
        foreach (ScanRow scan in tables.Scans)
        {
            ScanResult stored = new(scan, [.. tables.Vertebrae.Where(row => row.ScanKey == scan.ScanKey)], [.. tables.Findings]);
            cache.Put(Key, stored, Files);
            Assert.True(new ScanCache(_temp.Path).TryGet(Key, out ScanResult? read, out Finding? damage));
            Assert.Null(damage);
            Assert.Equal(JsonSerializer.Serialize(stored), JsonSerializer.Serialize(read));
            Assert.Equal(stored.Vertebrae, read!.Vertebrae);
            Assert.Equal(stored.Findings, read.Findings);
            Assert.Equal(stored.Vertebrae.Select(row => BitConverter.DoubleToInt64Bits(row.VolumeCm3)),
                read.Vertebrae.Select(row => BitConverter.DoubleToInt64Bits(row.VolumeCm3)));
        }
    }

    [Fact]
    public void A_missing_key_is_no_damage()
    {
        Assert.False(new ScanCache(_temp.Path).TryGet(Key, out ScanResult? result, out Finding? damage));
        Assert.Null(result);
        Assert.Null(damage);
        Assert.Throws<ArgumentException>(() => new ScanCache(_temp.Path).TryGet("../../../etc/passwd12", out _, out _));
    }

    [Fact]
    public void A_flipped_bit_or_a_cut_anywhere_in_an_entry_is_noticed_and_the_entry_dropped()
    {
        ScanCache cache = new(_temp.Path);
        PublishedTables tables = SampleTables.Of(1);
        ScanResult result = new(tables.Scans[0], [tables.Vertebrae[0]], []);
        cache.Put(Key, result, Files);
        string path = Directory.GetFiles(_temp.Path, "*.json", SearchOption.AllDirectories).Single();
        byte[] whole = File.ReadAllBytes(path);
        for (int at = 0; at < whole.Length; at += 7)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= (byte)(1 << at % 8);
            foreach (byte[] damaged in new[] { flipped, whole[..at] })
            {
                File.WriteAllBytes(path, damaged);
                Assert.False(cache.TryGet(Key, out _, out Finding? damage));
                Assert.Equal("CACHE_CORRUPT", damage!.Code);
                Assert.False(File.Exists(path));
            }
        }
        string other = Path.Combine(Path.GetDirectoryName(path)!, new string('a', 63) + "b.json");
        File.WriteAllBytes(other, whole);
        Assert.False(cache.TryGet(Path.GetFileNameWithoutExtension(other), out _, out Finding? misplaced));
        Assert.NotNull(misplaced);
        cache.Put(Key, result, Files);
        Assert.True(cache.TryGet(Key, out _, out _));
    }

    [Fact]
    public void Entries_tell_of_which_files_they_are_and_no_folder_is_made_before_the_first()
    {
        string folder = Path.Combine(_temp.Path, "cache"), prefix = Key[..32];
        ScanCache cache = new(folder);
        Assert.Empty(cache.Keys(prefix[..2]));
        Assert.Null(cache.Head(Key));
        Assert.Equal(0, cache.Prune(_ => false, DateTimeOffset.UtcNow));
        Assert.False(Directory.Exists(folder));
        PublishedTables tables = SampleTables.Of(1);
        cache.Put(Key, new ScanResult(tables.Scans[0], [.. Enumerable.Repeat(tables.Vertebrae[0], 100)], []), Files);
        cache.Put("aaaa" + new string('b', 60), new ScanResult(tables.Scans[0], [tables.Vertebrae[0]], []), []);
        string entry = Directory.GetFiles(folder, Key + ".json", SearchOption.AllDirectories).Single();
        foreach (string broken in new[] { "", "x", new string('x', 70), new string('x', 65) + "{\"ScanKey\":", new string('x', 65) + "[]\n{}" })
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(entry)!, $"{prefix}{broken.Length}.json"), broken);
        string[] keys = [.. cache.Keys(prefix[..2]).Where(key => key.StartsWith(prefix, StringComparison.Ordinal))];
        Assert.Equal(5, keys.Length);
        EntryHead head = Assert.Single(keys.Select(cache.Head).OfType<EntryHead>());
        Assert.Equal(tables.Scans[0].ScanKey, head.ScanKey);
        Assert.Equal(Files, head.Files);
        Assert.True(cache.Has(Key));
        File.AppendAllText(entry, " ");
        Assert.False(cache.Has(Key));
        Assert.True(File.Exists(entry));
    }

    [Fact]
    public void What_is_sound_in_another_cache_is_taken_over_once_and_a_damaged_entry_here_is_replaced()
    {
        ScanCache here = new(Path.Combine(_temp.Path, "here")), there = new(Path.Combine(_temp.Path, "there"));
        PublishedTables tables = SampleTables.Of(1);
        ScanResult result = new(tables.Scans[0], [tables.Vertebrae[0]], []);
        string bad = new('b', 64), mine = new('c', 64);
        foreach (string key in new[] { Key, bad, mine }) there.Put(key, result, Files);
        here.Put(mine, result, Files);
        foreach (string damaged in new[] { Path.Combine("here", "scans", "cc", mine), Path.Combine("there", "scans", "bb", bad) })
            File.AppendAllText(Path.Combine(_temp.Path, damaged + ".json"), " ");
        File.WriteAllText(Path.Combine(_temp.Path, "there", "scans", "notes.json"), "{}");
        CacheMerge merge = here.Merge(there, CancellationToken.None);
        Assert.Equal((2, bad), (merge.Taken, Assert.Single(merge.Damaged)));
        Assert.True(here.Has(Key) && here.Has(mine) && !here.Has(bad));
        Assert.Equal(0, here.Merge(there, CancellationToken.None).Taken);
    }

    [Theory]
    [InlineData("[{\"place\": \"a\"}]")]
    [InlineData("{\"format\": 99}")]
    public void What_another_build_wrote_whole_and_in_another_shape_counts_as_nothing(string body)
    {
        ScanCache cache = new(_temp.Path);
        PublishedTables tables = SampleTables.Of(1);
        cache.Put(Key, new ScanResult(tables.Scans[0], [tables.Vertebrae[0]], []), Files);
        string entry = "{}\n" + body;
        File.WriteAllText(Directory.GetFiles(_temp.Path, Key + ".json", SearchOption.AllDirectories).Single(), $"{HashOf(Key + entry)}\n{entry}");
        Assert.False(cache.TryGet(Key, out _, out Finding? damage));
        Assert.Equal("CACHE_CORRUPT", damage!.Code);
    }

    private static string HashOf(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
