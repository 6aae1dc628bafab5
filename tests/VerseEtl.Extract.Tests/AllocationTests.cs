using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Pictures;
using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Tests.Bytes;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Pictures;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tests;

public class AllocationTests
{
    private const int LabelledSlices = 50, Stranger = 99;

    // a method that was compiled anew may need a few small objects less; 450 slices with three bytes each would be more
    private const long Unsteady = 1024;

    [Theory]
    [InlineData(NiftiDatatype.UInt8)]
    [InlineData(NiftiDatatype.Int16)]
    [InlineData(NiftiDatatype.Float64)]
    public void Ten_times_the_slices_allocate_nothing_more(NiftiDatatype datatype)
    {
        byte[] few = Volume(datatype, LabelledSlices), many = Volume(datatype, 10 * LabelledSlices);
        Assert.InRange(Least(many) - Least(few), -Unsteady, Unsteady);
    }

    [Fact]
    public void A_picture_takes_its_arrays_from_those_before_it()
    {
        VoxelGrid grid = new(new VoxelShape(120, 120, 200), new Affine(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), default), AffineSource.Sform, new(1, 1, 1));
        LabelRun[] runs = [.. from k in Enumerable.Range(20, 160) from j in Enumerable.Range(40, 30) select new LabelRun(8 + k / 30, 45, j, k, 30)];
        SpineMeasurement spine = new(grid, new Dictionary<int, Vector3d>());
        spine.Add(runs);
        spine.Finish();
        // its pixels alone are 400 kB, its file is 10 kB
        Assert.InRange(Enumerable.Range(0, 5).Min(_ => Paint()), 1, 120_000);

        long Paint()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            using ScanPicture picture = ScanPicture.Of(spine)!;
            picture.Add(runs);
            picture.Codes.Span.Clear();
            picture.Take(picture.Codes.Span, new CtScaling(1, 0));
            PackedPicture.Of(picture, "scan");
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    // the pool that buffers come from is shared by all tests of the process, and now and then it has to make one anew
    private static long Least(byte[] packed) => Enumerable.Range(0, 5).Min(_ => Measure(packed));

    private static long Measure(byte[] packed)
    {
        LabelRun[] runs = new LabelRun[1024];
        long[] codes = new long[256];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using GzipSource first = Source(packed), second = Source(packed), third = Source(packed), values = Source(packed);
        VolumeFile file = VolumeFile.Open(first, new ReadingLimits());
        VoxelGrid grid = file.Grid;
        SpineMeasurement spine = new(grid, new Dictionary<int, Vector3d>());
        MaskReader mask = new(file);
        for (int count = mask.ReadRuns(runs); count > 0; count = mask.ReadRuns(runs)) spine.Add(runs.AsSpan(0, count));
        spine.Finish();
        LocalMeasurement local = new(spine);
        mask = new(VolumeFile.Open(second, new ReadingLimits()));
        for (int count = mask.ReadRuns(runs); count > 0; count = mask.ReadRuns(runs)) local.Add(runs.AsSpan(0, count));
        HounsfieldMeasurement hounsfield = new(local);
        CtReader ct = new(VolumeFile.Open(values, new ReadingLimits()));
        mask = new(VolumeFile.Open(third, new ReadingLimits()));
        for (int count = mask.ReadRuns(runs); count > 0; count = mask.ReadRuns(runs))
            foreach (ref readonly LabelRun run in runs.AsSpan(0, count))
            {
                Span<long> under = codes.AsSpan(0, run.Length);
                ct.Read(grid.Shape.LinearIndex(run.I, run.J, run.K), under);
                hounsfield.Add(run, under);
            }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static GzipSource Source(byte[] packed) => new(new MemoryStream(packed));

    // vertebrae in the first 50 slices, a stranger among them; then the stranger alone, in slices that repeat: nothing grows but their number
    private static byte[] Volume(NiftiDatatype datatype, int slices)
    {
        using MemoryStream stored = new();
        NiftiVolumeSpec spec = new()
        {
            Shape = new(90, 70, slices), SpacingMm = new(1, 1, 1), Datatype = datatype,
            Sform = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, 1), new(0, 0, 0)),
        };
        NiftiWriter.Write(stored, spec, (k, plane) =>
        {
            for (int at = 0; at < plane.Length; at++)
                plane[at] = (at * 7 + k % 5 * 11) % 97 < 40 ? 0 : k < LabelledSlices && at > 0 ? 18 + at / 90 / 9 : Stranger;
        });
        return Gzip.Pack(stored.ToArray());
    }
}
