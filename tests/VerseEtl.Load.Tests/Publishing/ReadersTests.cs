using System.Diagnostics;
using DuckDB.NET.Data;
using ParquetSharp;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>Readers that know nothing of commits, while a writer publishes and prunes.</summary>
public sealed class ReadersTests : IDisposable
{
    private static readonly int Swaps = LongRuns.Factor == 1 ? 25 : 40 * LongRuns.Factor, ReadsASwap = LongRuns.Factor == 1 ? 0 : 20;

    /// <summary>Voxels of all vertebrae by seed, which tell the snapshots apart.</summary>
    private static readonly long[] Voxels = [.. Enumerable.Range(0, 102).Select(seed => SampleTables.Of(seed: seed).Vertebrae.Sum(row => row.VoxelCount))];

    private readonly TempFolder _temp = new();
    private int _reads;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_reader_through_current_sees_one_snapshot_or_a_missing_file_never_a_mixture()
    {
        string root = "";
        long started = Stopwatch.GetTimestamp();
        Func<string, bool>[] engines = [DuckReads, ArrowReads];
        Count total = new();
        // a fresh warehouse now and then: the log grows and every publish reads it
        for (int swaps = 0; swaps < Swaps;)
        {
            root = _temp[$"warehouse-{swaps}"];
            Warehouse warehouse = Warehouse.Open(root, new WarehouseOptions { KeepNewest = 2, KeepYoungerThan = TimeSpan.Zero });
            await warehouse.Publish(Requests.Of("start"), Token);
            using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(Token);
            Task<Count>[] readers = [.. engines.Select(read => Task.Run(() => Read(root, read, done.Token), Token))];
            for (int swap = 0; swap < 100 && swaps < Swaps; swap++, swaps++)
            {
                // shape_k of every scan is 100 x seed, so a mixture of snapshots shows
                await warehouse.Publish(Requests.Of($"swap-{swap}", seed: swap + 2), Token);
                while (Volatile.Read(ref _reads) < ReadsASwap * (swaps + 1)) await Task.Delay(1, Token);
            }
            await done.CancelAsync();
            foreach (Task<Count> reader in readers) total = total.Plus(await reader);
        }
        LongRuns.Report($"{total.Whole + total.Missing + total.Empty + total.Mixed + total.Torn} reads "
            + $"over {Swaps} swaps: {total.Whole} whole, {total.Missing} met a missing file, {total.Empty} listed no file at "
            + $"all, {total.Mixed} mixed, {total.Torn} torn {total.Example}; {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
        Assert.True(total.Whole > 0);
        Assert.Equal((0, 0), (total.Mixed, total.Torn));
        WarehouseInvariants.Check(root, recovered: true);
    }

    private Count Read(string root, Func<string, bool> read, CancellationToken done)
    {
        Count count = new();
        while (!done.IsCancellationRequested)
        {
            try
            {
                count = read(root) ? count with { Whole = count.Whole + 1 } : count with { Mixed = count.Mixed + 1 };
            }
            catch (Exception e) when (e is DirectoryNotFoundException || e.Message.Contains("No files found", StringComparison.Ordinal)
                || e.Message.Contains("No such file", StringComparison.Ordinal))
            {
                count = count with { Missing = count.Missing + 1 };
            }
            catch (EmptyListingException)
            {
                count = count with { Empty = count.Empty + 1 };
            }
            catch (Exception e) when (e is DuckDBException or ParquetException or IOException)
            {
                count = count with { Torn = count.Torn + 1, Example = e.Message };
            }
            Interlocked.Increment(ref _reads);
        }
        return count;
    }

    /// <summary>Joins two tables of the snapshot that `current` named at one moment.</summary>
    private static bool DuckReads(string root)
    {
        string snapshot = Path.Combine(root, new FileInfo(Path.Combine(root, "current")).LinkTarget!);
        using DuckDBConnection duck = new("DataSource=:memory:");
        duck.Open();
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText = $"""
            SELECT count(*), count(DISTINCT s.shape_k), count(DISTINCT v.scan_key), min(s.shape_k)::BIGINT, sum(v.voxel_count)::BIGINT
            FROM '{snapshot}/vertebrae/*.parquet' v JOIN '{snapshot}/scans/*.parquet' s USING (scan_key)
            """;
        using DuckDBDataReader reader = command.ExecuteReader();
        return reader.Read() && (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) == (20L, 1L, 5L)
            && Voxels[(int)(reader.GetInt64(3) / 100)] == reader.GetInt64(4);
    }

    /// <summary>Lists one table through `current` and opens what it listed, as plain readers do.</summary>
    private static bool ArrowReads(string root)
    {
        List<long> voxels = [];
        string[] files = Directory.GetFiles(root + "/current/vertebrae", "*.parquet");
        // a directory opened before it was pruned and listed afterwards is empty, which every engine reports as "no files"
        if (files.Length == 0) throw new EmptyListingException();
        foreach (string path in files)
        {
            using ParquetFileReader file = new(path);
            int column = Enumerable.Range(0, file.FileMetaData.NumColumns).Single(at => file.FileMetaData.Schema.Column(at).Name == "voxel_count");
            for (int group = 0; group < file.FileMetaData.NumRowGroups; group++)
            {
                using RowGroupReader rows = file.RowGroup(group);
                using ColumnReader cells = rows.Column(column);
                using LogicalColumnReader<long> values = cells.LogicalReader<long>();
                voxels.AddRange(values.ReadAll((int)rows.MetaData.NumRows));
            }
        }
        return voxels.Count == 20 && Voxels.Contains(voxels.Sum());
    }

    private sealed record Count(int Whole = 0, int Missing = 0, int Mixed = 0, int Torn = 0, string? Example = null, int Empty = 0)
    {
        public Count Plus(Count other) =>
            new(Whole + other.Whole, Missing + other.Missing, Mixed + other.Mixed, Torn + other.Torn, Example ?? other.Example, Empty + other.Empty);
    }

    private sealed class EmptyListingException : Exception;
}
