using VerseEtl.Extract.Tree;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>The night on which nothing changed: known from the listing and the index of scans, without reading a result or a row.</summary>
public sealed partial class PipelineRun
{
    private static PublishedTables NoTables { get; } = new()
    {
        Vertebrae = [], Scans = [], Pairs = [], Spines = [], LabelStatistics = [], DatasetStatistics = [], Findings = [], Audit = [],
    };

    /// <returns>Null where something may have changed, or the tables must be put together to tell.</returns>
    private async Task<RunReport?> Unchanged(Attempt attempt, TreeListing listing, Func<Task<string>> optionsDigest)
    {
        (Warehouse warehouse, StoredResults stored) = (attempt.Warehouse!, attempt.Stored!);
        if (options.Full || options.Verify || options.Scan is not null || options.From.Count > 0 || attempt.Proof!.Unmended.Count > 0) return null;
        if (KnownReport.Read(warehouse.CachePath, pipeline.Source.Path) is not KnownReport known) return null;
        long parent = warehouse.Parent;

        using DigestBuilder digest = new();
        foreach (ScanFiles scan in listing.Scans)
        {
            if (stored.Unchanged(scan) is not byte[] leaf) return null;
            digest.Add(leaf);
        }
        string inputs = Digests.OfInputs(digest, listing);
        if (inputs != known.InputDigest || await optionsDigest() != known.OptionsDigest) return null;
        PublishOutcome outcome = await warehouse.Publish(new PublishRequest
        {
            Tables = NoTables,
            AsksOnly = true,
            RunId = attempt.RunId,
            RunKey = options.RunKey,
            InputDigest = inputs,
            OptionsDigest = known.OptionsDigest,
            ScansFound = attempt.Found,
            BasedOn = parent,
        });
        if (outcome.Ending != PublishEnding.Unchanged) return null;
        stored.TakeUnseen(listing.Scans.Count);
        stored.Save(whole: true);
        return attempt.Ended(outcome, known);
    }

    /// <summary>Keeps for the next night what this one reported.</summary>
    private static void Keep(Attempt attempt, RunReport report, PublishRequest request)
    {
        try
        {
            KnownReport.Keep(attempt.Warehouse!.CachePath, report, request.InputDigest, request.OptionsDigest);
        }
        catch (StorageException storage)
        {
            attempt.Log.Warning("What was reported could not be kept: {Reason}", storage.Message);
        }
    }
}
