using System.Text;
using System.Text.Json;
using VerseEtl.Load.Objects;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Tests.Objects;

/// <summary>What is to be true of a warehouse's copy in an object store, as a reader finds it who knows only the store.</summary>
internal static class CopiedWarehouse
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>At any moment: what a commit, a version of a log or `current` names is whole.</summary>
    /// <param name="oldest">Sequence of the oldest commit that retention has left its snapshot.</param>
    public static async Task AssertNeverHalf(IObjectStore store, long oldest = 1)
    {
        Dictionary<string, long> there = (await store.List("", Token)).ToDictionary(found => found.Key, found => found.Bytes);
        foreach (string commit in there.Keys.Where(key => key.StartsWith("commits/", StringComparison.Ordinal)))
        {
            JsonElement said = Json(await store.Get(commit, Token));
            if (said.GetProperty("sequence").GetInt64() >= oldest) await AssertWhole("snapshots/" + said.GetProperty("snapshot").GetString() + "/");
        }
        if (await store.Get("current", Token) is byte[] current) await AssertWhole("snapshots/" + Encoding.UTF8.GetString(current).TrimEnd() + "/");

        foreach (IGrouping<string, string> table in there.Keys.Where(key => key.EndsWith(".json", StringComparison.Ordinal) && key.Contains("/_delta_log/"))
            .GroupBy(key => key[..key.IndexOf("_delta_log/", StringComparison.Ordinal)]))
        {
            long[] versions = [.. table.Select(key => long.Parse(key[^25..^5], System.Globalization.CultureInfo.InvariantCulture)).Order()];
            Assert.Equal(versions.Length - 1, versions[^1] - versions[0]);
            foreach (string line in Encoding.UTF8.GetString((await store.Get(table.Max()!, Token))!).Split('\n', StringSplitOptions.RemoveEmptyEntries))
                if (Json(Encoding.UTF8.GetBytes(line)).TryGetProperty("add", out JsonElement add))
                    Assert.Equal(add.GetProperty("size").GetInt64(), there.GetValueOrDefault(table.Key + add.GetProperty("path").GetString(), -1));
        }

        async Task AssertWhole(string folder)
        {
            JsonElement manifest = Json(await store.Get(folder + "manifest.json", Token));
            foreach (JsonElement file in manifest.GetProperty("files").EnumerateArray())
                Assert.Equal(file.GetProperty("bytes").GetInt64(), there.GetValueOrDefault(folder + file.GetProperty("path").GetString(), -1));
        }
    }

    /// <summary>At the end: every file that is published is there to the byte, and no other.</summary>
    public static async Task AssertComplete(IObjectStore store, string warehouse)
    {
        Dictionary<string, string> expected = new(StringComparer.Ordinal);
        foreach (string folder in new[] { "commits", "snapshots", "delta" })
            if (Directory.Exists(Path.Join(warehouse, folder)))
                foreach (string file in Directory.GetFiles(Path.Join(warehouse, folder), "*", SearchOption.AllDirectories))
                    expected[Path.GetRelativePath(warehouse, file)] = Sha256.Of(File.ReadAllBytes(file));
        expected["id"] = Sha256.Of(File.ReadAllBytes(Path.Join(warehouse, "id")));
        expected["current"] = Sha256.Of(Encoding.UTF8.GetBytes(Path.GetFileName(Warehouse.OpenForReading(warehouse).Current!.Directory) + "\n"));
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (PutObject each in await store.List("", Token)) found[each.Key] = Sha256.Of((await store.Get(each.Key, Token))!);
        Assert.Equal(expected.OrderBy(file => file.Key, StringComparer.Ordinal), found.OrderBy(file => file.Key, StringComparer.Ordinal));
    }

    private static JsonElement Json(byte[]? text)
    {
        Assert.NotNull(text);
        return JsonDocument.Parse(text).RootElement;
    }
}
