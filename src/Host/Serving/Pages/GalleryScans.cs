using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>
/// The scans of a snapshot for its gallery. Few are held; many are read for each page, twice: once to find which are asked for and in which order,
/// of which some thirty bytes each are held, and once for those that are shown.
/// </summary>
public sealed class GalleryScans
{
    private const int MostHeld = 20_000;

    private readonly IEnumerable<GalleryScan> _scans;

    /// <param name="scans">In key order, and the same each time they are enumerated.</param>
    public GalleryScans(IEnumerable<GalleryScan> scans, int mostHeld = MostHeld)
    {
        List<GalleryScan> held = [];
        SortedSet<string> datasets = new(StringComparer.Ordinal), splits = new(StringComparer.Ordinal), codes = new(StringComparer.Ordinal);
        HashSet<int> labels = [];
        foreach (GalleryScan scan in scans)
        {
            if (++Count <= mostHeld) held.Add(scan);
            else held.Clear();
            datasets.Add(scan.Dataset);
            splits.Add(scan.Split);
            codes.UnionWith(scan.Codes);
            foreach (GalleryLevel level in scan.Levels) labels.Add(level.Label);
        }
        _scans = Count <= mostHeld ? held : scans;
        (Datasets, Splits, Codes) = ([.. datasets], [.. splits], [.. codes]);
        Levels = [.. VertebraLabel.Anatomical.Where(labels.Contains).Select(VertebraLabel.Name)];
    }

    public int Count { get; }

    public IReadOnlyList<string> Datasets { get; }
    public IReadOnlyList<string> Splits { get; }

    /// <summary>From head to tail.</summary>
    public IReadOnlyList<string> Levels { get; }
    public IReadOnlyList<string> Codes { get; }

    /// <summary>
    /// The scans asked for, the worst first: what could not be read at all, then by how far a level stands out (where one is asked for, that one), then
    /// by findings. Of a page that is beyond the last, the last.
    /// </summary>
    public GalleryShown Page(GalleryQuery query, int scansPerPage)
    {
        Func<GalleryScan, bool> isAskedFor = query.Asked();
        int? label = query.Label;
        List<Rank> found = [];
        foreach ((int place, GalleryScan scan) in _scans.Index())
            if (isAskedFor(scan)) found.Add(Rank.Of(scan, label, place));
        found.Sort();
        int pages = Math.Max(1, (found.Count + scansPerPage - 1) / scansPerPage), page = Math.Min(query.Page, pages);
        int[] places = [.. found.Skip((page - 1) * scansPerPage).Take(scansPerPage).Select(rank => rank.Place)];
        return new GalleryShown(At(places), found.Count, page, pages);
    }

    private GalleryScan[] At(int[] places)
    {
        Dictionary<int, GalleryScan> shown = [];
        HashSet<int> wanted = [.. places];
        foreach ((int place, GalleryScan scan) in _scans.Index())
        {
            if (shown.Count == places.Length) break;
            if (wanted.Contains(place)) shown.Add(place, scan);
        }
        return [.. places.Select(place => shown[place])];
    }

    /// <summary>How bad a scan is; the worse comes first, else in key order.</summary>
    private readonly record struct Rank(bool IsFailed, double Far, int Errors, int Warnings, int Notes) : IComparable<Rank>
    {
        /// <summary>Of the scan, in key order.</summary>
        public required int Place { get; init; }

        public static Rank Of(GalleryScan scan, int? label, int place) =>
            new(scan.IsFailed, Math.Abs(scan.Worst(label)?.Z ?? 0), scan.Errors, scan.Warnings, scan.Notes) { Place = place };

        public int CompareTo(Rank other)
        {
            int order = other.IsFailed.CompareTo(IsFailed);
            if (order == 0) order = other.Far.CompareTo(Far);
            if (order == 0) order = other.Errors.CompareTo(Errors);
            if (order == 0) order = other.Warnings.CompareTo(Warnings);
            if (order == 0) order = other.Notes.CompareTo(Notes);
            return order != 0 ? order : Place.CompareTo(other.Place);
        }
    }
}

/// <summary>A page of a gallery.</summary>
/// <param name="Found">Scans that were asked for, on all pages.</param>
/// <param name="Page">From 1.</param>
public sealed record GalleryShown(IReadOnlyList<GalleryScan> Scans, int Found, int Page, int Pages);
