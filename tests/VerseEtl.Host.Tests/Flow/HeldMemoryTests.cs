using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Tests.Objects;
using VerseEtl.Load.Spools;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.Tests.Flow;

[CollectionDefinition(nameof(HeldMemory), DisableParallelization = true)]
public sealed class HeldMemory;

/// <summary>What grows with the cohort lies on a disk. Tests that run at the same time would be weighed as well.</summary>
[Collection(nameof(HeldMemory))]
public sealed class HeldMemoryTests : IDisposable
{
    private static readonly SpoolSizes Small = new(ValuesPerBucket: 64, FindingsPerRun: 64, RecordsPerRun: 64, PerBlock: 64);

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_scan_more_of_ones_own_takes_no_more_memory_while_files_are_paired()
    {
        const int few = 200, many = 2_000, bytesPerScan = 500;
        long before = WhileListed(few);
        // three files each, of which nothing but the names in one folder was held: 1,500 bytes and more were
        Assert.InRange(WhileListed(many) - before, long.MinValue, (many - few) * bytesPerScan);
    }

    [Fact]
    public void A_file_more_that_belongs_to_no_scan_takes_no_more_memory()
    {
        const int few = 500, many = 5_000, bytesPerFile = 100;
        long before = WhileWalked(few);
        Assert.InRange(WhileWalked(many) - before, long.MinValue, (many - few) * bytesPerFile);

        long WhileWalked(int others)
        {
            string root = _temp.Folder($"beside {others}"), scan = Path.Join(root, "dataset-03test", "derivatives", "sub-verse900");
            Directory.CreateDirectory(scan);
            File.WriteAllText(Path.Join(scan, "sub-verse900_seg-vert_msk.nii.gz"), "");
            string[] folders = [.. Enumerable.Range(0, others / 50).Select(number => Path.Join(root, "slices as the scanner wrote them", $"{number:0000}"))];
            foreach (string folder in folders)
            {
                Directory.CreateDirectory(folder);
                for (int slice = 0; slice < 50; slice++) File.WriteAllText(Path.Join(folder, $"slice {slice:00}.dcm"), "");
            }
            Weight weight = new();
            Weighed weighed = new(new SpoolWorkspace(_temp.Folder("room"), Small), _ => weight.Now());
            Assert.Single(VerseTree.Walk(root, null, new TreeOptions { Workspace = weighed }, TestContext.Current.CancellationToken).Scans);
            return weight.Least;
        }
    }

    [Fact]
    public void A_scan_more_in_a_plan_takes_some_twenty_bytes()
    {
        const int count = 20_000, bytesPerScan = 60;
        Pipeline pipeline = new() { Name = "a", Source = new Source { Path = _temp.Folder("source") }, Load = new Destination { Path = "/w" } };
        File.WriteAllText(Path.Join(pipeline.Source.Path, "image"), "every scan has it");
        Scans scans = new(count, new SourceRoot(pipeline.Source.Path));
        Weight weight = new();
        long before = weight.Now();
        using ScanPlan plan = new(new SpoolWorkspace(_temp.Folder("room"), Small));
        foreach (ScanFiles scan in scans) plan.Add(PlannedScan.Of(scan, pipeline, warehouse: "one"));
        Assert.InRange(weight.Now() - before, long.MinValue, count * bytesPerScan);

        ScanChoice choice = new(scans, pipeline);
        foreach (Func<int[]> choose in new[] { () => choice.Of(plan, new Shard(2, 100)), () => choice.Of(participants: null, new Shard(2, 100)) })
        {
            weight = new Weight();
            scans.Taken = at => weight.Every(count / 4, at);
            int[] places = choose();
            Assert.Equal(count / 100, places.Length);
            Assert.InRange(weight.Least - before, long.MinValue, count * bytesPerScan);
        }
    }

