using System.Runtime.Versioning;
using System.Text;
using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Storage;
using VerseEtl.Transform.Tables;
using Identity = VerseEtl.Load.Cache.FileIdentity;

namespace VerseEtl.Bench;

/// <summary>
/// A source of many scans with files of a few bytes, and their invented results in the cache of a warehouse: what a run costs beside measuring. Nothing
/// is synced, as nothing of it is worth keeping.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class Cohort
{
    private const int VertebraeAScan = 3, ScansOfVerse = 374;

    // VerSe's folders and the scans in each
    private static readonly (string Folder, int Scans)[] Folders =
    [
        ("dataset-verse19training", 80), ("dataset-verse19validation", 40), ("dataset-verse19test", 40),
        ("dataset-01training", 72), ("dataset-02validation", 71), ("dataset-03test", 71),
    ];

    private static readonly ParallelOptions AllCores = new() { MaxDegreeOfParallelism = Environment.ProcessorCount };

    private static readonly string[] Templates = ["sub-verse910", "sub-verse911", "sub-verse922"];

    public static void Make(int scans, string source, string warehouse)
    {
        if (Directory.Exists(source)) throw new IOException($"{source} exists; give a new folder");
        Parallel.For(0, scans, AllCores, at => WriteFiles(source, at, round: 0));
        Store(source, warehouse, [.. Enumerable.Range(0, scans)], scans);
    }

    /// <summary>Gives some scans, spread over all, masks of other bytes.</summary>
    public static void Change(int count, string source, string warehouse)
    {
        int scans = Folders.Select(folder => Raw(source, folder.Folder)).Where(Directory.Exists).Sum(folder => Directory.EnumerateDirectories(folder).Count());
        int[] changed = [.. Enumerable.Range(0, count).Select(at => (int)((long)at * scans / count)).Distinct()];
        int round = Environment.TickCount;
        Parallel.ForEach(changed, AllCores, at => File.WriteAllText(MaskOf(source, at), $"mask {at} {round}\n"));
        Store(source, warehouse, changed, scans);
    }

    private static void WriteFiles(string source, int at, int round)
    {
        string ct = CtOf(source, at), mask = MaskOf(source, at);
        Directory.CreateDirectory(Path.GetDirectoryName(ct)!);
        Directory.CreateDirectory(Path.GetDirectoryName(mask)!);
        File.WriteAllText(ct, $"ct {at}\n");
        File.WriteAllText(mask, $"mask {at} {round}\n");
        if (at % 2 == 0) File.WriteAllText(CentroidsOf(source, at), $"centroids {at}\n");
    }

    private static void Store(string source, string warehouse, int[] which, int scans)
    {
        // a file that was written just now is not known by its looks
        Thread.Sleep(StoredResults.Settled + TimeSpan.FromSeconds(1));
        ScanResult[] measured = Measured();
        Pipeline pipeline = new() { Name = Pipeline.AdHoc, Source = new Source { Path = source }, Load = new Destination { Path = warehouse } };
        string cache = Path.Join(warehouse, StoredResults.CacheFolder);
        ScanCache entries = new(cache);
        EntryKeys keys = new(pipeline);
        using StoredResults stored = new(cache, pipeline, new RunOptions(), TimeProvider.System, new ScanMeasuring().Measure);
        for (int folder = 0; folder < 256; folder++) Directory.CreateDirectory(Path.Join(cache, "scans", folder.ToString("x2")));
        Directory.CreateDirectory(Path.Join(warehouse, "pictures"));
        int done = 0;
        Parallel.ForEach(which, AllCores, at =>
        {
            ScanFiles scan = Listed(source, at);
            SourcePath[] files = EntryKeys.FilesOf(scan);
            Identity[] identities = keys.Identities(files)!;
            string[] hashes = [.. files.Select(file => Sha256.Of(File.ReadAllBytes(file.Full)))];
            byte[] picture = Encoding.ASCII.GetBytes($"picture of {hashes[1]}");
            ScanResult result = Invented(scan, measured[at % measured.Length], hashes, at);
            result = result with { Scan = result.Scan with { PicturePath = PictureStore.PathOf(Sha256.Of(picture)) } };
            File.WriteAllBytes(Path.Join(warehouse, result.Scan.PicturePath), picture);
            string key = keys.Of(scan, files, identities, hashes);
            File.WriteAllBytes(entries.PathOf(key), ScanCache.Entry(key, result, stored.Entries(files, identities, hashes)));
            if (Interlocked.Increment(ref done) % 100_000 == 0) Console.WriteLine($"{done} of {which.Length}");
        });
        Console.WriteLine($"{which.Length} of {scans} scans in {source}");
    }

    /// <summary>Phantoms of the sample, measured.</summary>
    private static ScanResult[] Measured()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            SampleScan[] phantoms = [.. SampleScans.Sound.Where(scan => Templates.Any(id => scan.ScanKey.EndsWith("/" + id, StringComparison.Ordinal)))];
            SampleDataset.Write(Path.Join(folder, "sample"), new SampleOptions { Scans = phantoms });
            return [.. VerseTree.Walk(Path.Join(folder, "sample")).Scans.Select(scan => new ScanMeasuring().Measure(scan))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ScanResult Invented(ScanFiles scan, ScanResult of, string[] hashes, int seed)
    {
        Random random = new(seed);
        double size = 0.99 + 0.02 * random.NextDouble();
        double Around(double? value) => (value ?? 1) * (0.85 + 0.3 * random.NextDouble());
        VertebraRow[] vertebrae =
        [
            .. of.Vertebrae.Skip(seed % 2).Take(VertebraeAScan).Select(row => row with
            {
                ScanKey = scan.Key.Text,
                Dataset = scan.Key.Dataset,
                Split = scan.Key.Split,
                SubjectId = scan.SubjectId,
                ScanId = scan.Key.ScanId,
                SeriesId = scan.SeriesId,
                VolumeMm3 = row.VolumeMm3 * size,
                VolumeCm3 = row.VolumeCm3 * size,
                MaskHuMean = Around(row.MaskHuMean),
                BodyHuMean = Around(row.BodyHuMean),
                TrabecularHuMean = Around(row.TrabecularHuMean),
                TrabecularHuStd = Around(row.TrabecularHuStd),
                MaskHuStd = Around(row.MaskHuStd),
                SurfaceAreaMm2 = row.SurfaceAreaMm2 * size,
            }),
        ];
        int[] labels = [.. vertebrae.Select(row => row.Label)];
        ScanRow found = scan.ToFailedRow();
        ScanRow row = of.Scan with
        {
            ScanKey = found.ScanKey,
            Dataset = found.Dataset,
            Split = found.Split,
            SubjectId = found.SubjectId,
            ScanId = found.ScanId,
            SeriesId = found.SeriesId,
            Status = ScanStatus.Of(scan.Findings),
            CtPath = found.CtPath,
            MaskPath = found.MaskPath,
            CentroidPath = found.CentroidPath,
            PreviewPath = found.PreviewPath,
            Licence = found.Licence,
            CtSha256 = hashes[0],
            MaskSha256 = hashes[1],
            CentroidSha256 = hashes.Length > 2 ? hashes[2] : null,
            VertebraCount = labels.Length,
            Labels = labels,
            AnnotatedLabels = hashes.Length > 2 ? labels : null,
            MaskContentSha256 = hashes[1],
        };
        return new ScanResult(row, vertebrae, scan.Findings);
    }

    /// <summary>As the walk lists the scan, out of a tree of its own files alone.</summary>
    private static ScanFiles Listed(string source, int at)
    {
        string mask = MaskOf(source, at);
        SourceRoot root = new(source);
        FolderSpec folder = VerseFolders.Named(FolderOf(at), FolderOf(at))!;
        string id = NameOf(at);
        ScanCandidates scan = new(new(folder.Dataset, folder.Split, id));
        foreach (string file in File.Exists(CentroidsOf(source, at)) ? new[] { CtOf(source, at), mask, CentroidsOf(source, at) } : [CtOf(source, at), mask])
        {
            string relative = Path.GetRelativePath(source, file);
            _ = FileCalls.Status(file, follow: false, out FileStatus status);
            _ = BidsName.TryParse(Path.GetFileName(file), out BidsName? name);
            scan.Add(ScanRoles.Of(name!)!.Value, name!, new FoundFile(folder, relative, status.Identity), labels: null);
        }
        return scan.ToScan(root, new TreeOptions());
    }

    private static string FolderOf(int at)
    {
        int place = at % ScansOfVerse;
        foreach ((string folder, int scans) in Folders)
            if ((place -= scans) < 0) return folder;
        throw new InvalidOperationException("the folders hold all of VerSe");
    }

    private static string NameOf(int at) => $"sub-verse{at:D7}";

    private static string Raw(string source, string folder) => Path.Join(source, folder, "rawdata");

    private static string CtOf(string source, int at) => Path.Join(Raw(source, FolderOf(at)), NameOf(at), NameOf(at) + "_ct.nii.gz");

    private static string MaskOf(string source, int at) => Path.Join(source, FolderOf(at), "derivatives", NameOf(at), NameOf(at) + "_seg-vert_msk.nii.gz");

    private static string CentroidsOf(string source, int at) =>
        Path.Join(source, FolderOf(at), "derivatives", NameOf(at), NameOf(at) + "_seg-subreg_ctd.json");
}
