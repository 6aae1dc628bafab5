using System.Security.Cryptography;
using System.Text;
using VerseEtl.Load.Cache;

namespace VerseEtl.Load.Tests.Cache;

/// <summary>The index of scans against a dictionary, with so few records in memory that segments and merges are made all the time.</summary>
public sealed class ScanIndexTests : IDisposable
{
    private const string Source = "/data";
    private const int Few = 3;

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Whatever_is_remembered_saved_and_opened_again_the_newest_record_of_a_scan_is_found()
    {
        Random random = new(20261128);
        Dictionary<string, IndexedScan> known = new(StringComparer.Ordinal);
        ScanIndex index = Opened();
        for (int step = 0; step < 400; step++)
        {
            int what = random.Next(20);
            if (what == 0)
            {
                // a process that is killed saves nothing
                if (random.Next(2) == 0) index.Save();
                index.Dispose();
                index = Opened();
            }
            else if (what == 1)
            {
                string[] gone = [.. known.Keys.Where(_ => random.Next(4) == 0)];
                foreach (string scan in gone) known.Remove(scan);
                index.Save();
                index.Dispose();
                index = Opened();
                foreach (string scan in known.Keys) Assert.NotNull(index.Find(scan));
                index.Save(whole: true);
                // what nobody asks for may stay a while, and is no scan's that is asked for
                index.Dispose();
                index = Opened();
            }
            else if (what < 14)
            {
                IndexedScan scan = Scan($"verse20/test/sub-ü{random.Next(60):D3}", random.Next());
                index.Remember(scan);
                known[scan.ScanKey] = scan;
            }
            else if (known.Count > 0)
            {
                IndexedScan expected = known.Values.ElementAt(random.Next(known.Count));
                AssertSame(expected, index.Find(expected.ScanKey));
            }
        }
        foreach (IndexedScan scan in known.Values) AssertSame(scan, index.Find(scan.ScanKey));
        Assert.Null(index.Find("verse20/test/sub-none"));
        index.Dispose();
    }

    [Fact]
    public void A_night_writes_in_proportion_to_what_changed_and_nothing_where_nothing_did()
    {
        const int Scans = 4_000;
        using (ScanIndex first = new(_temp.Path, Source))
        {
            for (int at = 0; at < Scans; at++) first.Remember(Scan(Key(at), at));
            first.Save(whole: true);
        }
        long all = Bytes();
        (string Path, DateTime Written)[] before = Segments();
        for (int night = 1; night <= 20; night++)
        {
            using ScanIndex index = new(_temp.Path, Source);
            for (int at = 0; at < Scans; at++) Assert.NotNull(index.Find(Key(at)));
            if (night % 2 == 0) for (int at = 0; at < 10; at++) index.Remember(Scan(Key(at * 37 + night), -night));
            index.Save(whole: true);
            if (night == 1) Assert.Equal(before.Select(each => each.Path), Segments().Select(each => each.Path));
            Assert.Contains(before[0].Path, Segments().Select(each => each.Path));
            Assert.InRange(Segments().Length, 1, 8);
        }
        Assert.InRange(Bytes(), all, all + all / 10);
        using ScanIndex last = new(_temp.Path, Source);
        AssertSame(Scan(Key(20), -20), last.Find(Key(20)));
    }

    [Fact]
    public void Scans_that_are_gone_go_once_they_are_the_larger_part()
    {
        using (ScanIndex first = Opened())
        {
            for (int at = 0; at < 300; at++) first.Remember(Scan(Key(at), at));
            first.Save(whole: true);
        }
        long all = Bytes();
        using (ScanIndex whole = Opened())
        {
            for (int at = 0; at < 100; at++) Assert.NotNull(whole.Find(Key(at)));
            whole.Save(whole: true);
        }
        Assert.InRange(Bytes(), all / 4, all / 2);
        using ScanIndex next = Opened();
        AssertSame(Scan(Key(7), 7), next.Find(Key(7)));
        Assert.Null(next.Find(Key(200)));
    }

