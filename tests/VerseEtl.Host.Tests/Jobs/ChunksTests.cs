using Hangfire.Server;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Jobs;
using VerseEtl.Host.Schedules;

namespace VerseEtl.Host.Tests.Jobs;

public sealed class ChunksTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(200, 1, 50)] // 4 MiB at least
    [InlineData(374, 250, 374)] // a share is never less than one scan
    [InlineData(20_000, 5, 770)] // 128 MiB at most, here 130
    [InlineData(1, 0, 1)]
    [InlineData(0, 0, 0)]
    public void Chunks_hold_every_scan_once_in_order_and_about_the_same_bytes(int scans, long mib, int expected)
    {
        PlannedScan[] all = [.. Enumerable.Range(0, scans).Select(scan => new PlannedScan($"{scan}", [], mib * MiB, null, null))];
        IReadOnlyList<IReadOnlyList<PlannedScan>> chunks = Chunks.Divide(all);
        Assert.Equal(all, chunks.SelectMany(chunk => chunk));
        Assert.Equal(expected, chunks.Count);
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(chunks[0].Count, chunk.Count));
    }

    [Fact]
    public void A_chunk_is_named_by_its_run_and_its_place()
    {
        ChunkKey key = new(new RunKey("a", new DateTimeOffset(2026, 1, 1, 2, 30, 0, TimeSpan.Zero)), 12);
        Assert.Equal("a:20260101t023000z:12", key.ToString());
        Assert.Equal(key, ChunkKey.Parse(key.ToString()));
        Assert.All(new[] { null, "", "a:20260101t023000z", "a:20260101t023000z:", "a:20260101t023000z:-1", "12" }, text => Assert.Null(ChunkKey.Parse(text)));
    }

    [Fact]
    public void Only_the_jobs_of_this_program_and_what_they_take_can_be_named_by_a_stored_job()
    {
        foreach (Type type in new[] { typeof(PipelineJob), typeof(MeasureJob), typeof(string), typeof(PerformContext), typeof(CancellationToken) })
        {
            Assert.Equal(type, JobTypes.Resolve(type.FullName!));
            Assert.Equal(type, JobTypes.Resolve(type.AssemblyQualifiedName!));
        }
        foreach (string other in new[] { typeof(File).AssemblyQualifiedName!,
            typeof(System.Diagnostics.Process).FullName!, typeof(Chunks).AssemblyQualifiedName!, "" })
            Assert.Throws<TypeLoadException>(() => JobTypes.Resolve(other));
    }
}
