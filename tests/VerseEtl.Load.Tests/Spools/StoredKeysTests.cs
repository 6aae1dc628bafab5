using VerseEtl.Load.Cache;
using VerseEtl.Load.Spools;

namespace VerseEtl.Load.Tests.Spools;

public sealed class StoredKeysTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Keys_are_found_by_how_they_begin_wherever_a_block_ends()
    {
        Random random = new(11);
        // few beginnings, so that some have more keys than a block holds and some none
        string Key() => $"{"01"[random.Next(2)]}{random.Next(3)}{random.Next(4):x14}{random.NextInt64(long.MaxValue):x16}";
        HashSet<string> keys = [.. Enumerable.Range(0, 300).Select(_ => Key())];
        foreach (string key in keys) Store(key);
        Store("00notes");
        using StoredKeys stored = Of(perBlock: 4);
        string[] beginnings =
        [
            .. keys.SelectMany(key => new[] { key[..2], key[..16], key[..17], key, key[..20] + "z" }), "00", "ff", "0f00", "1300000000000009",
        ];
        foreach (string beginning in beginnings.Distinct())
            Assert.Equal(keys.Where(key => key.StartsWith(beginning, StringComparison.Ordinal)).Order(StringComparer.Ordinal), stored.BeginningWith(beginning));
    }

    [Fact]
    public void A_folder_is_listed_once_however_often_it_is_asked_for()
    {
        string first = "ab" + new string('0', 30), later = "ab" + new string('1', 30), other = "cd" + new string('0', 30);
        Store(first);
        using StoredKeys stored = Of(perBlock: 64);
        Assert.Equal([first], stored.BeginningWith("ab"));
        Store(later);
        Store(other);
        Assert.Equal([first], stored.BeginningWith("ab"));
        Assert.Equal([other], stored.BeginningWith("cd"));
    }

    [Fact]
    public void Where_there_is_no_cache_there_are_no_keys_and_no_file()
    {
        using StoredKeys stored = new(new ScanCache(_temp.Path), Path.Combine(_temp.Path, "missing"));
        Assert.Empty(stored.BeginningWith("ab"));
    }

    private StoredKeys Of(int perBlock) => new(new ScanCache(_temp.Path), _temp.Path, perBlock);

    private void Store(string key)
    {
        string folder = Path.Combine(_temp.Path, "scans", key[..2]);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, key + ".json"), "");
    }
}
