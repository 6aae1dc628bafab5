using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Kernels;

/// <summary>
/// Count, bounding box and index moments of one label, all integers, so that any order of runs gives the same bits.
/// A run of n voxels from i adds its sums in closed form. Sums within a slice are kept in longs, and what k weighs is added when the
/// slice ends. Bounds: indices stay below 2^20 (NIfTI-2's cap here is 1e6) and counts below 2^37 (the volume cap), so the totals need an
/// Int128; a slice's sums are added to them before its count passes 2^21, so that none passes 2^62.
/// </summary>
internal sealed class LabelMoments
{
    private const long MostVoxelsInLongs = 1 << 20;
    private const double MostInLong = 1L << 62;

    private long _sumI, _sumJ, _sumK;
    private Int128 _sumII, _sumJJ, _sumKK, _sumIJ, _sumIK, _sumJK;
    private int _minI = int.MaxValue, _minJ = int.MaxValue, _minK = int.MaxValue, _lastI = -1, _lastJ = -1, _lastK = -1;

    // voxels of slice _k that are not in the sums yet; _squares is six times the sum of t^2 over the voxels t of every run
    private int _k = -1;
    private long _n, _i, _j, _ii, _jj, _ij, _squares;
    private long _settled;

    public long VoxelCount => _settled + _n;

    public VoxelBox Box => new(_minI, _minJ, _minK, _lastI + 1, _lastJ + 1, _lastK + 1);

    /// <summary>Mean voxel index of the label.</summary>
    public Vector3d CentroidIndex
    {
        get
        {
            Settle();
            return new((double)_sumI / VoxelCount, (double)_sumJ / VoxelCount, (double)_sumK / VoxelCount);
        }
    }

    [MethodImpl(Hot.Method)]
    public void Add(in LabelRun run)
    {
        if (run.K != _k || _n > MostVoxelsInLongs)
        {
            Settle();
            _k = run.K;
            if (run.K < _minK) _minK = run.K;
            if (run.K > _lastK) _lastK = run.K;
        }
        long n = run.Length, i = run.I, j = run.J;
        long pairs = n * (n - 1);
        long sumI = n * i + (pairs >> 1), sumJ = n * j;
        _n += n;
        _i += sumI;
        _j += sumJ;
        // sum of (i + t)^2 for t < n, with sum of t^2 = n(n-1)(2n-1)/6
        _ii += i * (sumI + (pairs >> 1));
        _squares += pairs * (2 * n - 1);
        _jj += sumJ * j;
        _ij += sumI * j;
        int last = run.I + run.Length - 1;
        if (run.I < _minI) _minI = run.I;
        if (last > _lastI) _lastI = last;
        if (run.J < _minJ) _minJ = run.J;
        if (run.J > _lastJ) _lastJ = run.J;
    }

    [MethodImpl(Hot.Method)]
    private void Settle()
    {
        _settled += _n;
        _sumI += _i;
        _sumJ += _j;
        _sumK += _n * _k;
        _sumII += _ii + _squares / 6;
        _sumJJ += _jj;
        _sumIJ += _ij;
        _sumKK += _n * _k * _k;
        _sumIK += _i * _k;
        _sumJK += _j * _k;
        _n = _i = _j = _ii = _squares = _jj = _ij = 0;
    }

    /// <summary>
    /// The ellipsoid with the covariance of the voxel centres in world space: full axes of 2 * sqrt(5 * eigenvalue), population covariance
    /// without the 1/12 term, as scikit-image has it in 3-D.
    /// </summary>
    public Ellipsoid EllipsoidMm(Affine affine)
    {
        Settle();
        Span<double> index =
        [
            Covariance(_sumII, _sumI, _sumI), Covariance(_sumIJ, _sumI, _sumJ), Covariance(_sumIK, _sumI, _sumK),
            Covariance(_sumJJ, _sumJ, _sumJ), Covariance(_sumJK, _sumJ, _sumK), Covariance(_sumKK, _sumK, _sumK),
        ];
        return Ellipsoid.Of(SymmetricMatrix.Transformed(affine, index));
    }

    /// <summary>(n * sum(ab) - sum(a) * sum(b)) / n^2, the difference taken in integers so that nothing cancels.</summary>
    private double Covariance(in Int128 sumAB, long sumA, long sumB)
    {
        // code with Int128 is never compiled beforehand, and a vertebra of usual size does not need it
        double most = Math.Max(_lastI, Math.Max(_lastJ, _lastK)) * (double)VoxelCount;
        double scaled = most * most < MostInLong ? (long)sumAB * VoxelCount - sumA * sumB : WideDifference(sumAB, sumA, sumB);
        return scaled / VoxelCount / VoxelCount;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private double WideDifference(in Int128 sumAB, long sumA, long sumB) => (double)(sumAB * VoxelCount - (Int128)sumA * sumB);
}
