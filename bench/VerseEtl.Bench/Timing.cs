using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;

namespace VerseEtl.Bench;

/// <summary>What one piece of work took and answered; milliseconds a call, medians of <see cref="Samples"/> samples after a warm-up.</summary>
public sealed record Timing
{
    private const int SampleCount = 5;

    // a sample shorter than this would measure the clock
    private static readonly TimeSpan LeastSample = TimeSpan.FromMilliseconds(100);

    // the runtime compiles a method anew after 30 calls, in the background; long calls warm themselves by their inner loops
    private static readonly TimeSpan LeastWarmUp = TimeSpan.FromSeconds(1.5), MostWarmUp = TimeSpan.FromSeconds(6);
    private const int WarmUpCalls = 40;

    [JsonPropertyName("who")] public string Who { get; } = "VerseEtl";
    [JsonPropertyName("what")] public required string What { get; init; }
    [JsonPropertyName("files")] public required string[] Files { get; init; }
    [JsonPropertyName("cpu_ms")] public required double ProcessorMs { get; init; }
    [JsonPropertyName("wall_ms")] public required double WallMs { get; init; }
    [JsonPropertyName("samples")] public int Samples { get; init; } = SampleCount;

    /// <summary>Largest resident size of this process so far, kB.</summary>
    [JsonPropertyName("peak_kb")] public required long PeakKb { get; init; }

    [JsonPropertyName("answers")] public required object Answers { get; init; }

    public static Timing Of(string what, string[] files, Func<object> work)
    {
        object answers = work();
        Stopwatch warm = Stopwatch.StartNew();
        int calls = 0;
        while (warm.Elapsed < LeastWarmUp || (calls < WarmUpCalls && warm.Elapsed < MostWarmUp))
        {
            work();
            calls++;
        }
        int repeats = Math.Max(1, (int)Math.Ceiling(LeastSample / (warm.Elapsed / calls)));
        double[] processor = new double[SampleCount], wall = new double[SampleCount];
        for (int sample = 0; sample < SampleCount; sample++)
        {
            GC.Collect();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Stopwatch watch = Stopwatch.StartNew();
            for (int repeat = 0; repeat < repeats; repeat++) work();
            wall[sample] = watch.Elapsed.TotalMilliseconds / repeats;
            processor[sample] = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / repeats;
        }
        return new()
        {
            What = what, Files = files, Answers = answers, PeakKb = PeakResidentKb(),
            ProcessorMs = Median(processor), WallMs = Median(wall),
        };
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    private static long PeakResidentKb()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
