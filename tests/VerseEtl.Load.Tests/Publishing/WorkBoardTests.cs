using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

public sealed class WorkBoardTests : IDisposable
{
    private const string Run = "a:20260101t023000z";
    private static readonly WorkPlan Plan = new(Run, DateTimeOffset.UnixEpoch, [["x", "y"], ["z"]]);

    private readonly TempFolder _temp = new();
    private readonly WorkBoard _board;

    public WorkBoardTests() => _board = Open();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Of_two_plans_for_one_run_the_first_stands()
    {
        Assert.Null(_board.Find(Run));
        _board.Put(Plan);
        Assert.Equal([["x", "y"], ["z"]], Open().Put(new WorkPlan(Run, DateTimeOffset.UnixEpoch, [["other"]])).Chunks);
        Assert.Equal([Run], _board.RunKeys());
    }

    [Fact]
    public void Racing_planners_agree_on_one_plan()
    {
        IReadOnlyList<string>[] stands = new IReadOnlyList<string>[16];
        Parallel.For(0, stands.Length, at => stands[at] = Open().Put(new WorkPlan(Run, DateTimeOffset.UnixEpoch, [[$"{at}"]])).Chunks[0]);
        Assert.Single(stands.Select(chunk => chunk[0]).Distinct());
        Assert.Single(Directory.GetFiles(Path.Combine(_temp.Path, "work", Run)));
    }

    [Fact]
    public void What_is_open_follows_from_the_marks_of_all_hosts_and_nothing_outlives_the_plan()
    {
        _board.Put(Plan);
        Assert.Equal([0, 1], _board.Open(Plan));
        Open().MarkDone(Run, 1);
        Open().MarkDone(Run, 1);
        Assert.Equal([0], _board.Open(Plan));
        Assert.False(_board.IsHandedOut(Run));
        _board.MarkHandedOut(Run);
        Assert.True(Open().IsHandedOut(Run));
        _board.Recall(Run);
        Assert.False(_board.IsHandedOut(Run));
        Assert.Null(_board.SinceAsked(Run));
        _board.MarkAsked(Run);
        Assert.InRange(_board.SinceAsked(Run)!.Value.TotalSeconds, 0, 30);
        Assert.InRange(_board.Idle(Run).TotalSeconds, 0, 30);
        _board.Remove(Run);
        _board.Remove(Run);
        _board.MarkDone(Run, 0);
        Assert.Empty(_board.RunKeys());
        Assert.False(Directory.Exists(Path.Combine(_temp.Path, "work", Run)));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_temp.Path, "trash")));
    }

    [Fact]
    public void One_host_at_a_time_drives_and_one_that_stands_still_is_passed_by()
    {
        using (_board.TryHold())
        {
            Assert.Null(Open().TryHold());
            File.SetLastWriteTimeUtc(Path.Combine(_temp.Path, "work", "hold"), DateTime.UtcNow.AddMinutes(-2));
            using IDisposable? passing = Open().TryHold();
            Assert.NotNull(passing);
        }
        using IDisposable? next = Open().TryHold();
        Assert.NotNull(next);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("")]
    [InlineData("A")]
    public void A_name_that_is_no_run_key_reaches_no_file(string key) => Assert.Throws<ArgumentException>(() => _board.Find(key));

    private WorkBoard Open() => Warehouse.Open(_temp.Path).Work;
}
