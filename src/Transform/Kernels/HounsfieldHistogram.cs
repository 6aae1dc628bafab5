using System.Numerics;
using System.Runtime.CompilerServices;

namespace VerseEtl.Transform.Kernels;

/// <summary>What a histogram says, in Hounsfield units; percentiles interpolate linearly between order statistics (numpy's default).</summary>
public readonly record struct HounsfieldSummary(
    long VoxelCount, double Mean, double Std, double Min, double P05, double P25, double Median, double P75, double P95, double Max)
{
    /// <summary>Third standardised moment, population (IBSI; scipy.stats.skew); null where all values are equal.</summary>
    public double? Skewness { get; init; }

    /// <summary>Fourth standardised moment less 3, population (IBSI's excess kurtosis; scipy.stats.kurtosis); null where all values are equal.</summary>
    public double? Kurtosis { get; init; }
}

/// <summary>
/// Exact counts of CT values as codes: stored integers, or 64ths of a Hounsfield unit. Those of 16 bits, and 64ths up to 4096 HU, fall into
/// pages of a dense table that are made when first met; any other is counted in a dictionary, so nothing is clipped whatever the stored
/// type. Codes are at most 2^44 in magnitude and counts below 2^37, so the sum of squares about the mean stays below 2^127.
/// </summary>
public sealed class HounsfieldHistogram
{
    /// <summary>Code of a voxel that holds no number: counted, left out of the statistics.</summary>
    public const long NotMeasurable = long.MinValue;

    /// <summary>Largest magnitude of a code.</summary>
    public const long LargestCode = 1L << 44;

    private const double MostInLong = 1L << 62;
    private const long DenseFirst = -(1L << 18);
    private const int PageBits = 10;
    private const int PageLength = 1 << PageBits;
    private const ulong WithinPage = PageLength - 1;
    private const int PageCount = (int)(-2 * DenseFirst >> PageBits);

    private readonly long[]?[] _pages = new long[PageCount][];
    private readonly Dictionary<long, long> _sparse = [];
    private long _added;

    /// <summary>Voxels counted, those that hold no number left out.</summary>
    public long VoxelCount => _added - NotMeasurableCount;

    public long NotMeasurableCount { get; private set; }

    /// <summary>Distinct values beyond the dense table, the only part of the histogram that grows with the data.</summary>
    public int SparseCount => _sparse.Count;

    [MethodImpl(Hot.Method)]
    public void Add(ReadOnlySpan<long> codes)
    {
        long[]?[] pages = _pages;
        foreach (long code in codes)
        {
            ulong dense = (ulong)(code - DenseFirst);
            if (dense < (ulong)pages.Length << PageBits) (pages[dense >> PageBits] ??= new long[PageLength])[dense & WithinPage]++;
            else if (code == NotMeasurable) NotMeasurableCount++;
            else _sparse[code] = _sparse.GetValueOrDefault(code) + 1;
        }
        _added += codes.Length;
    }

    /// <summary>Counts of the most frequent stored value.</summary>
    public (long Code, long Count) Mode()
    {
        (long Code, long Count) mode = (0, 0);
        foreach ((long code, long count) in Ascending())
            if (count > mode.Count) mode = (code, count);
        return mode;
    }

