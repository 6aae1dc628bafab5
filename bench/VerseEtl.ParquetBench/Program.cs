using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using VerseEtl.Load.Tables;
using VerseEtl.ParquetBench;
using VerseEtl.Transform.Tables;

// usage: VerseEtl.ParquetBench [rows] [repetitions]; prints the rows of bench/results/parquet.md
int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
int repetitions = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 3;
string folder = Directory.CreateTempSubdirectory("verse-etl-parquet-").FullName;
try
{
    PublishedTables tables = new()
    {
        Vertebrae = InventedVertebrae.Of(count), Scans = [], LabelStatistics = [], DatasetStatistics = [], Findings = [], Audit = [],
    };
    string ours = Path.Combine(folder, "ours.parquet");
    List<(string Name, double Seconds, long Bytes)> results = [];

    results.Add(("VerseEtl (Parquet.Net)", Fastest(() => Write(ours)), new FileInfo(ours).Length));

    using (DuckDBConnection duck = new("DataSource=:memory:"))
    {
        duck.Open();
        Run(duck, $"CREATE TABLE vertebrae AS SELECT * FROM '{ours}'");
        foreach (int threads in new[] { 1, 2 })
        {
            string path = Path.Combine(folder, $"duck{threads}.parquet");
            Run(duck, $"SET threads = {threads}");
            double seconds = Fastest(() => Run(duck, $"COPY vertebrae TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {TableWriter.RowsPerGroup})"));
            results.Add(($"DuckDB, {threads} thread{(threads == 1 ? "" : "s")}", seconds, new FileInfo(path).Length));
        }
    }

    ArrowTable arrow = ArrowTable.Read(ours);
    foreach (bool dictionary in new[] { true, false })
    {
        string path = Path.Combine(folder, $"arrow-{dictionary}.parquet");
        double seconds = Fastest(() => arrow.Write(path, dictionary));
        results.Add(($"Arrow C++, {(dictionary ? "dictionaries everywhere (its default)" : "dictionaries for strings only, as VerseEtl")}", seconds, new FileInfo(path).Length));
    }

    foreach ((string name, double seconds, long bytes) in results)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {seconds * 1e6 / count:F2} | {results[0].Seconds / seconds:F2} | {bytes / 1e6 * 1e6 / count:F1} | {results[0].Bytes / (double)bytes:F2} |"));

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

double Fastest(Action write)
{
    double best = double.PositiveInfinity;
    for (int at = 0; at <= repetitions; at++)
    {
        GC.Collect();
        Stopwatch watch = Stopwatch.StartNew();
        write();
        if (at > 0) best = Math.Min(best, watch.Elapsed.TotalSeconds); // the first run warms up
    }
    return best;
}

static void Run(DuckDBConnection duck, string sql)
{
    using DuckDBCommand command = duck.CreateCommand();
    command.CommandText = sql;
    command.ExecuteNonQuery();
}