    [Theory]
    [InlineData("segment")]
    [InlineData("journal")]
    public void A_file_that_is_torn_or_flipped_at_any_byte_tells_nothing_wrong(string ending)
    {
        using (ScanIndex index = new(_temp.Path, Source))
        {
            for (int at = 0; at < 5; at++) index.Remember(Scan(Key(at), at));
            if (ending == "segment") index.Save();
        }
        string path = Directory.GetFiles(_temp.Path, "*." + ending).Single();
        byte[] whole = File.ReadAllBytes(path);
        int told = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] flipped = [.. whole];
            flipped[at] ^= (byte)(1 << at % 8);
            foreach (byte[] damaged in new[] { flipped, whole[..at], [.. whole, .. whole[..at]] })
            {
                File.WriteAllBytes(path, damaged);
                using ScanIndex index = new(_temp.Path, Source);
                for (int scan = 0; scan < 5; scan++)
                    if (index.Find(Key(scan)) is IndexedScan found)
                    {
                        AssertSame(Scan(Key(scan), scan), found);
                        told++;
                    }
            }
        }
        Assert.NotEqual(0, told);
    }

    [Fact]
    public async Task Two_processes_at_once_keep_what_the_other_stored()
    {
        await Task.WhenAll(Enumerable.Range(0, 2).Select(host => Task.Run(() =>
        {
            for (int night = 0; night < 5; night++)
            {
                using ScanIndex index = Opened();
                for (int at = 0; at < 20; at++) index.Remember(Scan(Key(host * 1_000 + night * 20 + at), at));
                index.Save();
            }
        })));
        using ScanIndex both = Opened();
        for (int host = 0; host < 2; host++)
            for (int at = 0; at < 5 * 20; at++) AssertSame(Scan(Key(host * 1_000 + at), at % 20), both.Find(Key(host * 1_000 + at)));
        Assert.Empty(Directory.GetFiles(_temp.Path, "*.journal"));
    }

    [Fact]
    public void The_journal_of_a_killed_process_is_taken_over_and_goes_after_a_day()
    {
        ScanIndex killed = new(_temp.Path, Source);
        killed.Remember(Scan(Key(1), 1));
        killed.Dispose();
        string journal = Directory.GetFiles(_temp.Path, "*.journal").Single();
        using (ScanIndex next = new(_temp.Path, Source)) next.Save();
        Assert.True(File.Exists(journal));
        File.SetLastWriteTimeUtc(journal, DateTime.UtcNow.AddDays(-2));
        using (ScanIndex later = new(_temp.Path, Source)) later.Save();
        Assert.False(File.Exists(journal));
        using ScanIndex last = new(_temp.Path, Source);
        AssertSame(Scan(Key(1), 1), last.Find(Key(1)));
    }

    [Fact]
    public void An_index_of_an_older_build_goes_and_those_of_other_sources_are_told_once_nobody_uses_them()
    {
        string older = ScanIndex.PathOf(_temp.Path, Source, ".json");
        File.WriteAllText(older, "hash[{\"Path\": \"a\"}]");
        using ScanIndex index = new(_temp.Path, Source);
        Assert.Null(index.Find("a"));
        index.Remember(Scan(Key(1), 1));
        index.Save();
        Assert.False(File.Exists(older));
        using (ScanIndex other = new(_temp.Path, "/other"))
        {
            other.Remember(Scan(Key(1), 1));
            other.Save();
            Assert.NotNull(other.Find(Key(1)));
        }
        Assert.Empty(ScanIndex.UnusedSince(_temp.Path, Source, DateTimeOffset.UtcNow.AddDays(-1)));
        Assert.Single(ScanIndex.UnusedSince(_temp.Path, Source, DateTimeOffset.UtcNow.AddDays(1)));
    }

    private ScanIndex Opened() => new(_temp.Path, Source, Few);

    private static string Key(int at) => $"verse20/test/sub-verse{at:D5}";

    private (string Path, DateTime Written)[] Segments() =>
        [.. Directory.GetFiles(_temp.Path, "*.segment").Order(StringComparer.Ordinal).Select(path => (path, File.GetLastWriteTimeUtc(path)))];

    private long Bytes() => Segments().Sum(each => new FileInfo(each.Path).Length);

    private static IndexedScan Scan(string key, int state)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(key + state));
        return new IndexedScan
        {
            ScanKey = key,
            Looks = hash[..IndexedScan.LooksLength],
            Entry = Convert.ToHexStringLower([.. hash, .. hash[..16]]),
            Leaf = [.. hash.Reverse()],
            WithPictures = state % 2 == 0,
            Picture = state % 3 == 0 ? Convert.ToHexStringLower(hash) : null,
            PictureBytes = state % 3 == 0 ? Math.Abs(state) : 0,
        };
    }

    private static void AssertSame(IndexedScan expected, IndexedScan? found)
    {
        Assert.NotNull(found);
        Assert.Equal((expected.ScanKey, expected.Entry, expected.WithPictures, expected.Picture, expected.PictureBytes),
            (found.ScanKey, found.Entry, found.WithPictures, found.Picture, found.PictureBytes));
        Assert.Equal(expected.Looks, found.Looks);
        Assert.Equal(expected.Leaf, found.Leaf);
    }
}
