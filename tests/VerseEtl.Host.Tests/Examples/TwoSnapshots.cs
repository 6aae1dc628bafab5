using Serilog;
using VerseEtl.Extract.Sample;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.Examples;

/// <summary>A few sample scans published twice, the second time without sub-verse910.</summary>
public sealed class TwoSnapshots : IAsyncLifetime
{
    private static readonly HashSet<string> Chosen =
    [
        "sub-verse902", "sub-verse903", "sub-verse910", "sub-verse911", "sub-verse912", "sub-verse920", "sub-verse951_dir-sag", "sub-verse972",
    ];

    private readonly TempFolder _temp = new();

    public string Warehouse => Path.Join(_temp.Path, "warehouse");

    public IReadOnlyList<VertebraRow> Older { get; private set; } = [];

    public IReadOnlyList<VertebraRow> Vertebrae { get; private set; } = [];

    public IReadOnlyList<ScanRow> Scans { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        string source = Path.Join(_temp.Path, "source");
        SampleDataset.Write(source, new SampleOptions { Scans = [.. SampleScans.Sound.Where(scan => Chosen.Contains(scan.Name))], Parallelism = 2 });
        await Publish(source);
        Older = await Read(PublishedSchema.Vertebrae);
        foreach (string folder in Directory.GetDirectories(source, "sub-verse910", SearchOption.AllDirectories)) Directory.Delete(folder, recursive: true);
        await Publish(source);
        Vertebrae = await Read(PublishedSchema.Vertebrae);
        Scans = await Read(PublishedSchema.Scans);
    }

    public ValueTask DisposeAsync()
    {
        _temp.Dispose();
        return default;
    }

    private async Task Publish(string source)
    {
        Pipeline pipeline = new() { Name = "examples", Parallelism = 2, Source = new Source { Path = source }, Load = new Destination { Path = Warehouse } };
        using Serilog.Core.Logger silent = new LoggerConfiguration().CreateLogger();
        RunReport report = await new PipelineRun(pipeline, new RunOptions { AcceptShrink = true }, TimeProvider.System, silent)
            .Execute(null, CancellationToken.None);
        Assert.Equal(RunEnding.Published, report.Ending);
    }

    private async Task<IReadOnlyList<TRow>> Read<TRow>(TableSchema<TRow> table) where TRow : class =>
        await Load.Publishing.Warehouse.ReadTable(Load.Publishing.Warehouse.OpenForReading(Warehouse).Current!, table, CancellationToken.None);
}
