using System.IO.Compression;
using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Bench.Kernels;

/// <summary>The packed masks that the kernels are measured on: those below VERSEETL_BENCH_FILES, or one phantom made for the run.</summary>
public static class MaskFiles
{
    public static IEnumerable<string> All { get; } = Environment.GetEnvironmentVariable("VERSEETL_BENCH_FILES") is { } folder
        ? [.. Directory.EnumerateFiles(folder, "*_msk.nii.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
        : [PhantomMask()];

    private static string PhantomMask()
    {
        string plain = Path.Join(Path.GetTempPath(), $"verse-etl-bench-{Environment.ProcessId}_msk.nii");
        LargeVolumes.Phantom(plain, new VoxelShape(256, 256, 400), NiftiDatatype.UInt8);
        using (FileStream from = File.OpenRead(plain))
        using (GZipStream to = new(File.Create(plain + ".gz"), CompressionLevel.Optimal)) from.CopyTo(to);
        File.Delete(plain);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(plain + ".gz");
        return plain + ".gz";
    }
}
