using VerseEtl.Transform.Pictures;

namespace VerseEtl.Transform.Tests.Pictures;

public sealed class RadixSortTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(500, 1)]
    [InlineData(500, 100)]
    [InlineData(5000, 4096)]
    [InlineData(5000, 4097)]
    [InlineData(5000, 157_286_400)]
    [InlineData(5000, long.MaxValue)]
    public void Keys_rise_and_each_keeps_its_item(int count, long most)
    {
        Random random = new(count);
        long[] keys = [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(most))];
        int[] items = [.. Enumerable.Range(0, count)];
        int[] expected = [.. items.OrderBy(item => keys[item])];
        long[] sorted = [.. keys];

        RadixSort.Ascending(sorted, items);

        Assert.Equal(expected, items);
        Assert.Equal(expected.Select(item => keys[item]), sorted);
    }
}
