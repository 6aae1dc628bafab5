using VerseEtl.Extract.Tree;

namespace VerseEtl.Host.Flow;

/// <summary>Where the results of a listing stand in key order.</summary>
/// <param name="Scans">Of the scans that are read.</param>
/// <param name="Excluded">Of those that are left out.</param>
internal sealed record ResultPlaces(int[] Scans, int[] Excluded)
{
    public int Count => Scans.Length + Excluded.Length;

    public static ResultPlaces Of(TreeListing listing)
    {
        ResultPlaces places = new(new int[listing.Scans.Count], new int[listing.Excluded.Count]);
        for (int scan = 0, excluded = 0; scan + excluded < places.Count;)
        {
            bool isScan = excluded == places.Excluded.Length || (scan < places.Scans.Length
                && string.CompareOrdinal(listing.Scans[scan].Key.Text, listing.Excluded[excluded].Scan.ScanKey) <= 0);
            if (isScan) places.Scans[scan] = scan++ + excluded;
            else places.Excluded[excluded] = scan + excluded++;
        }
        return places;
    }
}
