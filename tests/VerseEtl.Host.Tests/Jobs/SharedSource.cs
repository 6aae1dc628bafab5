using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Host.Tests.Jobs;

/// <summary>Many small scans, no two alike, and one pipeline over them whose work hosts share.</summary>
internal sealed class SharedSource : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly NiftiVolumeSpec _spec;

    public SharedSource(int scans, int side, bool pictures = true)
    {
        _spec = new NiftiVolumeSpec { Shape = new VoxelShape(side, side, side), SpacingMm = new Vector3d(1, 1, 1), Sform = PhantomFile.Diagonal(1, 1, 1) };
        for (int scan = 0; scan < scans; scan++)
        {
            VoxelBox Block(int label) =>
                new(2 + scan % 3, 2 + scan / 3 % 3, label * side / 4 + 1, side - 2 - scan / 9 % 3, side - 2 - scan / 27 % 3, (label + 1) * side / 4 - 1);
            File.WriteAllBytes(Path.Join(FolderOf(scan, "derivatives"), $"{NameOf(scan)}_seg-vert_msk.nii.gz"),
                PhantomFile.Mask(_spec, [.. Enumerable.Range(0, 4).Select(label => (Block(label), 20 + label))]).Gzip());
            WriteCt(scan, seed: scan);
        }
        // due once a year, so that nothing but the tests starts a run
        Yaml = _temp.File("p.yaml", "version: 1\nstorage: postgres\npipelines:\n"
            + $"  a: {{source: {{path: s}}, load: {{path: w}}, pictures: {(pictures ? "true" : "false")}, schedule: {{cron: '0 4 1 1 *', time_zone: UTC}}}}\n");
    }

    public string Yaml { get; }
    public string Warehouse => Path.Join(_temp.Path, "w");

    public static string NameOf(int scan) => string.Create(CultureInfo.InvariantCulture, $"sub-gl{scan:000}");

    /// <summary>Noise, which takes a reader its time.</summary>
    public void WriteCt(int scan, int seed)
    {
        Random random = new(seed);
        string file = Path.Join(FolderOf(scan, "rawdata"), $"{NameOf(scan)}_ct.nii.gz");
        using (FileStream stream = File.Create(file + ".new"))
            NiftiWriter.WriteGzip(stream, _spec with { Datatype = NiftiDatatype.Int16 }, (_, plane) =>
            {
                foreach (ref double voxel in plane) voxel = random.Next(-900, 1500);
            }, CompressionLevel.Fastest);
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>What one process makes of the scans, in a warehouse of its own.</summary>
    public async Task<Snapshot> Alone(string name)
    {
        Pipeline pipeline = PipelinesFile.Read(Yaml, TimeProvider.System, out _)!.Pipelines[0];
        pipeline = pipeline with { Load = pipeline.Load with { Path = Path.Join(_temp.Path, name) } };
        RunReport report = await new PipelineRun(pipeline, new RunOptions(), TimeProvider.System, Serilog.Core.Logger.None)
            .Execute(null, TestContext.Current.CancellationToken);
        Assert.Equal(RunEnding.Published, report.Ending);
        return VerseEtl.Load.Publishing.Warehouse.OpenForReading(pipeline.Load.Path).Current!;
    }

    public HostProcess StartHost(PostgresServer postgres, string name) => HostProcess.Start(Yaml, postgres.Connection, Path.Join(_temp.Path, name + ".log"));

    /// <summary>Scans that a host measured as its part of a shared run. The run that publishes goes over all of them once more, under its id.</summary>
    public IReadOnlySet<string> MeasuredBy(string host)
    {
        string log = Path.Join(_temp.Path, host + ".log");
        if (!File.Exists(log)) return new HashSet<string>();
        // the last line may be half written
        IEnumerable<JsonElement> lines = File.ReadAllLines(log).Where(line => line.EndsWith('}')).Select(line => JsonDocument.Parse(line).RootElement);
        return lines.Where(line => line.TryGetProperty("Vertebrae", out _) && !line.TryGetProperty("RunId", out _))
            .Select(line => line.GetProperty("Scan").GetString()!).ToHashSet();
    }

    public void Dispose() => _temp.Dispose();

    private string FolderOf(int scan, string kind) => _temp.Folder($"s/dataset-verse19training/{kind}/{NameOf(scan)}");
}
