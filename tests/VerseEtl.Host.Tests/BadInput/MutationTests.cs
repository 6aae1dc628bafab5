using System.Diagnostics;
using System.Globalization;
using System.Text;
using VerseEtl.Extract.Nifti;
using VerseEtl.Host.Configuration;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>
/// Masks, CTs, centroid files and configurations with random damage, before or after packing: never a crash, a hang, much memory or a
/// number that is not finite. Round n has seed n; VERSEETL_LONG multiplies the rounds.
/// </summary>
public sealed class MutationTests
{
    private const int Rounds = 1000;
    private const long MostBytesARound = 32L << 20, MostBytes = 256L << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private static readonly byte[] Telling = [0, 1, 2, 3, 7, 8, 16, 31, 64, 127, 128, 139, 254, 255,
        (byte)'"', (byte)'[', (byte)']', (byte)'{', (byte)'}', (byte)',', (byte)'-', (byte)'e', (byte)'9'];

    private static readonly byte[] Json = """[{"direction":["R","A","S"]},{"label":20,"X":2,"Y":2.5,"Z":1e0},{"label":21,"X":NaN,"Y":2,"Z":3}]"""u8.ToArray();

    private static readonly byte[] Yaml = Encoding.UTF8.GetBytes("""
        version: 1
        pipelines:
          a:
            source: { path: /data/verse, follow_links: false, folders: [{ path: x, dataset: verse19, split: test }] }
            reading: { max_volume_bytes: 68719476736, accept_plain: true }
            parallelism: 2
            thresholds: { unavailable_percent: 0.5 }
            load: { path: /srv/out, keep_snapshots: 14, keep_days: 7 }
            schedule: { cron: "30 2 * * *", time_zone: Europe/Berlin }
        """);

    [Fact]
    public void Damaged_files_never_crash_hang_or_give_a_number_that_is_none()
    {
        using SmallScan scan = new();
        int rounds = Rounds * LongRuns.Factor, refused = 0;
        TimeSpan slowest = TimeSpan.Zero;
        long most = 0;
        byte[][] volumes = [SmallScan.SoundMask.Bytes,
            .. new[] { NiftiDatatype.Int16, NiftiDatatype.Float32, NiftiDatatype.Float64 }.Select(type => SmallScan.CtOf(type).Bytes)];
        Measured(scan);
        for (int round = 0; round < rounds; round++)
        {
            Random random = new(round);
            long before = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
            try
            {
                refused += Once(scan, volumes, random) ? 1 : 0;
            }
            catch (Exception bug)
            {
                Assert.Fail($"Round {round}: {bug}");
            }
            TimeSpan took = Stopwatch.GetElapsedTime(started);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(took < Longest, $"Round {round} took {took}.");
            Assert.True(allocated < MostBytesARound, $"Round {round} allocated {allocated} bytes.");
            (slowest, most) = (took > slowest ? took : slowest, Math.Max(most, allocated));
        }
        Assert.InRange(refused, rounds / 10, rounds - rounds / 20);
        long peak = Process.GetCurrentProcess().PeakWorkingSet64;
        // other tests share the process in a usual run; a long one has it to itself
        if (LongRuns.Factor > 1) Assert.InRange(peak, 0, MostBytes);
        TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} rounds, {refused} refused, slowest {slowest.TotalMilliseconds:0} ms, "
                + $"most allocated in a round {most / 1024} KiB, peak working set {peak >> 20} MiB"));
    }

    /// <returns>True if something was refused.</returns>
    private static bool Once(SmallScan scan, byte[][] volumes, Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                Problems problems = new("pipelines.yaml");
                _ = PipelinesFile.Parse(Encoding.UTF8.GetString(Damaged(Yaml, random)), "/etc/pipelines.yaml", TimeProvider.System, problems);
                return problems.HasErrors;
            case 1 or 2:
                scan.Centroids = Damaged(Json, random);
                bool refused = Measured(scan);
                scan.Centroids = Json;
                return refused;
            case 3 or 4 or 5:
                scan.Mask = Volume(volumes[0], random);
                refused = Measured(scan);
                scan.Mask = SmallScan.SoundMask.Gzip();
                return refused;
            default:
                scan.Ct = Volume(volumes[random.Next(1, volumes.Length)], random);
                return Measured(scan);
        }
    }

    private static bool Measured(SmallScan scan)
    {
        ScanResult result = scan.Measure();
        Assert.NotEmpty(SmallScan.Numbers(result));
        Assert.All(result.Findings, finding => Assert.InRange(finding.Message.Length, 1, 400));
        if (result.Scan.Status == ScanStatus.Failed) Assert.Empty(result.Vertebrae);
        return SmallScan.Errors(result).Length > 0;
    }

    private static byte[] Volume(byte[] bytes, Random random) => random.Next(3) == 0
        ? Damaged(new PhantomFile(bytes, false).Gzip(), random)
        : new PhantomFile(Damaged(bytes, random), false).Gzip();

    private static byte[] Damaged(byte[] from, Random random)
    {
        List<byte> bytes = [.. from];
        for (int times = random.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0 or 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes[at] = (byte)random.Next(256); break;
                case 3: bytes[at] = Telling[random.Next(Telling.Length)]; break;
                case 4: for (int t = 0; t < length; t++) bytes[at + t] = (byte)random.Next(256); break;
                case 5: bytes.RemoveRange(at, length); break;
                case 6: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                default:
                    if (random.Next(4) == 0) bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }
}