    [Fact]
    public void An_object_more_takes_no_more_memory()
    {
        const int few = 400, many = 4_000, bytesPerScan = 300;
        long before = WhileListed(few), grown = WhileListed(many) - before;
        // three objects and two folders each: 2,000 bytes and more were held
        Assert.InRange(grown, long.MinValue, (many - few) * bytesPerScan);

        long WhileListed(int scans)
        {
            Weight weight = new();
            Weighed weighed = new(new SpoolWorkspace(_temp.Folder("room"), Small), added => weight.Every(scans / 4, added));
            TreeListing listing =
                VerseTree.Walk(new StoredFiles(Keys(scans)), null, new TreeOptions { Workspace = weighed }, TestContext.Current.CancellationToken);
            Assert.Equal(scans, listing.Scans.Count);
            weight.Now();
            Assert.Equal("00001", listing.Scans[1].SubjectId);
            return weight.Least;
        }

        static IEnumerable<string> Keys(int scans) =>
            from scan in Enumerable.Range(0, scans)
            from file in new[] { "rawdata/sub-{0:00000}/sub-{0:00000}_ct.nii.gz", "derivatives/sub-{0:00000}/sub-{0:00000}_seg-vert_msk.nii.gz",
                "derivatives/sub-{0:00000}/sub-{0:00000}_seg-subreg_ctd.json" }
            select $"dataset-03test/{string.Format(System.Globalization.CultureInfo.InvariantCulture, file, scan)}";
    }

    private long WhileListed(int scans)
    {
        string root = _temp.Folder($"of {scans}");
        for (int scan = 0; scan < scans; scan++)
        {
            string group = Path.Join(root, $"g{scan / 50}"), images = Path.Join(group, "imagesTr"), labels = Path.Join(group, "labelsTr");
            Directory.CreateDirectory(images);
            Directory.CreateDirectory(labels);
            File.WriteAllText(Path.Join(images, $"{scan:0000}_0000.nii.gz"), "");
            File.WriteAllText(Path.Join(labels, $"{scan:0000}.nii.gz"), "");
            File.WriteAllText(Path.Join(images, $"sub-{scan:0000}_ct.nii.gz"), "");
        }
        Weight weight = new();
        Weighed weighed = new(new SpoolWorkspace(_temp.Folder("room"), Small), added => weight.Every(scans / 4, added));
        TreeOptions options = new() { Dataset = "mine", Labels = LabelMap.TotalSegmentator, Workspace = weighed };
        Assert.Equal(2 * scans, VerseTree.Walk(root, null, options, TestContext.Current.CancellationToken).Scans.Count);
        return weight.Least;
    }

    private sealed class Weight
    {
        /// <summary>Bytes; whatever else the process does can only add to it.</summary>
        public long Least { get; private set; } = long.MaxValue;

        public long Now() => Least = Math.Min(Least, GC.GetTotalMemory(forceFullCollection: true));

        public void Every(int count, int number)
        {
            if (number > 0 && number % count == 0) Now();
        }
    }

    /// <summary>Scans that are made when they are asked for.</summary>
    private sealed class Scans(int count, SourceRoot root) : IReadOnlyList<ScanFiles>
    {
        public Action<int>? Taken { get; set; }

        public int Count => count;

        public ScanFiles this[int place]
        {
            get
            {
                Taken?.Invoke(place);
                string id = $"sub-{place:000000}";
                return new ScanFiles
                {
                    Key = new ScanKey("mine", "training", id), SubjectId = id[4..], SeriesId = id[4..], Findings = [],
                    Ct = root.At("image"), Mask = root.At("image"),
                };
            }
        }

        public IEnumerator<ScanFiles> GetEnumerator() => Enumerable.Range(0, count).Select(place => this[place]).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>A workspace that tells of each record that is put into a list of it.</summary>
    private sealed class Weighed(IWorkspace inner, Action<int> added) : IWorkspace
    {
        private int _added;

        public IBuckets<T> Buckets<T>() where T : unmanaged, IComparable<T> => inner.Buckets<T>();

        public IFindingSorter Findings() => inner.Findings();

        public IRecordSorter Sorter() => inner.Sorter();

        public IRecordList Records() => new List(inner.Records(), this);

        private sealed class List(IRecordList list, Weighed weighed) : IRecordList
        {
            public int Count => list.Count;

            public byte[] this[int place] => list[place];

            public void Add(byte[] record)
            {
                list.Add(record);
                weighed.Tell();
            }

            public void Dispose() => list.Dispose();
        }

        private void Tell() => added(++_added);
    }
}
