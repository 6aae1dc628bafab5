using System.Collections.Concurrent;

namespace VerseEtl.Extract.Sample;

/// <summary>
/// A dataset of phantom spines in the six folders and under the names VerSe has, for a first run and for tests. Volumes and positions
/// are known by construction. Unpacked content is the same on every machine and for any parallelism; the packed bytes too, as long as
/// the runtime packs the same way.
/// </summary>
public static class SampleDataset
{
    private const string Readme = "README.txt";

    /// <summary>True if a finished sample dataset stands here: it appears under its name only when it is whole.</summary>
    public static bool Exists(string directory) =>
        File.Exists(Path.Join(directory, Readme)) && SampleFolder.All.Any(folder => Directory.Exists(Path.Join(directory, folder.Path)));

    /// <summary>Makes the dataset beside its final place and renames it when it is whole; what an interrupted earlier call left is cleared.</summary>
    /// <exception cref="IOException">The directory exists and is not empty, another process is generating into it, or the storage failed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static SampleReport Write(string directory, SampleOptions? options = null,
        IProgress<SampleProgress>? progress = null, CancellationToken token = default)
    {
        options ??= new SampleOptions();
        string target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new IOException($"{directory} exists and is not empty; give a new directory or remove it.");
        string parent = Path.GetDirectoryName(target) ?? throw new IOException($"{directory} cannot be made.");
        Directory.CreateDirectory(parent);
        string partial = $"{target}.partial";
        using FileStream held = new($"{partial}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        try
        {
            Directory.CreateDirectory(partial);
            SampleTruth[] scans = WriteScans(partial, options, progress, token);
            File.WriteAllBytes(Path.Join(partial, SampleFolder.Training20.Path, ".DS_Store"), [0, 0, 0, 1, (byte)'B', (byte)'u', (byte)'d', (byte)'1']);
            File.WriteAllText(Path.Join(partial, Readme), Text(scans.Length));
            FileInfo[] files = new DirectoryInfo(partial).GetFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
            if (Directory.Exists(target)) Directory.Delete(target);
            Directory.Move(partial, target);
            return new(target, scans, files.Length, files.Sum(file => file.Length));
        }
        catch
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
            throw;
        }
    }

    private static SampleTruth[] WriteScans(string root, SampleOptions options, IProgress<SampleProgress>? progress, CancellationToken token)
    {
        IReadOnlyList<SampleScan> scans = options.Scans ?? SampleScans.Sound;
        if (options.WithFaults) scans = [.. scans, .. SampleScans.Faulty];
        foreach (SampleFolder folder in SampleFolder.All) Directory.CreateDirectory(Path.Join(root, folder.Path));
        SampleTruth[] truths = new SampleTruth[scans.Count];
        int done = 0;
        // the longest first, so that no thread is left with the whole spine at the end
        var byWork = scans.Select((scan, place) => (Files: new SampleScanFiles(root, scan), Scan: scan, Place: place))
            .OrderByDescending(s => s.Files.Work).ToList();
        Parallel.ForEach(
            Partitioner.Create(byWork, EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { MaxDegreeOfParallelism = options.Parallelism, CancellationToken = token },
            work =>
            {
                truths[work.Place] = work.Files.Write(token);
                progress?.Report(new(Interlocked.Increment(ref done), scans.Count, work.Scan.ScanKey));
            });
        return truths;
    }

    private static string Text(int scans) => $"""
        VerseEtl sample dataset: generated, not patient data
        ====================================================

        {scans} phantom spines made of ellipsoids and blocks, in the folder and file names of VerSe (vertebra
        segmentation on CT). No voxel of it comes from a person or from VerSe, and numbers from 901 up
        are used so that no name is that of a published scan. Sizes and volumes by level are near the published
        medians, so tables made from it look plausible; they say nothing about real people.

        The oddities are meant: several orientations and stored types, series of one person in several files, a CT and
        a centroid file that are missing, centroids in another direction than the image, T13, L6 and an absent T12, a
        wrapper folder, an uncompressed file, a mask that stands in two folders, litter; an L1 that is crushed to a
        wedge (sub-gl902), and L1 and L2 with each other's label (sub-verse901), which the audit against the sample's
        own published figures finds.

        The same generator gives the same dataset every time: compare, delete and make it again as you like.

        """;
}
