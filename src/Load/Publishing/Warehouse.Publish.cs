using VerseEtl.Load.Storage;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Publishing;

/// <summary>The writer: steps 0 to 8 of a publish, in the order that makes it atomic and durable.</summary>
public sealed partial class Warehouse
{
    private const int MostTries = 10;

    /// <summary>Publishes tables as a new snapshot, all or nothing. Success is reported only once the commit is durable.</summary>
    /// <exception cref="ConservationException">Scans found and accounted for differ; nothing was published.</exception>
    /// <exception cref="StorageException">Nothing was published, unless the commit is the newest afterwards.</exception>
    public Task<PublishOutcome> Publish(PublishRequest request, CancellationToken cancellation = default)
    {
        RequireWritable();
        RequireRunId(request.RunId);
        return Guard(async () =>
        {
            for (int tries = 1; ; tries++)
            {
                PublishOutcome? outcome = await TryPublish(request, cancellation);
                if (outcome is not null) return outcome;
                // overtaken: names and manifest carry the old parent
                if (request.RunKey is not null || request.BasedOn is not null || tries == MostTries)
                    return new PublishOutcome(PublishEnding.Overtaken, _log.NewestWhole());
            }
        });
    }

    /// <summary>One attempt; null if another writer committed first.</summary>
    private async Task<PublishOutcome?> TryPublish(PublishRequest request, CancellationToken cancellation = default)
    {
        using StagingArea area = StagingArea.Create(_layout, request.RunId);
        At(PublishSteps.Begun);
        Recovery.Run(_layout, _log, area, _options.Time.GetUtcNow());
        // what a writer that died after its commit left undone
        string? delta = RollDeltaForward(area);
        At(PublishSteps.Recovered);

        // before the run key is looked up: a commit put in between then takes this very sequence, and link(2) tells us
        Chain chain = _log.ReadChain();
        long sequence = chain.Highest + 1;
        Snapshot? current = chain.Newest is (Commit newest, _) ? _log.SnapshotOf(newest) : null;
        DamagedFile[] mends = [.. chain.Account(request.Mends).Where(fault => fault.MendedBy is null)];
        RefuseNewer();
        if (WhyNot(request, chain, current, mends) is PublishEnding ending) return new PublishOutcome(ending, current, delta);
        if (request.AsksOnly) return new PublishOutcome(PublishEnding.Overtaken, current, delta);
        RequireSpace(current);

        StagedSnapshot staged = new(_layout, area, sequence, request.RunId);
        Conservation conservation = new(request.Tables.Clinical);
        await WriteTables(request, staged, conservation, cancellation);
        string? page = request.AuditPage is null ? request.AuditHtml : await request.AuditPage();
        if (page is not null) staged.AddFile("audit.html", System.Text.Encoding.UTF8.GetBytes(page));
        if (request.Attribution is SourceAttribution source) staged.AddFile(SnapshotDescription.LicenceName, SnapshotDescription.Licence(source));
        Manifest manifest = Describe(request);
        staged.AddFile(SnapshotDescription.CroissantName, SnapshotDescription.Croissant(staged.Files, manifest));
        At(PublishSteps.Written);
        staged.SyncDirectories();
        At(PublishSteps.Synced);
        await staged.ReadBack(cancellation);
        At(PublishSteps.ReadBack);
        (int ok, int warning, int failed, int excluded) = conservation.Check(request.ScansFound);
        At(PublishSteps.Conserved);
        cancellation.ThrowIfCancellationRequested();

        Commit commit = new()
        {
            Format = Commit.KnownFormat,
            Sequence = sequence,
            RunId = request.RunId,
            RunKey = request.RunKey,
            Parent = chain.Newest?.Commit.Sequence,
            ParentSha256 = chain.Newest?.Sha256,
            Snapshot = staged.Name,
            ManifestSha256 = "",
            CommittedUtc = _options.Time.GetUtcNow(),
            Mends = mends.Length > 0 ? mends : null,
        };
        manifest = manifest with { ScansOk = ok, ScansWarning = warning, ScansFailed = failed, ScansExcluded = excluded, Files = staged.Files };
        return Put(commit, staged, manifest, area) ? Aftermath(commit, area) : Taken(request, sequence);
    }

    private async Task WriteTables(PublishRequest request, StagedSnapshot staged, Conservation conservation, CancellationToken cancellation)
    {
        List<TableParts> tables = [];
        try
        {
            tables.AddRange(PublishedSchema.Of(request.Tables.Clinical?.Declaration).Select(table => staged.Begin(table, request.Attribution, _options.Parts)));
            foreach (PublishedTables piece in request.Pieces.Append(request.Tables))
            {
                cancellation.ThrowIfCancellationRequested();
                conservation.Add(piece);
                foreach (TableParts table in tables) await table.Add(piece, cancellation);
            }
            foreach (TableParts table in tables)
            {
                await staged.Complete(table, cancellation);
                At(PublishSteps.TableWritten);
            }
        }
        finally
        {
            foreach (TableParts table in tables) table.Dispose();
        }
    }