    /// <summary>Null if nothing was counted.</summary>
    [MethodImpl(Hot.Method)]
    public HounsfieldSummary? Summarise(CtScaling scaling)
    {
        if (VoxelCount == 0) return null;
        (long Code, long Count)[] counts = Ascending();
        // the sums are whole numbers either way; code with Int128 is never compiled beforehand, and values of a CT do not need it
        double largest = Math.Max(Math.Abs((double)counts[0].Code), counts[^1].Code), spread = (double)counts[^1].Code - counts[0].Code;
        bool fits = Math.Max(largest, spread * spread) * VoxelCount < MostInLong;
        (long near, double first, double second) = fits ? SumsNearMean<long>(counts) : SumsNearMean<Int128>(counts);
        // at most 1/2, so that its square takes no digits from the variance
        double offset = first / VoxelCount;
        double variance = Math.Max(second / VoxelCount - offset * offset, 0);
        // in ascending order, so the same bits however the values came
        double third = 0, fourth = 0;
        foreach ((long code, long count) in counts)
        {
            double away = code - near - offset;
            third += away * away * away * count;
            fourth += away * away * (away * away) * count;
        }
        return new HounsfieldSummary(
            VoxelCount,
            Hounsfield(near + offset, scaling),
            Math.Sqrt(variance) * Math.Abs(scaling.Slope),
            Hounsfield(AtRank(counts, 0, scaling), scaling),
            Percentile(counts, 5, scaling),
            Percentile(counts, 25, scaling),
            Percentile(counts, 50, scaling),
            Percentile(counts, 75, scaling),
            Percentile(counts, 95, scaling),
            Hounsfield(AtRank(counts, VoxelCount - 1, scaling), scaling))
        {
            Skewness = counts.Length == 1 ? null : Math.Sign(scaling.Slope) * (third / VoxelCount) / (variance * Math.Sqrt(variance)),
            Kurtosis = counts.Length == 1 ? null : fourth / VoxelCount / (variance * variance) - 3,
        };
    }

    /// <summary>A whole number near the mean, and the sums of the first and second powers of the distances from it: those stay small and exact.</summary>
    [MethodImpl(Hot.Method)]
    private (long Near, double First, double Second) SumsNearMean<T>((long Code, long Count)[] counts) where T : IBinaryInteger<T>
    {
        T sum = T.Zero, first = T.Zero, second = T.Zero;
        foreach ((long code, long count) in counts) sum += T.CreateTruncating(code) * T.CreateTruncating(count);
        long near = (long)Math.Round(double.CreateTruncating(sum) / VoxelCount);
        foreach ((long code, long count) in counts)
        {
            T away = T.CreateTruncating(code - near), weighted = away * T.CreateTruncating(count);
            first += weighted;
            second += away * weighted;
        }
        return (near, double.CreateTruncating(first), double.CreateTruncating(second));
    }

    private static double Hounsfield(double code, CtScaling scaling) => code * scaling.Slope + scaling.Intercept;

    private double Percentile((long Code, long Count)[] counts, int percent, CtScaling scaling)
    {
        double rank = percent / 100.0 * (VoxelCount - 1);
        long below = (long)Math.Floor(rank);
        double low = Hounsfield(AtRank(counts, below, scaling), scaling);
        double high = Hounsfield(AtRank(counts, Math.Min(below + 1, VoxelCount - 1), scaling), scaling);
        double part = rank - below;
        return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
    }

    /// <summary>Stored value at a rank of the Hounsfield order; a negative slope turns the order of stored values around.</summary>
    [MethodImpl(Hot.Method)]
    private long AtRank((long Code, long Count)[] counts, long rank, CtScaling scaling)
    {
        if (scaling.Slope < 0) rank = VoxelCount - 1 - rank;
        foreach ((long code, long count) in counts)
        {
            if (rank < count) return code;
            rank -= count;
        }
        throw new ArgumentOutOfRangeException(nameof(rank));
    }

    [MethodImpl(Hot.Method)]
    private (long Code, long Count)[] Ascending()
    {
        List<(long Code, long Count)> ascending = [.. Sparse(code => code < DenseFirst)];
        for (int page = 0; page < PageCount; page++)
        {
            long[]? counts = _pages[page];
            if (counts is null) continue;
            for (int at = 0; at < PageLength; at++)
                if (counts[at] != 0) ascending.Add((DenseFirst + ((long)page << PageBits) + at, counts[at]));
        }
        ascending.AddRange(Sparse(code => code > DenseFirst));
        return [.. ascending];
    }

    private IEnumerable<(long Code, long Count)> Sparse(Func<long, bool> wanted) =>
        _sparse.Where(entry => wanted(entry.Key)).OrderBy(entry => entry.Key).Select(entry => (entry.Key, entry.Value));
}
