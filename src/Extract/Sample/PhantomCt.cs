using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Sample;

/// <summary>
/// Hounsfield units of a phantom, plane by plane: tissue plus noise made from the voxel's number alone, so the order of work cannot matter.
/// </summary>
internal sealed class PhantomCt(PhantomVolume volume, Spine spine, uint seed)
{
    private const int CorticalHu = 520, DiscHu = 85, MetalHu = 3071, ShadowHu = -1290;

    /// <summary>Standard deviation of the sum of four bytes, by which the noise is scaled: sqrt(4 * (256^2 - 1) / 12).</summary>
    private const int NoiseUnit = 148;

    private readonly Trunk _trunk = new(spine);

    /// <summary>Standard deviation of the noise, HU.</summary>
    public int NoiseHu { get; init; } = 12;

    /// <summary>A screw runs through this vertebra's body from front to back; null for none.</summary>
    public Vertebra? Screwed { get; init; }

    /// <summary>HU of plane k, i fastest.</summary>
    public void Plane(int k, Span<short> hu)
    {
        VoxelGrid grid = volume.Grid;
        int count = grid.Shape.I * grid.Shape.J;
        ReadOnlySpan<byte> codes = volume.Codes.AsSpan(k * count, count);
        for (int j = 0; j < grid.Shape.J; j++)
        {
            Vector3d row = grid.Affine.Apply(new(0, j, k));
            for (int i = 0; i < grid.Shape.I; i++)
            {
                int at = j * grid.Shape.I + i;
                Vector3d world = row + i * grid.Affine.I;
                byte code = codes[at];
                int tissue = code == 0 ? _trunk.HuAt(world) : BoneHu(code);
                if (Screwed is not null) tissue = WithScrew(Screwed, world, tissue);
                hu[at] = (short)(tissue is Trunk.Air or ShadowHu ? tissue : tissue + Noise((uint)(k * count + at)));
            }
        }
    }

    private int BoneHu(byte code) =>
        code == PhantomVolume.Disc ? DiscHu
        : (code & PhantomVolume.Cortical) != 0 ? CorticalHu
        : spine.Physique.TrabecularHu + (spine.Physique.Crushed > 0 && PhantomVolume.LabelOf(code) == spine.Physique.Crushed ? Physique.CrushedHu : 0);

    private static int WithScrew(Vertebra vertebra, Vector3d world, int tissue)
    {
        Vector3d p = world - vertebra.Centre;
        double u = Math.Abs(Vector3d.Dot(p, vertebra.U)) - 14, v = Vector3d.Dot(p, vertebra.V), w = Vector3d.Dot(p, vertebra.W) - 4;
        double distance = u * u + w * w;
        if (distance > 16 || v is < -45 or > 12) return tissue;
        return distance < 9 ? MetalHu : ShadowHu;
    }

    private int Noise(uint index)
    {
        uint x = StableHash.Mix(seed, index);
        int sum = (int)((x & 255) + (x >> 8 & 255) + (x >> 16 & 255) + (x >> 24)) - 510;
        return sum * NoiseHu / NoiseUnit;
    }
}
