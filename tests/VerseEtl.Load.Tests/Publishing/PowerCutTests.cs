using System.Diagnostics;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>
/// A killed process loses nothing that it wrote; a power cut loses what was not synced. The disk here is an ext4 image: a copy of it taken
/// in the middle of a publish holds what would have survived.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly List<string> _mounts = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (string mount in _mounts) Shell("umount", mount);
        _temp.Dispose();
    }

    [Fact(Explicit = true)]
    public async Task A_power_cut_at_any_step_leaves_the_snapshot_before_or_the_one_after()
    {
        string image = _temp["disk.img"], disk = _temp["disk"];
        using (FileStream file = File.Create(image)) file.SetLength(16 << 20);
        Assert.SkipUnless(Shell("mkfs.ext4", "-q", "-F", image) == 0 && Mount(image, disk), "an ext4 image cannot be made and mounted here");
        string root = Path.Combine(disk, "warehouse");
        WarehouseOptions options = new() { ReserveBytes = 0, KeepNewest = 2, KeepYoungerThan = TimeSpan.Zero };
        await Warehouse.Open(root, options).Publish(Requests.Of("first"), Token);
        Shell("sync", "-f", disk);

        int committedAt = PublishSteps.All.ToList().IndexOf(PublishSteps.Committed);
        for (int at = 0; at < PublishSteps.All.Count; at++)
        {
            long before = Warehouse.OpenForReading(root).Current!.Sequence;
            using Process writer = PublishWorker.Start(root, $"run-{at}", seed: 10 + at, step: PublishSteps.All[at], action: "wait", reserve: 0);
            Assert.Equal("waiting", await writer.StandardOutput.ReadLineAsync(Token));
            string copy = _temp[$"cut-{at}.img"], after = _temp[$"after-{at}"];
            File.Copy(image, copy);
            await writer.StandardInput.WriteLineAsync();
            await writer.WaitForExitAsync(Token);
            Assert.Equal(0, writer.ExitCode);

            Assert.True(Mount(copy, after));
            string cut = Path.Combine(after, "warehouse");
            long sequence = WarehouseInvariants.Check(cut)!.Sequence;
            if (at < committedAt) Assert.Equal(before, sequence);
            else Assert.Equal(before + 1, sequence);
            Assert.Empty(await Warehouse.Open(cut, options).Verify(null, Token));
            await Warehouse.Open(cut, options).Publish(Requests.Of("after", seed: 99), Token);
            WarehouseInvariants.Check(cut, recovered: true);
            Shell("umount", after);
            _mounts.Remove(after);
            File.Delete(copy);
        }
    }

    private bool Mount(string image, string at)
    {
        Directory.CreateDirectory(at);
        bool mounted = Shell("mount", "-o", "loop", image, at) == 0;
        if (mounted) _mounts.Add(at);
        return mounted;
    }

    private static int Shell(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
