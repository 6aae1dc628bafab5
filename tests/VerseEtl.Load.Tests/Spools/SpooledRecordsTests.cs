using System.Runtime.CompilerServices;
using System.Text;
using VerseEtl.Load.Spools;
using VerseEtl.Transform.Cohort;

namespace VerseEtl.Load.Tests.Spools;

public sealed class SpooledRecordsTests : IDisposable
{
    // runs of four, in blocks of two: every run is spilled in the middle of something
    private static readonly SpoolSizes Tiny = new(ValuesPerBucket: 2, FindingsPerRun: 3, RecordsPerRun: 4, PerBlock: 2);

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Keys_come_back_in_ordinal_order_whatever_their_letters()
    {
        // by code units, as every table is sorted: the emoji's first half is below U+FF21, its UTF-8 is above; capitals before small letters
        string[] ordered = ["", "A\0b", "Ab", "a", "a\0b", "a\0c", "aB", "ab", "zebra", "\u00e4", "\u00e9t\u00e9", "\u65e5", "\ud83d\ude00", "\uff21"];
        using IRecordSorter sorter = new SpoolWorkspace(_temp.Folder("room"), Tiny).Sorter();
        foreach (string key in ordered.OrderBy(key => key.Length).ThenByDescending(key => key, StringComparer.Ordinal))
            sorter.Add(key, Encoding.UTF8.GetBytes("of " + key));
        Assert.Equal(ordered, sorter.InKeyOrder().Select(record => record.Key));
        Assert.All(sorter.InKeyOrder(), record => Assert.Equal("of " + record.Key, Encoding.UTF8.GetString(record.Record)));
        Assert.Empty(Directory.GetFileSystemEntries(_temp["room"]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(400)]
    public void Sorted_runs_are_merged_to_what_a_list_gives(int count)
    {
        Random random = new(count);
        (string Key, byte[] Record)[] records = [.. Enumerable.Range(0, count)
            .Select(number => ($"{"xXyY"[random.Next(4)]}{random.Next(30)}\0{number}", BitConverter.GetBytes(number)))];
        using IRecordSorter spooled = new SpoolWorkspace(_temp.Folder("room"), Tiny).Sorter(), held = new MemoryWorkspace().Sorter();
        foreach ((string key, byte[] record) in records)
        {
            spooled.Add(key, record);
            held.Add(key, record);
        }
        Assert.Equal(held.InKeyOrder(), spooled.InKeyOrder());
        Assert.Equal(count, spooled.InKeyOrder().Count());
    }

    [Fact]
    public void Records_are_found_by_place_from_many_threads()
    {
        using IRecordList list = new SpoolWorkspace(_temp.Folder("room"), Tiny).Records();
        for (int number = 0; number < 411; number++) list.Add(BitConverter.GetBytes(number));
        Assert.Equal(411, list.Count);
        Parallel.For(0, 4 * list.Count, at =>
        {
            int place = at * 101 % list.Count;
            Assert.Equal(place, BitConverter.ToInt32(list[place]));
        });
    }

    [Fact]
    public void No_more_than_a_run_of_records_is_held()
    {
        SpoolWorkspace workspace = new(_temp.Folder("room"), Tiny with { RecordsPerRun = 20 });
        using IRecordSorter sorter = workspace.Sorter();
        using IRecordList list = workspace.Records();
        List<WeakReference> given = Given(sorter, list, 1_000);
        Assert.Equal((1_000, 1_000), (sorter.InKeyOrder().Count(), list.Count));
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.InRange(given.Count(record => record.IsAlive), 0, 3 * 20);
        GC.KeepAlive(sorter);
        GC.KeepAlive(list);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Given(IRecordSorter sorter, IRecordList list, int count)
    {
        List<WeakReference> given = [];
        for (int number = 0; number < count; number++)
        {
            string key = $"key {number}";
            byte[] record = BitConverter.GetBytes(number);
            sorter.Add(key, record);
            list.Add(record);
            given.AddRange([new WeakReference(key), new WeakReference(record)]);
        }
        return given;
    }
}
