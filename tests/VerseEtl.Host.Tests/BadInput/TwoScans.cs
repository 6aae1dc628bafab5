using System.Diagnostics;
using System.Text.Json;
using Serilog;
using VerseEtl.Extract;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>How a run over the two scans ended; no tables where nothing was published.</summary>
internal sealed record RunOutcome(RunReport Report, PublishedTables? Tables)
{
    /// <summary>The published rows of one scan as text, to be compared to the last digit.</summary>
    public string RowsOf(string scanId) => JsonSerializer.Serialize(new
    {
        Scans = Tables!.Scans.Where(scan => scan.ScanId == scanId),
        Vertebrae = Tables.Vertebrae.Where(row => row.ScanId == scanId),
    });
}

/// <summary>A source with two small clean scans in a folder of its own: one stays sound, the other is there to be broken by hand.</summary>
internal sealed class TwoScans : IDisposable
{
    public const string Folder = "dataset-verse19training", Sound = "sub-verse001", Broken = "sub-verse002";

    public static readonly string
        Ct = $"{Folder}/rawdata/{Broken}/{Broken}_ct.nii.gz",
        Sidecar = $"{Folder}/rawdata/{Broken}/{Broken}_ct.json",
        Mask = $"{Folder}/derivatives/{Broken}/{Broken}_seg-vert_msk.nii.gz",
        Centroids = $"{Folder}/derivatives/{Broken}/{Broken}_seg-subreg_ctd.json";

    public static readonly NiftiVolumeSpec MaskSpec =
        new() { Shape = new VoxelShape(16, 12, 20), SpacingMm = new Vector3d(3, 3, 4), Sform = PhantomFile.Diagonal(3, 3, 4) };
    public static readonly NiftiVolumeSpec CtSpec = MaskSpec with { Datatype = NiftiDatatype.Int16 };

    // L1 and L2, about 39 and 35 cm3
    public static readonly VoxelBox UpperBox = new(2, 1, 10, 14, 11, 19), LowerBox = new(2, 1, 1, 14, 11, 9);

    private readonly TempFolder _temp = new();

    public TwoScans()
    {
        Write(Mask, MaskFile().Gzip());
        Write(Ct, CtFile().Gzip());
        Write(Centroids, SoundCentroids);
        string sound(string path) => path.Replace(Broken, Sound, StringComparison.Ordinal);
        Write(sound(Mask), PhantomFile.Mask(MaskSpec, (UpperBox, 20), (LowerBox with { MinI = 3 }, 21)).Gzip());
        Write(sound(Ct), CtFile().Gzip());
        Write(sound(Centroids), SoundCentroids);
    }

    public static string SoundCentroids => """[{"direction":["R","A","S"]},{"label":20,"X":7.5,"Y":5.5,"Z":14.0},{"label":21,"X":7.5,"Y":5.5,"Z":4.5}]""";

    public string Source => Path.Join(_temp.Path, "source");

    public string Output => Path.Join(_temp.Path, "tables");

    public Pipeline Pipeline => new()
    {
        Name = "faults",
        Source = new Source { Path = Source, Folders = [new FolderSpec(Folder, "verse19", "training")] },
        Reference = "none",
        Parallelism = 1,
        Load = new Destination { Path = Output },
    };

    public static PhantomFile MaskFile(NiftiVolumeSpec? spec = null, int upper = 20, int lower = 21) =>
        PhantomFile.Mask(spec ?? MaskSpec, (UpperBox, upper), (LowerBox, lower));

    /// <summary>Values that rise along every axis, so that a shifted or turned CT gives other numbers.</summary>
    public static PhantomFile CtFile(NiftiVolumeSpec? spec = null, Func<int, double, double>? change = null)
    {
        VoxelShape shape = (spec ?? CtSpec).Shape;
        double[] values = new double[shape.VoxelCount];
        for (int at = 0; at < values.Length; at++)
        {
            double value = -100 + 30 * (at % shape.I) + 50 * (at / shape.I % shape.J) + 10 * (at / shape.I / shape.J);
            values[at] = change is null ? value : change(at, value);
        }
        return PhantomFile.Of(spec ?? CtSpec, values);
    }

    public string Full(string relative) => Path.Join(Source, relative);

    public void Write(string relative, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(relative))!);
        File.WriteAllBytes(Full(relative), bytes);
    }

    public void Write(string relative, string text) => Write(relative, System.Text.Encoding.UTF8.GetBytes(text));

    public void Delete(string relative) => File.Delete(Full(relative));

    public void Copy(string from, string to) => Write(to, File.ReadAllBytes(Full(from)));

    public void Move(string from, string to)
    {
        Copy(from, to);
        Delete(from);
    }

    /// <summary>Puts a file aside under another name and a link in its place.</summary>
    public void Link(string aside, string relative)
    {
        Move(relative, aside);
        File.CreateSymbolicLink(Full(relative), Path.GetFileName(aside));
    }

    public async Task<RunOutcome> Run(Func<Pipeline, Pipeline>? with = null, RunOptions? options = null,
        Func<ScanFiles, ReadingLimits, CancellationToken, ScanResult>? measure = null, TimeProvider? time = null, ILogger? log = null)
    {
        Pipeline pipeline = with is null ? Pipeline : with(Pipeline);
        FixedTime clock = new(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        PipelineRun run = new(pipeline, options ?? new RunOptions(), time ?? clock, log ?? Serilog.Core.Logger.None)
        {
            Measure = measure ?? new ScanMeasuring().Measure,
        };
        CancellationToken token = TestContext.Current.CancellationToken;
        RunReport report = await run.Execute(progress: null, token);
        bool published = report.Ending.RefreshedTables;
        return new RunOutcome(report, published ? await Warehouse.ReadTables(Warehouse.OpenForReading(Output).Current!, token) : null);
    }

    public void Dispose()
    {
        // .NET cannot name what is not UTF-8, so it cannot delete it either
        using Process remove = Process.Start("rm", ["-rf", Source]);
        remove.WaitForExit();
        _temp.Dispose();
    }
}
