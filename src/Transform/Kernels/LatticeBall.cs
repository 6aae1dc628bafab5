using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Kernels;

/// <summary>The steps of a voxel lattice that are shorter than a distance, row by row: those along i at one step in j and k are consecutive.</summary>
internal sealed class LatticeBall
{
    // steps of 0.025 mm for a ball of 5 mm; a header may state any
    private const double MostSteps = 1 << 26;

    // affines are stored as floats: lengths that differ by less are the same
    private const double SameMm = 1e-5;

    /// <summary>Steps from Low to High along i, at (J, K).</summary>
    public sealed record Row(int J, int K, int Low, int High)
    {
        public int Count => High - Low + 1;
    }

    private LatticeBall(List<Row> rows)
    {
        Rows = [.. rows.OrderBy(row => row.Count).ThenBy(row => row.Low)];
        LongestRow = Rows.Count == 0 ? 0 : Rows[^1].Count;
        MarginI = Rows.Count == 0 ? 0 : Rows.Max(row => Math.Max(-row.Low, row.High));
        MarginJ = Rows.Count == 0 ? 0 : Rows.Max(row => Math.Abs(row.J));
        MarginK = Rows.Count == 0 ? 0 : Rows.Max(row => Math.Abs(row.K));
    }

    /// <summary>The shortest first, those of the same interval in turn.</summary>
    public IReadOnlyList<Row> Rows { get; }

    public int LongestRow { get; }

    /// <summary>Most steps along i, along j, and along k.</summary>
    public int MarginI { get; }

    public int MarginJ { get; }

    public int MarginK { get; }

    /// <summary>Null if the steps are too many to be held.</summary>
    public static LatticeBall? Of(Affine affine, double distanceMm)
    {
        VoxelBox box = affine.IndexBox(affine.Origin, affine.Origin, distanceMm);
        if ((double)box.Extent(0) * box.Extent(1) * box.Extent(2) > MostSteps) return null;
        List<Row> rows = [];
        for (int k = box.MinK; k < box.MaxK; k++)
            for (int j = box.MinJ; j < box.MaxJ; j++)
            {
                int low = box.MinI, high = box.MaxI - 1;
                while (low <= high && !IsShorter(low)) low++;
                while (low <= high && !IsShorter(high)) high--;
                if (low <= high) rows.Add(new Row(j, k, low, high));

                bool IsShorter(int i) => (i * affine.I + j * affine.J + k * affine.K).Length < distanceMm - SameMm;
            }
        return new LatticeBall(rows);
    }
}
