using System.Text.Json;
using VerseEtl.Extract;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>A scan of a few hundred bytes whose files are replaced again and again, and measured without a run around it.</summary>
internal sealed class SmallScan : IDisposable
{
    private static readonly NiftiVolumeSpec Spec =
        new() { Shape = new VoxelShape(7, 5, 4), SpacingMm = new Vector3d(1, 1, 2), Sform = PhantomFile.Diagonal(1, 1, 2) };

    private readonly TempFolder _temp = new();

    /// <summary>Stored types, byte orders, versions and packings, small enough to be broken at each byte.</summary>
    public static IReadOnlyDictionary<string, (byte[]? Mask, byte[]? Ct)> Kinds { get; } = new Dictionary<string, (byte[]? Mask, byte[]? Ct)>
    {
        ["int16 CT"] = (null, CtOf(NiftiDatatype.Int16).Gzip()),
        ["float32 CT"] = (null, CtOf(NiftiDatatype.Float32).Gzip()),
        ["uint8 mask"] = (MaskOf(Spec).Gzip(), null),
        ["float64 mask"] = (MaskOf(Spec with { Datatype = NiftiDatatype.Float64 }).Gzip(), null),
        ["big-endian mask"] = (MaskOf(Spec with { Datatype = NiftiDatatype.Int16, BigEndian = true }).Gzip(), null),
        ["NIfTI-2 mask"] = (MaskOf(Spec with { Version = 2 }).Gzip(), null),
        ["mask of two members"] = (Members(MaskOf(Spec).Bytes, 400), null),
    };

    public SmallScan()
    {
        Mask = MaskOf(Spec).Gzip();
        Ct = CtOf(NiftiDatatype.Int16).Gzip();
        Centroids = """[{"direction":["R","A","S"]},{"label":20,"X":2,"Y":2,"Z":1},{"label":21,"X":2,"Y":2,"Z":3}]"""u8.ToArray();
    }

    public byte[] Mask { set => File.WriteAllBytes(Path.Join(_temp.Path, "msk.nii.gz"), value); }

    public byte[] Ct { set => File.WriteAllBytes(Path.Join(_temp.Path, "ct.nii.gz"), value); }

    public byte[] Centroids { set => File.WriteAllBytes(Path.Join(_temp.Path, "ctd.json"), value); }

    public static PhantomFile MaskOf(NiftiVolumeSpec spec) =>
        PhantomFile.Mask(spec, (new VoxelBox(1, 1, 0, 5, 4, 2), 20), (new VoxelBox(1, 1, 2, 6, 4, 4), 21));

    public static PhantomFile SoundMask => MaskOf(Spec);

    public static PhantomFile CtOf(NiftiDatatype datatype) =>
        PhantomFile.Of(Spec with { Datatype = datatype }, [.. Enumerable.Range(0, 140).Select(at => (double)(at * 37 % 211 - 50))]);

    public ScanResult Measure() => new ScanMeasuring().Measure(new ScanFiles
    {
        Key = new ScanKey("verse19", "training", "sub-verse001"),
        SubjectId = "verse001",
        SeriesId = "verse001",
        Mask = new SourcePath(_temp.Path, "msk.nii.gz"),
        Ct = new SourcePath(_temp.Path, "ct.nii.gz"),
        Centroids = new SourcePath(_temp.Path, "ctd.json"),
    }, new ReadingLimits(), TestContext.Current.CancellationToken);

    /// <summary>Everything measured, without what tells one stored file from another. Fails on a number that is not finite.</summary>
    public static string Numbers(ScanResult result) => JsonSerializer.Serialize(new
    {
        Scan = result.Scan with { MaskBytes = 0, CtBytes = 0, MaskSha256 = null, CtSha256 = null, CentroidSha256 = null, Status = "" },
        result.Vertebrae,
    });

    public static string[] Errors(ScanResult result) =>
        [.. result.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.Code)];

    public void Dispose() => _temp.Dispose();

    private static byte[] Members(byte[] bytes, int at) => [.. new PhantomFile(bytes[..at], false).Gzip(), .. new PhantomFile(bytes[at..], false).Gzip()];
}