    /// <summary>Steps 5 and 6: the directory under its final name, then the commit. False if another writer has the sequence.</summary>
    private bool Put(Commit commit, StagedSnapshot staged, Manifest manifest, StagingArea area)
    {
        bool committed = false;
        try
        {
            commit = commit with { ManifestSha256 = staged.Place(manifest) };
            At(PublishSteps.Placed);
            string prepared = Path.Combine(area.Path, "commit.json");
            Durable.WriteNew(prepared, SealedJson.Write(commit, LoadForms.Commit));
            At(PublishSteps.Prepared);
            if (_log.SnapshotOf(commit) is null)
                throw new StorageException("STO_BITROT", $"the placed snapshot {commit.Snapshot} is not there as written; check the disk and run again");
            committed = _log.TryAppend(commit, prepared);
            if (committed) At(PublishSteps.Committed);
            return committed;
        }
        finally
        {
            // a failed sync after link(2) leaves a commit that readers already see: then the directory must stay
            if (!committed && _log.Read(commit.Sequence)?.Commit.RunId != commit.RunId) staged.Discard();
        }
    }

    /// <summary>Steps 7 and 8: what fails here is repaired by the next start and does not undo the publish.</summary>
    private PublishOutcome Aftermath(Commit commit, StagingArea area)
    {
        string? trouble = null;
        try
        {
            CurrentLink.RollForward(_layout, _log, area.Path);
            At(PublishSteps.Linked);
            trouble = RollDeltaForward(area);
            At(PublishSteps.Delta);
            Chain chain = _log.ReadChain();
            Pruning.Run(_layout, chain, _options);
            At(PublishSteps.Pruned);
            // read back before it was committed
            Note(chain, [commit.Sequence], []);
            At(PublishSteps.Proven);
        }
        catch (Exception e) when (e is StorageException || StorageException.Covers(e))
        {
            trouble = e.Message;
        }
        return new PublishOutcome(PublishEnding.Published, _log.NewestWhole(), trouble);
    }

    /// <summary>The Delta logs never keep a run from publishing: the commits are the truth, and the next run goes on.</summary>
    /// <returns>What is to be told; null for nothing.</returns>
    private string? RollDeltaForward(StagingArea area)
    {
        try
        {
            DeltaTables delta = new(_layout, _log) { ChangeFeed = _options.DeltaChangeFeed, AtStep = _options.AtStep };
            IReadOnlyList<string> told = delta.RollForward(_options.Delta, area.Path);
            return told.Count > 0 ? string.Join("; ", told) : null;
        }
        catch (Exception e) when (e is StorageException or InvalidDataException || StorageException.Covers(e))
        {
            return $"the Delta tables are not up to date: {e.Message}";
        }
    }

    private PublishOutcome? Taken(PublishRequest request, long sequence) =>
        request.RunKey is not null && _log.Read(sequence)?.Commit.RunKey == request.RunKey
            ? new PublishOutcome(PublishEnding.AlreadyPublished, _log.NewestWhole())
            : null;

    /// <summary>The reason not to write anything, if there is one.</summary>
    private PublishEnding? WhyNot(PublishRequest request, Chain chain, Snapshot? current, DamagedFile[] mends)
    {
        if (request.RunKey is string key)
        {
            if (chain.Commits.Any(commit => commit.RunKey == key)) return PublishEnding.AlreadyPublished;
            // a hold that cannot be read holds as well
            if (ReadHold() is not (null, null)) return PublishEnding.Held;
        }
        if (request.BasedOn is long based && based != (chain.Newest?.Commit.Sequence ?? 0)) return PublishEnding.Overtaken;
        bool same = current is not null && current.Manifest.SchemaVersion == PublishedSchema.Version
            && current.Manifest.InputDigest == request.InputDigest && current.Manifest.OptionsDigest == request.OptionsDigest;
        return same && mends.Length == 0 && !request.EvenIfUnchanged ? PublishEnding.Unchanged : null;
    }

    private void RequireSpace(Snapshot? last)
    {
        long wanted = 2 * (last?.Manifest.Files.Sum(file => file.Bytes) ?? 0) + _options.ReserveBytes;
        long free = new DriveInfo(Root).AvailableFreeSpace;
        if (_options.ReserveBytes > 0 && free < wanted)
            throw new StorageException("STO_ENOSPC", Invariant(
                $"{free} bytes are free under {Root}, {wanted} are wanted before a publish begins; free some space and run again"), StorageException.Enospc);
    }

    private Manifest Describe(PublishRequest request) => new()
    {
        SchemaVersion = PublishedSchema.Version,
        CodeVersion = _options.CodeVersion,
        InputDigest = request.InputDigest,
        OptionsDigest = request.OptionsDigest,
        ScansFound = request.ScansFound,
        ScansOk = 0,
        ScansWarning = 0,
        ScansFailed = 0,
        License = request.Attribution?.Licence,
        Source = request.Attribution?.Source,
        Citations = request.Attribution?.Citations ?? [],
        Changes = request.Attribution is null ? null : SourceAttribution.Changes + " " + SourceAttribution.NoEndorsement,
        Clinical = request.Tables.Clinical?.Declaration,
        Files = [],
    };

    private void At(string step) => _options.AtStep?.Invoke(step);
}
