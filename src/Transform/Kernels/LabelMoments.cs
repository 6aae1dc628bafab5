using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// Count, bounding box and index moments of one label, all integers, so that any order of runs gives the same bits.
/// A run of n voxels from i adds its sums in closed form. Bounds: indices stay below 2^20 (NIfTI-2's cap here is 1e6) and counts below
/// 2^37 (the volume cap), so one run's second moment fits a long and the totals need an Int128.
/// </summary>
public sealed class LabelMoments
{
    private long _sumI, _sumJ, _sumK;
    private Int128 _sumII, _sumJJ, _sumKK, _sumIJ, _sumIK, _sumJK;
    private int _minI = int.MaxValue, _minJ = int.MaxValue, _minK = int.MaxValue, _lastI = -1, _lastJ = -1, _lastK = -1;

    public long VoxelCount { get; private set; }

    public VoxelBox Box => new(_minI, _minJ, _minK, _lastI + 1, _lastJ + 1, _lastK + 1);

    /// <summary>Mean voxel index of the label.</summary>
    public Vector3d CentroidIndex => new((double)_sumI / VoxelCount, (double)_sumJ / VoxelCount, (double)_sumK / VoxelCount);

    public void Add(in LabelRun run)
    {
        long n = run.Length, i = run.I, j = run.J, k = run.K;
        long triangle = n * (n - 1) / 2;
        long sumI = n * i + triangle;
        VoxelCount += n;
        _sumI += sumI;
        _sumJ += n * j;
        _sumK += n * k;
        // sum of (i + t)^2 for t < n, with sum of t^2 = n(n-1)(2n-1)/6
        _sumII += n * i * i + 2 * i * triangle + triangle * (2 * n - 1) / 3;
        _sumJJ += n * j * j;
        _sumKK += n * k * k;
        _sumIJ += sumI * j;
        _sumIK += sumI * k;
        _sumJK += n * j * k;
        int last = run.I + run.Length - 1;
        if (run.I < _minI) _minI = run.I;
        if (last > _lastI) _lastI = last;
        if (run.J < _minJ) _minJ = run.J;
        if (run.J > _lastJ) _lastJ = run.J;
        if (run.K < _minK) _minK = run.K;
        if (run.K > _lastK) _lastK = run.K;
    }

    /// <summary>
    /// Full axis lengths (mm, largest first) of the ellipsoid with the covariance of the voxel centres in world space:
    /// 2 * sqrt(5 * eigenvalue), population covariance without the 1/12 term, as scikit-image has it in 3-D.
    /// </summary>
    public Vector3d EllipsoidAxesMm(Affine affine)
    {
        Span<double> index =
        [
            Covariance(_sumII, _sumI, _sumI), Covariance(_sumIJ, _sumI, _sumJ), Covariance(_sumIK, _sumI, _sumK),
            Covariance(_sumJJ, _sumJ, _sumJ), Covariance(_sumJK, _sumJ, _sumK), Covariance(_sumKK, _sumK, _sumK),
        ];
        Vector3d eigenvalues = SymmetricMatrix.Eigenvalues(SymmetricMatrix.Transformed(affine, index));
        return new Vector3d(AxisLength(eigenvalues.X), AxisLength(eigenvalues.Y), AxisLength(eigenvalues.Z));
    }

    private static double AxisLength(double eigenvalue) => 2 * Math.Sqrt(5 * Math.Max(eigenvalue, 0));

    /// <summary>(n * sum(ab) - sum(a) * sum(b)) / n^2, the difference taken in integers so that nothing cancels.</summary>
    private double Covariance(Int128 sumAB, long sumA, long sumB)
    {
        Int128 scaled = sumAB * VoxelCount - (Int128)sumA * sumB;
        return (double)scaled / VoxelCount / VoxelCount;
    }
}
