using System.Globalization;
using VerseEtl.Extract;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Storage;
using Identity = VerseEtl.Load.Cache.FileIdentity;

namespace VerseEtl.Host.Flow;

/// <summary>Under which keys the result of a scan is stored, and what its files look like: by names, claims, sizes, times and hashes.</summary>
internal sealed class EntryKeys(Pipeline pipeline)
{
    private const int NamesLength = 32;

    private readonly string _reading = DigestBuilder.TextOf(pipeline.Reading);

    /// <summary>The files that are measured, in a fixed order.</summary>
    public static SourcePath[] FilesOf(ScanFiles scan) =>
        [.. new[] { scan.Ct, scan.Mask, scan.Centroids, scan.Sidecar, scan.Subregions }.OfType<SourcePath>(),
            .. scan.MaskParts?.Skip(1).Select(part => part.Path) ?? []];

    /// <returns>Null where a file is not one that would be read; measuring says why.</returns>
    public Identity[]? Identities(SourcePath[] files)
    {
        try
        {
            return [.. files.Select(file => Plain(SourceFile.Stat(file, pipeline.Reading.FollowLinks)))];
        }
        catch (BadFileException)
        {
            return null;
        }
    }

    /// <summary>As the walk saw the files; null where it did not see them all.</summary>
    public static Identity[]? Seen(SourcePath[] files)
    {
        Identity[] seen = new Identity[files.Length];
        for (int at = 0; at < files.Length; at++)
        {
            if (files[at].Seen is not Extract.Tree.FileIdentity identity) return null;
            seen[at] = Plain(identity);
        }
        return seen;
    }

    /// <summary>As the cache keeps it.</summary>
    public static Identity Plain(Extract.Tree.FileIdentity seen) => new(seen.Size, (long)seen.Inode, seen.ModifiedNs, seen.ChangedNs);

    /// <summary>Names and sizes alone, with which every key of the scan begins.</summary>
    public static string Names(ScanFiles scan, SourcePath[] files, Identity[] identities)
    {
        using DigestBuilder digest = new();
        digest.Add("names", scan.Key.Text);
        for (int at = 0; at < files.Length; at++) digest.Add(files[at].Relative, Invariant($"{identities[at].Bytes}"));
        return digest.Finish()[..NamesLength];
    }

    /// <summary>Everything that stands in the result: names and claims as well as content.</summary>
    public string Of(ScanFiles scan, SourcePath[] files, Identity[] identities, string[] hashes)
    {
        using DigestBuilder digest = new();
        AddClaims(digest, "scan", scan);
        for (int at = 0; at < files.Length; at++) digest.Add(RoleOf(files[at], scan), files[at].Relative, hashes[at]);
        digest.Add(scan.Findings);
        return Names(scan, files, identities) + digest.Finish();
    }

    private static string RoleOf(SourcePath file, ScanFiles scan) => file == scan.Ct ? "ct" : file == scan.Mask ? "mask"
        : file == scan.Centroids ? "centroids" : file == scan.Subregions ? "subregions" : "sidecar";

    /// <summary>Names, claims, and what the files look like in place of what they hold.</summary>
    public byte[] Looks(ScanFiles scan, SourcePath[] files, Identity[] identities)
    {
        using DigestBuilder digest = new();
        AddClaims(digest, "looks", scan);
        for (int at = 0; at < files.Length; at++)
        {
            digest.Add(RoleOf(files[at], scan), files[at].Relative);
            digest.Add([identities[at].Bytes, identities[at].Inode, identities[at].ModifiedNs, identities[at].ChangedNs]);
        }
        digest.Add(scan.Findings);
        return digest.FinishInBytes()[..IndexedScan.LooksLength];
    }

    /// <summary>What the files look like in place of what they hold.</summary>
    public string OfRecord(ScanFiles scan, SourcePath[] files)
    {
        using DigestBuilder digest = new();
        AddClaims(digest, "record", scan);
        foreach (SourcePath file in files) digest.Add(file.Relative, Looks(file));
        digest.Add(scan.Findings);
        return digest.Finish();
    }

    private string Looks(SourcePath file)
    {
        try
        {
            return Identities([file]) is [Identity seen] ? Invariant($"{seen}") : "refused";
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            return "unseen";
        }
    }

    private void AddClaims(DigestBuilder digest, string kind, ScanFiles scan)
    {
        digest.Add(kind, StoredResults.MeasuringVersion.ToString(CultureInfo.InvariantCulture), scan.Key.Text, scan.SubjectId, scan.SeriesId,
            scan.Direction, scan.Series, scan.Licence, scan.Preview?.Relative, scan.Labels?.Text, _reading);
    }
}
