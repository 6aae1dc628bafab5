using System.Text;
using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>Going back: an older snapshot published again as a new commit, so that the log only ever grows.</summary>
public sealed partial class Warehouse
{
    /// <summary>Publishes an older snapshot's content as the newest and holds scheduled runs until <see cref="Release"/>.</summary>
    /// <param name="runId">Unique, as for a publish.</param>
    /// <exception cref="ArgumentException">There is no such snapshot (any more).</exception>
    /// <exception cref="WarehouseDamagedException">It is damaged; nothing was published and nothing is held.</exception>
    public Task<PublishOutcome> Rollback(long sequence, string runId, CancellationToken cancellation) => Rollback(sequence, runId, null, cancellation);

    /// <param name="reason">Why, for those who meet the hold; null says only to which snapshot.</param>
    /// <inheritdoc cref="Rollback(long, string, CancellationToken)"/>
    internal Task<PublishOutcome> Rollback(long sequence, string runId, string? reason, CancellationToken cancellation)
    {
        RequireWritable();
        RequireRunId(runId);
        return Guard(async () =>
        {
            Snapshot old = Find(sequence) ?? throw new ArgumentException(Invariant($"There is no snapshot {sequence}."), nameof(sequence));
            Require(old, table: null, cancellation);
            // first, so that no scheduled run publishes over the rollback; it stays if the rollback fails, and `release` ends it
            string why = Invariant($"rolled back to snapshot {sequence}") + (reason is null ? "" : $": {reason}");
            Hold hold = new(_options.Time.GetUtcNow(), sequence, why);
            Durable.Replace(_layout.Hold, SealedJson.Write(hold, LoadJson.Default.Hold));
            for (int tries = 1; tries <= MostTries; tries++)
                if (await TryRollback(old, runId, cancellation) is PublishOutcome outcome)
                    return outcome;
            return new PublishOutcome(PublishEnding.Overtaken, _log.NewestWhole());
        });
    }

    private async Task<PublishOutcome?> TryRollback(Snapshot old, string runId, CancellationToken cancellation)
    {
        using StagingArea area = StagingArea.Create(_layout, runId);
        Recovery.Run(_layout, _log, area, _options.Time.GetUtcNow());
        Chain chain = _log.ReadChain();
        long sequence = chain.Highest + 1;
        StagedSnapshot staged = new(_layout, area, sequence, runId);
        string? description = null;
        Dictionary<string, string> renamed = new(StringComparer.Ordinal);
        foreach (ManifestFile file in old.Manifest.Files)
        {
            string? part = file.Rows is null ? null : TableSchema.PartPath(file.Table, sequence, old.Manifest.FilesOf(file.Table).IndexOf(file));
            if (file.Path == SnapshotDescription.CroissantName)
            {
                description = Encoding.UTF8.GetString(ReadFile(old, file, cancellation));
                continue;
            }
            if (part is not null) renamed.Add(Path.GetFileName(file.Path), Path.GetFileName(part));
            staged.AddLink(part ?? file.Path, Path.Combine(old.Directory, file.Path), file);
        }
        // the old one's, for its columns may be those of an older schema
        foreach ((string before, string now) in renamed) description = description?.Replace(before, now, StringComparison.Ordinal);
        if (description is not null) staged.AddFile(SnapshotDescription.CroissantName, Encoding.UTF8.GetBytes(description));
        staged.SyncDirectories();
        await staged.ReadBack(cancellation);
        Commit commit = new()
        {
            Format = Commit.KnownFormat,
            Sequence = sequence,
            RunId = runId,
            Parent = chain.Newest?.Commit.Sequence,
            ParentSha256 = chain.Newest?.Sha256,
            Snapshot = staged.Name,
            ManifestSha256 = "",
            RolledBackTo = old.Sequence,
            CommittedUtc = _options.Time.GetUtcNow(),
        };
        return Put(commit, staged, old.Manifest with { Files = staged.Files }, area) ? Aftermath(commit, area) : null;
    }
}
