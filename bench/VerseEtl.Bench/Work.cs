using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using VerseEtl.Extract;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Bench;

/// <summary>
/// The pieces of work that are timed against others. Each takes its files and gives something to call again and again that returns the
/// answers: bytes unpacked, or by label what was measured. Those that stand against a library's decompression alone hold the packed
/// file in memory as the library does; `rows` and `scan` are the product itself, from the files on disk, hashes and checks included.
/// </summary>
internal static class Work
{
    private const int RunsAtOnce = 4096;
    private const int Labels = 64;

    public static IReadOnlyDictionary<string, Func<string[], Func<object>>> All { get; } =
        new SortedDictionary<string, Func<string[], Func<object>>>(StringComparer.Ordinal)
        {
            ["gzipstream"] = files => { byte[][] packed = Load(files); return () => packed.Sum(GzipStream); },
            ["decode"] = files => { byte[][] packed = Load(files); return () => packed.Sum(Decode); },
            ["sha256"] = files => { byte[][] packed = Load(files); return () => packed.Sum(file => SHA256.HashData(file).Length); },
            ["moments"] = files => { byte[] packed = Load(files)[0]; return () => Answers(Moments(packed, null), null); },
            ["components"] = files => { byte[] packed = Load(files)[0]; return () => Measured(packed, new Components()); },
            ["rows"] = files => () => Rows(files[0]),
            ["scan"] = files => () => Scan(files[0], files[1]),
            ["columns"] = files => () => Columns(files, pictures: false),
            ["pictures"] = files => () => Columns(files, pictures: true),
        };

    public static long GzipStream(byte[] packed)
    {
        using GZipStream stream = new(new MemoryStream(packed), CompressionMode.Decompress);
        byte[] buffer = new byte[128 * 1024];
        long length = 0;
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer)) length += read;
        return length;
    }

    public static long Decode(byte[] packed)
    {
        using GzipSource source = new(new MemoryStream(packed));
        while (source.Read(out _, out _)) { }
        return source.Position;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static LabelMoments?[] Moments(byte[] packed, Components? components)
    {
        using GzipSource source = new(new MemoryStream(packed));
        MaskReader reader = new(VolumeFile.Open(source, new ReadingLimits()));
        LabelMoments?[] moments = new LabelMoments[Labels];
        LabelRun[] runs = new LabelRun[RunsAtOnce];
        for (int count = reader.ReadRuns(runs); count > 0; count = reader.ReadRuns(runs))
            foreach (ref readonly LabelRun run in runs.AsSpan(0, count))
            {
                (moments[run.Label] ??= new LabelMoments()).Add(run);
                components?.Add(run);
            }
        components?.Finish();
        return moments;
    }

    private static Dictionary<int, double[]> Measured(byte[] packed, Components components) => Answers(Moments(packed, components), components);

    private static Dictionary<int, double[]> Answers(LabelMoments?[] moments, Components? components) =>
        Enumerable.Range(1, Labels - 1).Where(label => moments[label] is not null)
        .ToDictionary(label => label, label =>
        {
            LabelMoments moment = moments[label]!;
            VoxelBox box = moment.Box;
            Vector3d centroid = moment.CentroidIndex;
            double[] answer = [moment.VoxelCount, box.MinI, box.MinJ, box.MinK, box.MaxI, box.MaxJ, box.MaxK, centroid.X, centroid.Y, centroid.Z];
            return components is null ? answer : [.. answer, components.Count(label), components.Largest(label)];
        });

    private static Dictionary<int, double[]> Rows(string file)
    {
        MaskInspection seen = MaskInspection.Read(Path.GetFullPath(file), new ReadingLimits(), CancellationToken.None);
        Require(seen.Vertebrae.Count > 0 && seen.Findings.All(finding => finding.Severity != Severity.Error), file);
        return seen.Vertebrae.ToDictionary(row => row.Label, Shape);
    }

    public static Dictionary<int, double[]> Scan(string ct, string mask)
    {
        ScanFiles files = new() { Key = new ScanKey("bench", "bench", "scan"), SubjectId = "scan", SeriesId = "scan", Ct = PathOf(ct), Mask = PathOf(mask) };
        ScanResult result = new ScanMeasuring().Measure(files, new ReadingLimits(), CancellationToken.None);
        Require(result.Vertebrae.Count > 0 && result.Findings.All(finding => finding.Severity != Severity.Error), ct);
        return result.Vertebrae.ToDictionary(row => row.Label, row => (double[])
        [
            .. Shape(row), row.MaskHuMean!.Value, row.MaskHuStd!.Value, row.MaskHuMin!.Value, row.MaskHuP05!.Value, row.MaskHuP25!.Value,
            row.MaskHuMedian!.Value, row.MaskHuP75!.Value, row.MaskHuP95!.Value, row.MaskHuMax!.Value,
        ]);
    }

    /// <summary>All columns of a mask, its centroid file and, if there is a third, its CT; with a picture or without.</summary>
    private static Dictionary<int, double[]> Columns(string[] files, bool pictures)
    {
        ScanFiles scan = new()
        {
            Key = new ScanKey("bench", "bench", "scan"), SubjectId = "scan", SeriesId = "scan",
            Mask = PathOf(files[0]), Centroids = PathOf(files[1]), Ct = files.Length > 2 ? PathOf(files[2]) : null,
        };
        ScanResult result = new ScanMeasuring().Measure(scan, new ReadingLimits { Pictures = pictures }, CancellationToken.None);
        Require(result.Vertebrae.Count > 0 && result.Findings.All(finding => finding.Severity != Severity.Error), files[0]);
        return result.Vertebrae.ToDictionary(row => row.Label, Shape);
    }

    private static double[] Shape(VertebraRow row) =>
    [
        row.VoxelCount, row.BboxMinI, row.BboxMinJ, row.BboxMinK, row.BboxMaxI, row.BboxMaxJ, row.BboxMaxK, row.CentroidI, row.CentroidJ, row.CentroidK,
        row.ComponentCount, Math.Round(row.LargestComponentFraction * row.VoxelCount),
    ];

    private static SourcePath PathOf(string file) => new(Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFileName(file));

    private static byte[][] Load(string[] files) => [.. files.Select(File.ReadAllBytes)];

    private static void Require(bool sound, string file)
    {
        if (!sound) throw new InvalidDataException($"{file} was not measured without an error; a time of that is worth nothing.");
    }
}
