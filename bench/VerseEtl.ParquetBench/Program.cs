using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using VerseEtl.Load.Tables;
using VerseEtl.ParquetBench;
using VerseEtl.Transform.Tables;

// usage: VerseEtl.ParquetBench [rows] [repetitions]; a line of JSON for each writer, as bench/run gathers them
int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
int repetitions = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
string folder = Directory.CreateTempSubdirectory("verse-etl-parquet-").FullName;
try
{
    PublishedTables tables = new()
    {
        Vertebrae = InventedVertebrae.Of(count), Scans = [], Pairs = [], Spines = [], LabelStatistics = [], DatasetStatistics = [], Findings = [], Audit = [],
    };
    string ours = Path.Combine(folder, "ours.parquet");
    List<(string Name, Cost Cost, long Bytes)> results = [];

    results.Add(("VerseEtl", Cheapest(() => Write(ours)), new FileInfo(ours).Length));

    using (DuckDBConnection duck = new("DataSource=:memory:"))
    {
        duck.Open();
        Run(duck, $"CREATE TABLE vertebrae AS SELECT * FROM '{ours}'");
        foreach (int threads in new[] { 1, 2 })
        {
            string path = Path.Combine(folder, $"duck{threads}.parquet");
            Run(duck, $"SET threads = {threads}");
            Cost cost = Cheapest(() => Run(duck, $"COPY vertebrae TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {TableWriter.RowsPerGroup})"));
            results.Add(($"DuckDB, {threads} thread{(threads == 1 ? "" : "s")}", cost, new FileInfo(path).Length));
        }
    }

    ArrowTable arrow = ArrowTable.Read(ours);
    foreach (bool dictionary in new[] { true, false })
    {
        string path = Path.Combine(folder, $"arrow-{dictionary}.parquet");
        Cost cost = Cheapest(() => arrow.Write(path, dictionary));
        results.Add(($"Arrow C++, {(dictionary ? "dictionaries everywhere (its default)" : "dictionaries for strings only")}",
            cost, new FileInfo(path).Length));
    }

    string[] files = ["vertebrae"];
    foreach ((string name, Cost cost, long bytes) in results)
    {
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            who = name, what = "parquet", files, cpu_ms = cost.Processor * 1e3, wall_ms = cost.Elapsed * 1e3, samples = repetitions,
            rows = count, bytes,
        }));
    }

    void Write(string path)
    {
        using FileStream stream = File.Create(path);
        PublishedSchema.Vertebrae.WriteAsync(tables, stream, SourceAttribution.Verse, CancellationToken.None).GetAwaiter().GetResult();
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}

// the smallest elapsed and processor time, each on its own: others may use the machine
Cost Cheapest(Action write)
{
    Cost best = new(double.PositiveInfinity, double.PositiveInfinity);
    for (int at = 0; at <= repetitions; at++)
    {
        GC.Collect();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Stopwatch watch = Stopwatch.StartNew();
        write();
        // the first run warms up
        if (at > 0)
            best = new(Math.Min(best.Elapsed, watch.Elapsed.TotalSeconds), Math.Min(best.Processor, (Environment.CpuUsage.TotalTime - before).TotalSeconds));
    }
    return best;
}

static void Run(DuckDBConnection duck, string sql)
{
    using DuckDBCommand command = duck.CreateCommand();
    command.CommandText = sql;
    command.ExecuteNonQuery();
}

/// <summary>Seconds by the clock and of the processors.</summary>
internal readonly record struct Cost(double Elapsed, double Processor);
