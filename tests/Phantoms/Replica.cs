using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Phantoms;

/// <summary>
/// All 374 published scans by their real names and splits, with labels and volumes handed out so that every published number that does not
/// contradict another comes out: label cases, volumes, VerSe19's vertebrae by region, spacing and size.
/// </summary>
public sealed class Replica
{
    private static readonly Dictionary<string, int> Verse19Vertebrae = new() { ["cervical"] = 220, ["thoracic"] = 884, ["lumbar"] = 621, ["sacral"] = 0 };

    public List<ScanRow> Scans { get; } = [];
    public List<VertebraRow> Vertebrae { get; } = [];
    public ClinicalTable? Clinical { get; set; }

    public static Reference Reference { get; } = Reference.Verse();

    public static Replica Whole()
    {
        Replica replica = new();
        Dictionary<string, SortedSet<int>> labels = [];
        Dictionary<(string, int), double> volumes = [];
        string[][] editions = [.. Editions.All.Select(edition => Reference.ScansOf(edition, "all").Select(scan => scan.ScanKey).ToArray())];
        Dictionary<int, int> inVerse19 = SharesOfVerse19(editions[0].Length, editions[1].Length);
        foreach (PublishedLabel published in Reference.LabelTable!.Labels.Where(row => row.Cases > 0))
        {
            string[] holders = [.. Turned(editions[0], published.Label).Take(inVerse19[published.Label]),
                .. Turned(editions[1], published.Label).Take(published.Cases - inVerse19[published.Label])];
            for (int at = 0; at < holders.Length; at++)
            {
                if (!labels.TryGetValue(holders[at], out SortedSet<int>? set)) labels.Add(holders[at], set = []);
                set.Add(published.Label);
                volumes[(holders[at], published.Label)] =
                    at switch { 0 => published.VolumeCm3Min!.Value, 1 => published.VolumeCm3Max!.Value, _ => published.VolumeCm3Median!.Value };
            }
        }
        int number = 0;
        foreach ((string key, string id, PublishedFolder folder) in Reference.ScansOf("all", "all"))
        {
            SortedSet<int> held = labels.GetValueOrDefault(key, []);
            ScanRow scan = CohortRows.Scan(folder.Dataset, folder.Split, id, [.. held.OrderBy(VertebraLabel.AnatomicalOrder)]);
            replica.Scans.Add(WithGeometry(scan, number++));
            replica.Vertebrae.AddRange(scan.Labels!.Select(label => CohortRows.Vertebra(scan, label, volumes[(key, label)])));
        }
        return replica;
    }

    internal AuditReport Audit(Reference? reference = null)
    {
        CohortFrame cohort = CohortFrame.Of(Scans, Vertebrae);
        return Transform.Cohort.Audit.Compare(reference ?? Reference, new PublishedTables
        {
            Scans = Scans,
            Vertebrae = Vertebrae,
            Pairs = [],
            Spines = [],
            LabelStatistics = LabelStatistics.Compute(cohort),
            DatasetStatistics = DatasetStatistics.Compute(cohort),
            Findings = [],
            Audit = [],
            Clinical = Clinical,
        });
    }

    public void Remove(Predicate<ScanRow> gone)
    {
        HashSet<string> keys = [.. Scans.FindAll(gone).Select(scan => scan.ScanKey)];
        Scans.RemoveAll(gone);
        Vertebrae.RemoveAll(vertebra => keys.Contains(vertebra.ScanKey));
    }

    public void ChangeScan(string key, Func<ScanRow, ScanRow> change)
    {
        int at = Scans.FindIndex(scan => scan.ScanKey == key);
        Scans[at] = change(Scans[at]);
    }

    public void ChangeVolumes(Func<VertebraRow, bool> which, double volumeCm3)
    {
        for (int at = 0; at < Vertebrae.Count; at++)
            if (which(Vertebrae[at])) Vertebrae[at] = Vertebrae[at] with { VolumeCm3 = volumeCm3 };
    }

    /// <summary>How many of each label's cases lie in VerSe19, so that its published sums by region come out.</summary>
    private static Dictionary<int, int> SharesOfVerse19(int scans19, int scans20)
    {
        Dictionary<int, int> shares = [];
        foreach (IGrouping<string, PublishedLabel> region in Reference.LabelTable!.Labels.GroupBy(row => VertebraLabel.Region(row.Label)))
        {
            int wanted = Verse19Vertebrae[region.Key];
            double share = wanted / (double)Math.Max(1, region.Sum(row => row.Cases));
            foreach (PublishedLabel row in region) shares[row.Label] = Math.Max((int)(row.Cases * share), row.Cases - scans20);
            while (region.Sum(row => shares[row.Label]) < wanted)
                shares[region.Where(row => shares[row.Label] < Math.Min(scans19, row.Cases)).MinBy(row => shares[row.Label] / (double)row.Cases)!.Label]++;
            if (region.Sum(row => shares[row.Label]) != wanted) throw new InvalidOperationException($"The cases of {region.Key} labels do not share out.");
        }
        return shares;
    }

    private static IEnumerable<string> Turned(string[] scans, int label) => scans.Select((_, at) => scans[(at + (37 * label)) % scans.Length]);

    private static ScanRow WithGeometry(ScanRow scan, int number)
    {
        (double[] spacing, int[] shape) = number switch
        {
            0 => (new[] { 0.19, 0.19, 0.40 }, new[] { 103, 144, 34 }),
            1 => ([1.67, 1.67, 5.0], [960, 2048, 2023]),
            _ => ([0.92, 0.92, 1.0], [512, 512, 292]),
        };
        return scan with
        {
            Orientation = "LPS",
            SpacingIMm = (float)spacing[0],
            SpacingJMm = (float)spacing[1],
            SpacingKMm = (float)spacing[2],
            SpacingLrMm = (float)spacing[0],
            SpacingApMm = (float)spacing[1],
            SpacingSiMm = (float)spacing[2],
            ShapeI = shape[0],
            ShapeJ = shape[1],
            ShapeK = shape[2],
        };
    }
}
