using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Pictures;

/// <summary>The upright box in the world (mm, RAS+) around a box of voxels, their outer faces included.</summary>
internal static class WorldBox
{
    public static (Vector3d Low, Vector3d High) Of(VoxelBox box, Affine affine)
    {
        Vector3d low = new(double.MaxValue, double.MaxValue, double.MaxValue), high = -1 * low;
        for (int corner = 0; corner < 8; corner++)
        {
            Vector3d at = affine.Apply(new Vector3d(
                ((corner & 1) == 0 ? box.MinI : box.MaxI) - 0.5,
                ((corner & 2) == 0 ? box.MinJ : box.MaxJ) - 0.5,
                ((corner & 4) == 0 ? box.MinK : box.MaxK) - 0.5));
            low = new Vector3d(Math.Min(low.X, at.X), Math.Min(low.Y, at.Y), Math.Min(low.Z, at.Z));
            high = new Vector3d(Math.Max(high.X, at.X), Math.Max(high.Y, at.Y), Math.Max(high.Z, at.Z));
        }
        return (low, high);
    }
}
