using System.Text.RegularExpressions;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>The ledger: how every run ended, also of those that published nothing.</summary>
public sealed partial class Warehouse
{
    /// <summary>Writes a run into the ledger, over an earlier entry of the same run.</summary>
    internal void Record(RunRecord run)
    {
        RequireWritable();
        RequireRunId(run.RunId);
        Guard(() =>
        {
            _ledger.Write(run);
            return true;
        });
    }

    /// <summary>The same with what the run noticed, which no snapshot holds.</summary>
    /// <param name="findings">In key order.</param>
    internal async Task Record(RunRecord run, IEnumerable<Finding> findings)
    {
        RequireRunId(run.RunId);
        RunFindings? written = null;
        try
        {
            written = await Guard(() => _ledger.WriteFindings(run.RunId, findings));
        }
        catch (StorageException full) when (full.IsOfRoom)
        {
            // that there was such a night is worth more
        }
        Record(run with { Findings = written });
    }

    /// <summary>What a run noticed, in key order: of its own where it published nothing, else of the snapshot it published or confirmed.</summary>
    /// <returns>Null where nothing was kept, or the snapshot was pruned.</returns>
    /// <exception cref="WarehouseDamagedException">The file is damaged.</exception>
    public async Task<IReadOnlyList<Finding>?> FindingsOf(RunRecord run, CancellationToken cancellation = default) =>
        await RowsOfFindings(run, cancellation) is IEnumerable<Finding> rows ? [.. rows] : null;

    /// <summary>The same, proven and read as they are asked for, any number of times.</summary>
    /// <inheritdoc cref="FindingsOf"/>
    internal async Task<IEnumerable<Finding>?> RowsOfFindings(RunRecord run, CancellationToken cancellation)
    {
        if (run.Findings is not null)
        {
            byte[] file = Guard(() => _ledger.ReadFindings(run));
            return Groups(file).ToBlockingEnumerable(cancellation).SelectMany(group => group);
        }
        return (run.Sequence ?? run.CurrentSequence) is long sequence && Find(sequence, manifestAlone: true) is Snapshot snapshot
            ? await RowsOfFindings(snapshot, cancellation)
            : null;

        async IAsyncEnumerable<IReadOnlyList<Finding>> Groups(byte[] file)
        {
            using MemoryStream input = new(file);
            await foreach (IReadOnlyList<Finding> group in TableReader.GroupsAsync(PublishedSchema.Findings, input, null, cancellation)) yield return group;
        }
    }

    /// <summary>Those of a snapshot.</summary>
    /// <inheritdoc cref="RowsOfFindings(RunRecord, CancellationToken)"/>
    internal static async Task<IEnumerable<Finding>> RowsOfFindings(Snapshot snapshot, CancellationToken cancellation)
    {
        // of a table with a damaged file nothing is told
        Require(snapshot, PublishedSchema.Findings.Name, cancellation);
        return Rows(snapshot, PublishedSchema.Findings, cancellation);
    }

    /// <summary>The newest runs of the ledger, by start time, and the entries that cannot be read.</summary>
    internal LedgerPage Ledger(int newest = int.MaxValue) => Guard(() => _ledger.Read(newest));

    /// <summary>The newest runs of the ledger, by start time; entries that cannot be read are left out.</summary>
    public IReadOnlyList<RunRecord> Runs(int newest = int.MaxValue) => Ledger(newest).Runs;

    /// <summary>When an entry was last added to the ledger.</summary>
    public DateTime LedgerChangedUtc => Directory.GetLastWriteTimeUtc(_layout.Runs);

    /// <summary>The runs whose id begins so; only the one whose id is exactly this, if there is one.</summary>
    internal LedgerPage FindRuns(string prefix) => Guard(() => _ledger.Find(prefix));

    /// <summary>Runs in the ledger.</summary>
    internal int RunCount => Guard(() => _ledger.Count);

    private static void RequireRunId(string runId)
    {
        if (!RunIdPattern().IsMatch(runId)) throw new ArgumentException("A run id is 1 to 64 letters, digits, '-' or '_'.", nameof(runId));
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex RunIdPattern();
}
