using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Sample;

/// <summary>
/// What each voxel of a scan is, one byte a voxel, i fastest: 0 outside bone, else a label with two marks. Bones that the scan cuts
/// are drawn but not annotated, as in VerSe. Only for phantoms, whose volumes are small enough to hold.
/// </summary>
internal sealed class PhantomVolume
{
    /// <summary>Set where a voxel is cortical bone.</summary>
    public const byte Cortical = 0x80;

    /// <summary>Set where a voxel belongs to a structure that the mask leaves out.</summary>
    public const byte NotAnnotated = 0x40;

    /// <summary>Code of an intervertebral disc.</summary>
    public const byte Disc = NotAnnotated | 0x3F;

    private const byte LabelBits = 0x3F;

    private readonly long[] _counts = new long[LabelBits + 1];

    private PhantomVolume(VoxelGrid grid)
    {
        Grid = grid;
        Codes = new byte[checked((int)grid.Shape.VoxelCount)];
    }

    public VoxelGrid Grid { get; }

    public byte[] Codes { get; }

    /// <summary>Voxels of a label in the mask; exact, counted while filling.</summary>
    public long Count(int label) => _counts[label];

    /// <summary>The label the mask holds for a code: 0 for everything not annotated.</summary>
    public static byte LabelOf(byte code) => (code & NotAnnotated) != 0 ? (byte)0 : (byte)(code & LabelBits);

    /// <summary>Draws a spine; of the vertebrae that reach into the grid those in <paramref name="annotated"/> get their label.</summary>
    public static PhantomVolume Draw(VoxelGrid grid, Spine spine, IReadOnlySet<int> annotated)
    {
        PhantomVolume volume = new(grid);
        foreach (Vertebra vertebra in spine.Vertebrae)
        {
            bool counted = annotated.Contains(vertebra.Label);
            byte code = (byte)(vertebra.Label | (counted ? 0 : NotAnnotated));
            foreach (Solid part in vertebra.Parts)
            {
                long added = volume.Fill(vertebra, part, code);
                if (counted) volume._counts[vertebra.Label] += added;
            }
        }
        // discs last: they take only what bone has left
        foreach (Vertebra vertebra in spine.Vertebrae.Skip(1)) volume.Fill(vertebra, vertebra.Disc, Disc);
        return volume;
    }

    /// <summary>Sets one voxel that is still empty, apart from all bone: an annotator's slip of the pen.</summary>
    public void AddIsland(int label)
    {
        int at = (Grid.Shape.K - 2) * Grid.Shape.I * Grid.Shape.J + Grid.Shape.I + 1;
        if (Codes[at] != 0) throw new InvalidOperationException("The corner of the phantom is not empty.");
        Codes[at] = (byte)label;
        _counts[label]++;
    }

    // Fills the part's bounding box; a voxel keeps its first owner, and inside one vertebra the core of any part wins over a shell.
    private long Fill(Vertebra vertebra, Solid part, byte code)
    {
        if (!Box(vertebra, part, out VoxelBox box)) return 0;
        Affine affine = Grid.Affine;
        double du = Vector3d.Dot(affine.I, vertebra.U), dv = Vector3d.Dot(affine.I, vertebra.V), dw = Vector3d.Dot(affine.I, vertebra.W);
        byte shell = code == Disc ? code : (byte)(code | Cortical);
        long added = 0;
        for (int k = box.MinK; k < box.MaxK; k++)
            for (int j = box.MinJ; j < box.MaxJ; j++)
            {
                Vector3d start = affine.Apply(new(0, j, k)) - vertebra.Centre;
                double u0 = Vector3d.Dot(start, vertebra.U), v0 = Vector3d.Dot(start, vertebra.V), w0 = Vector3d.Dot(start, vertebra.W);
                Span<byte> row = Codes.AsSpan((k * Grid.Shape.J + j) * Grid.Shape.I, Grid.Shape.I);
                for (int i = box.MinI; i < box.MaxI; i++)
                {
                    byte old = row[i];
                    if (old != 0 && old != shell) continue;
                    double u = u0 + i * du, v = v0 + i * dv, w = w0 + i * dw;
                    Depth depth = part.DepthAt(u, v, w);
                    if (depth == Depth.Outside || (part.CutByCanal && vertebra.InCanal(u, v))) continue;
                    if (old == 0) added++;
                    if (old == 0 || depth == Depth.Core) row[i] = depth == Depth.Core ? code : shell;
                }
            }
        return added;
    }

    private bool Box(Vertebra vertebra, Solid part, out VoxelBox box)
    {
        Vector3d reach = part.Reach;
        Span<double> low = [double.MaxValue, double.MaxValue, double.MaxValue], high = [double.MinValue, double.MinValue, double.MinValue];
        for (int corner = 0; corner < 8; corner++)
        {
            Vector3d world = vertebra.ToWorld(
                (corner & 1) == 0 ? -reach.X : reach.X,
                part.Centre.Y + ((corner & 2) == 0 ? -reach.Y : reach.Y),
                part.Centre.Z + ((corner & 4) == 0 ? -reach.Z : reach.Z));
            Vector3d index = FieldOfView.IndexOf(Grid.Affine, world);
            for (int axis = 0; axis < 3; axis++)
            {
                low[axis] = Math.Min(low[axis], index[axis]);
                high[axis] = Math.Max(high[axis], index[axis]);
            }
        }
        Span<int> min = stackalloc int[3], max = stackalloc int[3];
        bool any = true;
        for (int axis = 0; axis < 3; axis++)
        {
            min[axis] = (int)Math.Clamp(Math.Floor(low[axis]), 0, Grid.Shape[axis]);
            max[axis] = (int)Math.Clamp(Math.Ceiling(high[axis]) + 1, 0, Grid.Shape[axis]);
            any &= min[axis] < max[axis];
        }
        box = new(min[0], min[1], min[2], max[0], max[1], max[2]);
        return any;
    }
}
