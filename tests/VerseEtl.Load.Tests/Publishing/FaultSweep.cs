using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tests.Delta;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>
/// The body of <see cref="SystemCallTests"/>, in a process of its own into which faults.c is preloaded: opens a littered warehouse and
/// publishes, with the nth system call failing once or for ever, and checks the invariants. Task: `faults|directory|library|stride|kind`, kind 0 to 7:
/// which error, and whether once or for ever.
/// </summary>
internal static class FaultSweep
{
    public const string Task = "faults|";
    private static readonly (string Name, int Errno)[] Errors = [("EIO", 5), ("ENOSPC", 28), ("EROFS", 30), ("EXDEV", 18)];

    public static int Run(string[] task)
    {
        string directory = task[1];
        int stride = int.Parse(task[3], CultureInfo.InvariantCulture), kind = int.Parse(task[4], CultureInfo.InvariantCulture);
        (string name, int errno) = Errors[kind / 2];
        bool forEver = kind % 2 == 1;
        nint library = NativeLibrary.Load(task[2]);
        foreach (Assembly assembly in new[] { typeof(Warehouse).Assembly, typeof(FaultSweep).Assembly })
            NativeLibrary.SetDllImportResolver(assembly, (name, _, _) => name is "libc" or "faults" ? library : 0);

        // once to warm up, once to count
        Try(directory, 0, 0, false, out _);
        Try(directory, 0, 0, false, out long calls);
        int cases = 0, published = 0, refused = 0, aftermaths = 0, wrong = 0;
        for (long nth = 1 + kind % stride; nth <= calls; nth += stride)
        {
            cases++;
            try
            {
                PublishOutcome? outcome = Try(directory, nth, errno, forEver, out _);
                if (outcome is null) refused++;
                else published++;
                if (outcome?.Aftermath is not null) aftermaths++;
            }
            catch (Exception e)
            {
                wrong++;
                Console.WriteLine($"WRONG call {nth} {name} {(forEver ? "for ever" : "once")} at {Marshal.PtrToStringUTF8(Native.Last())}: {e}");
            }
        }
        Console.WriteLine($"{name} {(forEver ? "for ever" : "once")}: {calls} system calls, "
            + $"{cases} cases, {refused} refused, {published} published of which {aftermaths} with a note, {wrong} wrong");
        return wrong == 0 ? 0 : 1;
    }

    /// <summary>The outcome, or null if the storage failure was reported.</summary>
    private static PublishOutcome? Try(string directory, long nth, int errno, bool forEver, out long calls)
    {
        string root = Path.Combine(directory, "warehouse");
        if (Directory.Exists(root)) Directory.Delete(root, recursive: true);
        WarehouseOptions options = new() { ReserveBytes = 0, KeepNewest = 2, KeepYoungerThan = TimeSpan.Zero, Delta = true };
        foreach (int seed in new[] { 1, 2 }) Publish(root, options, $"before-{seed}", seed);
        Litter(root);
        Native.Arm(directory, nth, errno, forEver ? 1 : 0);
        PublishOutcome? outcome = null;
        try
        {
            outcome = Publish(root, options, "writer", seed: 3);
        }
        catch (StorageException e)
        {
            Assert.StartsWith("STO_", e.Code, StringComparison.Ordinal);
        }
        finally
        {
            calls = Native.Disarm();
        }

        long after = WarehouseInvariants.Check(root)!.Sequence;
        if (outcome is not null) Assert.Equal(PublishEnding.Published, outcome.Ending);
        Assert.InRange(after, outcome is null ? 2 : 3, 3);
        DeltaInvariants.Check(root, upToDate: false);
        PublishOutcome next = Publish(root, options, "after", seed: 4);
        Assert.Equal((PublishEnding.Published, null), (next.Ending, next.Aftermath));
        Assert.Equal(after + 1, WarehouseInvariants.Check(root, recovered: true)!.Sequence);
        DeltaInvariants.Check(root, upToDate: true);
        return outcome;
    }

    /// <summary>What a writer that died leaves behind, so that recovery has work to do.</summary>
    private static void Litter(string root)
    {
        Directory.CreateDirectory(Path.Combine(root, "snapshots", "0000000003-deadbeef", "scans"));
        File.WriteAllText(Path.Combine(root, "snapshots", "0000000003-deadbeef", "scans", "a.parquet"), "half");
        Directory.CreateDirectory(Path.Combine(root, "staging", "dead", "snapshot"));
        File.WriteAllText(Path.Combine(root, "staging", "dead", "lock"), "");
        File.WriteAllText(Path.Combine(root, "staging", "dead", "snapshot", "b.parquet"), "half");
        Directory.CreateDirectory(Path.Combine(root, "trash", "old"));
        File.WriteAllText(Path.Combine(root, "trash", "old", "c.parquet"), "gone");
        File.Delete(Path.Combine(root, "current"));
        File.CreateSymbolicLink(Path.Combine(root, "current"), "snapshots/0000000003-deadbeef");
    }

    private static PublishOutcome Publish(string root, WarehouseOptions options, string runId, int seed) =>
        Warehouse.Open(root, options).Publish(Requests.Of(runId, seed), CancellationToken.None).GetAwaiter().GetResult();

    private static class Native
    {
        [DllImport("faults", EntryPoint = "faults_arm")]
        public static extern void Arm([MarshalAs(UnmanagedType.LPUTF8Str)] string directory, long nth, int errno, int forEver);

        [DllImport("faults", EntryPoint = "faults_disarm")]
        public static extern long Disarm();

        [DllImport("faults", EntryPoint = "faults_last")]
        public static extern nint Last();
    }
}
