using System.Diagnostics;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Tests.Publishing;

public sealed class FullDiskTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private bool _mounted;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (_mounted) Shell("umount", _temp["small"]);
        _temp.Dispose();
    }

    [Fact]
    public async Task A_disk_that_fills_at_any_point_is_named_keeps_the_old_snapshot_and_works_again_when_there_is_room()
    {
        string small = _temp["small"];
        Directory.CreateDirectory(small);
        _mounted = Shell("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small) == 0;
        Assert.SkipUnless(_mounted, "a tmpfs cannot be mounted here");
        string root = Path.Combine(small, "warehouse"), ballast = Path.Combine(small, "ballast");
        WarehouseOptions options = new() { ReserveBytes = 0, KeepNewest = 1, KeepYoungerThan = TimeSpan.Zero };
        await Warehouse.Open(root, options).Publish(Requests.Of("first"), Token);
        int failures = 0;
        for (int free = 0; free <= 288; free += 24)
        {
            long sequence = Warehouse.OpenForReading(root).Current!.Sequence;
            Fill(ballast, new DriveInfo(small).AvailableFreeSpace - free * 1024);
            try
            {
                await Warehouse.Open(root, options).Publish(Requests.Of($"run-{free}", seed: 10 + free), Token);
                Assert.Equal(sequence + 1, WarehouseInvariants.Check(root)!.Sequence);
            }
            catch (StorageException e)
            {
                failures++;
                Assert.Equal("STO_ENOSPC", e.Code);
                Assert.Equal(sequence, WarehouseInvariants.Check(root)!.Sequence);
            }
            File.Delete(ballast);
            await Warehouse.Open(root, options).Publish(Requests.Of($"again-{free}", seed: 11 + free), Token);
            WarehouseInvariants.Check(root, recovered: true);
        }
        Assert.InRange(failures, 1, 12);
    }

    [Fact]
    public async Task A_night_on_a_full_disk_stands_in_the_ledger()
    {
        string small = _temp["small"], root = Path.Combine(small, "warehouse"), ballast = Path.Combine(small, "ballast");
        Directory.CreateDirectory(small);
        _mounted = Shell("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small) == 0;
        Assert.SkipUnless(_mounted, "a tmpfs cannot be mounted here");
        Warehouse.Open(root);
        for (int night = 1; night <= 2; night++)
        {
            Fill(ballast, new DriveInfo(small).AvailableFreeSpace);
            Assert.Equal("STO_ENOSPC", Assert.Throws<StorageException>(() => Warehouse.Open(root)).Code);
            RunRecord run = new() { RunId = $"night-{night}", StartedUtc = DateTimeOffset.UnixEpoch.AddDays(night), Outcome = RunEnding.NotPublished };
            await Warehouse.OpenForRecording(root).Record(run, SampleTables.Of().Findings);
            Assert.Equal(night, Warehouse.OpenForReading(root).Runs().Count);
            File.Delete(ballast);
            // with room again it is put by for the next such night
            Warehouse.Open(root);
        }
    }

    [Fact]
    public void Too_little_space_is_said_before_anything_is_written()
    {
        Warehouse warehouse = Warehouse.Open(_temp["warehouse"], new WarehouseOptions { ReserveBytes = long.MaxValue / 4 });
        StorageException e = Assert.Throws<StorageException>(() => warehouse.Publish(Requests.Of("a"), Token).GetAwaiter().GetResult());
        Assert.Equal("STO_ENOSPC", e.Code);
    }

    private static void Fill(string path, long bytes)
    {
        using FileStream file = File.Create(path);
        byte[] zeros = new byte[4096];
        for (long at = 0; at + zeros.Length <= bytes; at += zeros.Length) file.Write(zeros);
    }

    private static int Shell(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
