using VerseEtl.Phantoms;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

public sealed class LevelVolumesTests
{
    private const int L1 = 20;

    [Theory]
    [InlineData(1000, 1, 1000)]
    [InlineData(1001, 2, 501)]
    [InlineData(1999, 2, 1000)]
    [InlineData(2001, 4, 501)]
    public void Of_more_than_a_thousand_every_so_many_is_drawn(int vertebrae, int step, int drawn)
    {
        (LevelVolumes volumes, DrawnLevel level) = Level([.. Enumerable.Range(0, vertebrae).Select(number => (double)number)]);
        Assert.Equal((vertebrae, step, step > 1), (level.Count, level.Step, volumes.AnyThinned));
        int[] numbers = [.. level.Drawn.Select(vertebra => vertebra.Number)];
        Assert.Equal(numbers.Order(), numbers);
        Assert.All(numbers, number => Assert.True(number % step == 0 || number == vertebrae - 1));
        Assert.Equal(drawn, numbers.Count(number => number % step == 0));
    }

    [Fact]
    public void The_least_and_the_greatest_are_drawn_and_marked_and_of_equal_ones_the_first()
    {
        double[] volumes = [.. Enumerable.Repeat(30.0, 1200)];
        (volumes[701], volumes[703], volumes[305], volumes[307]) = (50, 50, 10, 10);
        DrawnLevel level = Level(volumes).Level;
        Assert.Equal([305, 701], level.Drawn.Where(vertebra => vertebra.IsExtreme).Select(vertebra => vertebra.Number));
        Assert.Equal(50, level.GreatestCm3);
        Assert.Null(new LevelVolumes().Of("verse19", L1));
    }

    private static (LevelVolumes Volumes, DrawnLevel Level) Level(double[] volumesCm3)
    {
        LevelVolumes volumes = new();
        foreach ((int number, double volumeCm3) in volumesCm3.Index())
        {
            ScanRow scan = CohortRows.Scan("verse19", "test", $"sub-{number:D5}", [L1]);
            volumes.Add(scan, [CohortRows.Vertebra(scan, L1, volumeCm3)]);
        }
        return (volumes, volumes.Of(Editions.PoolOf("verse19"), L1)!);
    }
}
