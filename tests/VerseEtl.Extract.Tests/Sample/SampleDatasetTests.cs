using System.Security.Cryptography;
using VerseEtl.Extract.Sample;

namespace VerseEtl.Extract.Tests.Sample;

public sealed class SampleDatasetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static IReadOnlyList<SampleScan> Few { get; } =
        [.. SampleScans.Sound.Where(scan => scan.Name is "sub-verse902" or "sub-verse907" or "sub-verse912" or "sub-verse962_dir-sag")];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_runs_with_other_numbers_of_threads_write_the_same_bytes()
    {
        SampleReport one = Write(_folder["one"], new SampleOptions { Scans = Few, WithFaults = true, Parallelism = 1 });
        SampleReport four = Write(_folder["four"], new SampleOptions { Scans = Few, WithFaults = true, Parallelism = 4 });
        Assert.Equal(Digests(_folder["one"]), Digests(_folder["four"]));
        Assert.Equal(one.Bytes, four.Bytes);
        Assert.Equal(one.Scans.Select(t => t.Scan.Name), four.Scans.Select(t => t.Scan.Name));
    }

    /// <summary>Holds on every machine and runtime, as the packed bytes need not; a change of the phantoms changes it on purpose.</summary>
    [Fact]
    public void Unpacked_volumes_are_the_same_in_every_process_and_on_every_machine()
    {
        SampleReport report = Write(_folder["few"], new SampleOptions { Scans = Few });
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in Directory.GetFiles(report.Directory, "*.nii*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes(NaiveVolume.Read(path).Values.AsSpan()));
        Assert.Equal("EF186A755DDEDBC93F64C992C87C39AFB00756C4A3413521D30326309BF53AE1", Convert.ToHexString(hash.GetHashAndReset()));
    }

    [Fact]
    public void Faults_are_what_they_are_called()
    {
        SampleReport report = Write(_folder["faulty"], new SampleOptions { Scans = [], WithFaults = true });
        string Path(SampleFault fault, string half, string suffix)
        {
            SampleScan scan = report.Scans.Single(t => t.Scan.Fault == fault).Scan;
            return System.IO.Path.Join(report.Directory, scan.Folder.Path, half, scan.Subject, scan.Name + suffix);
        }
        Assert.Throws<InvalidDataException>(() => NaiveVolume.Read(Path(SampleFault.TruncatedMask, "derivatives", "_seg-vert_msk.nii.gz")));
        Assert.Throws<InvalidDataException>(() => NaiveVolume.Read(Path(SampleFault.TruncatedCt, "rawdata", "_ct.nii.gz")));
        Assert.Empty(NaiveVolume.Read(Path(SampleFault.EmptyMask, "derivatives", "_seg-vert_msk.nii.gz")).LabelCounts());
        Assert.False(File.Exists(Path(SampleFault.MissingMask, "derivatives", "_seg-vert_msk.nii.gz")));
        Assert.True(File.Exists(Path(SampleFault.MissingMask, "rawdata", "_ct.nii.gz")));
        Assert.NotEqual(
            NaiveVolume.Read(Path(SampleFault.CtOfAnotherShape, "derivatives", "_seg-vert_msk.nii.gz")).Shape,
            NaiveVolume.Read(Path(SampleFault.CtOfAnotherShape, "rawdata", "_ct.nii.gz")).Shape);
    }

    [Fact]
    public void A_finished_dataset_exists_and_says_that_it_is_generated()
    {
        Assert.False(SampleDataset.Exists(_folder["sample"]));
        List<SampleProgress> seen = [];
        Write(_folder["sample"], new SampleOptions { Scans = [Few[0], Few[1]], Parallelism = 1 }, new Recorder(seen));
        Assert.True(SampleDataset.Exists(_folder["sample"]));
        Assert.Contains("not patient data", File.ReadAllText(Path.Join(_folder["sample"], "README.txt")), StringComparison.Ordinal);
        Assert.Equal([(1, 2), (2, 2)], seen.Select(p => (p.Done, p.Total)));
        Assert.Equal([_folder["sample"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_cancelled_run_leaves_nothing()
    {
        using CancellationTokenSource source = new();
        Recorder cancelling = new([]) { Then = source.Cancel };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            SampleDataset.Write(_folder["sample"], new SampleOptions { Scans = Few, Parallelism = 1 }, cancelling, source.Token));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_a_killed_run_left_is_no_dataset_and_is_cleared_by_the_next()
    {
        Directory.CreateDirectory(_folder["sample.partial/dataset-01training"]);
        File.WriteAllText(_folder["sample.partial/half"], "");
        Assert.False(SampleDataset.Exists(_folder["sample"]));
        Write(_folder["sample"], new SampleOptions { Scans = [Few[0]] });
        Assert.False(File.Exists(_folder["sample/half"]));
        Assert.Equal([_folder["sample"]], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_folder_with_something_in_it_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(_folder["sample"]);
        File.WriteAllText(_folder["sample/mine"], "precious");
        Assert.Throws<IOException>(() => Write(_folder["sample"], new SampleOptions { Scans = [Few[0]] }));
        Assert.Equal("precious", File.ReadAllText(_folder["sample/mine"]));
    }

    [Fact]
    public void Two_runs_cannot_generate_into_one_place_at_once()
    {
        IOException? refused = null;
        Recorder second = new([])
        {
            Then = () => refused = Record.Exception(() => Write(_folder["sample"], new SampleOptions { Scans = [Few[1]] })) as IOException,
        };
        Write(_folder["sample"], new SampleOptions { Scans = [Few[0]] }, second);
        Assert.NotNull(refused);
        Assert.True(SampleDataset.Exists(_folder["sample"]));
    }

    private static SampleReport Write(string directory, SampleOptions options, IProgress<SampleProgress>? progress = null) =>
        SampleDataset.Write(directory, options, progress, TestContext.Current.CancellationToken);

    private static List<string> Digests(string root) =>
    [
        .. Directory.GetFiles(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(path => $"{Path.GetRelativePath(root, path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}")
            .Order(StringComparer.Ordinal),
    ];

    private sealed class Recorder(List<SampleProgress> seen) : IProgress<SampleProgress>
    {
        public Action? Then { get; init; }

        public void Report(SampleProgress value)
        {
            seen.Add(value);
            Then?.Invoke();
        }
    }
}
