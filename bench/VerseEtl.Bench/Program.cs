using System.Text.Json;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using VerseEtl.Bench;

// usage: VerseEtl.Bench time <work> <file> [<file>]    one line of JSON: times, peak memory, answers
//        VerseEtl.Bench generate <folder> [<data>]     large volumes to measure, not packed; <data> holds genuine scans
//        VerseEtl.Bench cohort new|change <scans> <source> <warehouse>    as bench/cohort says
//        VerseEtl.Bench [BenchmarkDotNet's own words]  the kernels one by one; VERSEETL_BENCH_FILES names a folder of masks
switch (args)
{
    case ["time", string work, .. string[] files] when Work.All.TryGetValue(work, out Func<string[], Func<object>>? prepare) && files.Length > 0:
        Console.WriteLine(JsonSerializer.Serialize(Timing.Of(work, files, prepare(files))));
        return 0;
    case ["generate", string folder]:
        LargeVolumes.Write(folder, genuine: null);
        return 0;
    case ["generate", string folder, string genuine]:
        LargeVolumes.Write(folder, genuine);
        return 0;
    case ["cohort", "new", string scans, string source, string warehouse] when int.TryParse(scans, out int count):
        Cohort.Make(count, source, warehouse);
        return 0;
    case ["cohort", "change", string scans, string source, string warehouse] when int.TryParse(scans, out int count):
        Cohort.Change(count, source, warehouse);
        return 0;
    case ["time" or "generate" or "cohort", ..]:
        Console.Error.WriteLine($"time <{string.Join('|', Work.All.Keys)}> <file> [<file>], generate <folder> [<data>], "
            + "or cohort new|change <scans> <source> <warehouse>");
        return 2;
    default:
        // in this process: what is measured then is what the repository builds, and nothing is restored anew
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(5).WithIterationCount(5)
            .WithIterationTime(TimeInterval.FromMilliseconds(200));
        IConfig config = DefaultConfig.Instance.AddJob(job).AddDiagnoser(MemoryDiagnoser.Default).AddColumn(StatisticColumn.Median);
        BenchmarkSwitcher.FromAssembly(typeof(Work).Assembly).Run(args, config);
        return 0;
}
