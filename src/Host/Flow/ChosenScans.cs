using System.Collections;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;

namespace VerseEtl.Host.Flow;

/// <summary>Some of a listing's scans, in key order; four bytes of each are held.</summary>
internal sealed class ChosenScans(IReadOnlyList<ScanFiles> scans, int[] places) : IReadOnlyList<ScanFiles>
{
    public int Count => places.Length;

    public ScanFiles this[int place] => scans[places[place]];

    /// <summary>The scans of one process of many.</summary>
    /// <exception cref="RunStoppedException">Something lacks: this host takes no part.</exception>
    public static IReadOnlyList<ScanFiles> Of(IReadOnlyList<ScanFiles> scans, Pipeline pipeline, MeasureOptions options)
    {
        if (options is { Scans: null, Participants: null } && options.Shard == Shard.Whole) return scans;
        ScanChoice choice = new(scans, pipeline);
        return new ChosenScans(scans, options.Scans is ScanPlan plan ? choice.Of(plan, options.Shard) : choice.Of(options.Participants, options.Shard));
    }

    public IEnumerator<ScanFiles> GetEnumerator() => places.Select(place => scans[place]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>Chooses scans of a listing by their places in it; of each that may be chosen some twelve bytes are held.</summary>
internal sealed class ScanChoice(IReadOnlyList<ScanFiles> scans, Pipeline pipeline)
{
    private const int MostNamed = 20;

    private (int Place, ScanFiles? Files) _last;

    /// <summary>A part of the scans of subjects.</summary>
    /// <param name="participants">Null for all.</param>
    /// <returns>Places in ascending order.</returns>
    /// <exception cref="RunStoppedException">A subject has no scan.</exception>
    public int[] Of(IReadOnlyList<string>? participants, Shard shard)
    {
        int[] places = participants is null ? [.. Enumerable.Range(0, scans.Count)] : OfSubjects(participants);
        long[] bytes = new long[places.Length];
        for (int at = 0; at < places.Length; at++) bytes[at] = PlannedScan.Of(scans[places[at]], pipeline).Bytes;
        int[] mine = shard.Of(bytes);
        Require(from at in mine
                let now = PlannedScan.Of(scans[places[at]], pipeline)
                where now.Bytes != bytes[at]
                select NotAsPlanned(now.Key));
        return Array.ConvertAll(mine, at => places[at]);
    }

    /// <summary>A part of a plan.</summary>
    /// <returns>Places in ascending order.</returns>
    /// <exception cref="RunStoppedException">A scan of the part is not here as it was planned, or one that is given by its key alone is not here.</exception>
    public int[] Of(ScanPlan plan, Shard shard)
    {
        (List<int> places, List<long> bytes) = Looked(plan);
        int[] mine = shard.Of(bytes);
        List<string> lacking = [];
        int planned = 0, next = 0;
        foreach ((PlannedScan scan, _) in plan.InKeyOrder())
        {
            if (next == mine.Length) break;
            if (planned++ != mine[next]) continue;
            int at = mine[next++];
            PlannedScan? now = places[at] < 0 ? null : PlannedScan.Of(scans[places[at]], pipeline);
            if (now is null || !scan.IsSeenAs(now) || (scan.IsKeyAlone && now.Bytes != bytes[at])) lacking.Add(NotAsPlanned(scan.Key));
        }
        Require(lacking);
        return Array.ConvertAll(mine, at => places[at]);
    }

    /// <summary>Where the scans of a plan are in the listing, -1 for one that is not, and the bytes that it is divided by.</summary>
    private (List<int> Places, List<long> Bytes) Looked(ScanPlan plan)
    {
        List<int> places = [];
        List<long> bytes = [];
        (int Line, string Key)? lacking = null;
        int place = 0;
        foreach ((PlannedScan scan, int line) in plan.InKeyOrder())
        {
            place = FirstFrom(place, scan.Key);
            ScanFiles? here = place < scans.Count && At(place) is { } found && found.Key.Text == scan.Key ? found : null;
            places.Add(here is null ? -1 : place);
            bytes.Add(here is not null && scan.IsKeyAlone ? PlannedScan.Of(here, pipeline).Bytes : scan.Bytes);
            // a list of keys is divided by what lies here, so all of it must
            if (here is null && scan.IsKeyAlone && !(lacking?.Line < line)) lacking = (line, scan.Key);
        }
        Require(lacking is (_, string key) ? [$"no scan {key}"] : []);
        return (places, bytes);
    }

    /// <summary>The first scan from a place on that does not come before a key: looked for in steps that double, as a plan may name all or few.</summary>
    private int FirstFrom(int place, string key)
    {
        int step = 1;
        for (; place + step <= scans.Count && IsBefore(place + step - 1, key); step *= 2) place += step;
        int end = Math.Min(place + step - 1, scans.Count);
        while (place < end)
        {
            int middle = (place + end) / 2;
            if (IsBefore(middle, key)) place = middle + 1;
            else end = middle;
        }
        return place;
    }

    private bool IsBefore(int place, string key) => string.CompareOrdinal(At(place).Key.Text, key) < 0;

    private ScanFiles At(int place)
    {
        if (_last.Files is null || _last.Place != place) _last = (place, scans[place]);
        return _last.Files;
    }

    private int[] OfSubjects(IReadOnlyList<string> participants)
    {
        HashSet<string> wanted = new(participants, StringComparer.Ordinal), seen = new(StringComparer.Ordinal);
        List<int> places = [];
        for (int place = 0; place < scans.Count; place++)
        {
            string subject = scans[place].SubjectId;
            if (!wanted.Contains(subject)) continue;
            seen.Add(subject);
            places.Add(place);
        }
        Require(participants.Where(label => !seen.Contains(label)).Select(label => $"no scan of participant {label}"));
        return [.. places];
    }

    private static string NotAsPlanned(string key) => $"{key} is not here as it was planned";

    private void Require(IEnumerable<string> lacking)
    {
        string[] all = [.. lacking];
        if (all.Length == 0) return;
        throw new RunStoppedException(ExitCode.SourceUnavailable,
        [
            Invariant($"{pipeline.Source.Path} does not hold what is asked for; nothing was measured"),
            .. all.Take(MostNamed),
            .. all.Length > MostNamed ? [Invariant($"and {all.Length - MostNamed} more")] : Array.Empty<string>(),
        ]);
    }
}
