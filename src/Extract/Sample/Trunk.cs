using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Sample;

/// <summary>
/// Soft tissue around a spine: neck, chest with lungs, belly, an aorta, a layer of fat, air outside. Horizontal outlines by height,
/// one entry a millimetre, looked up by world z.
/// </summary>
internal sealed class Trunk
{
    public const int Air = -1000;
    private const int Lung = -850, Fat = -100, Muscle = 55, Blood = 150;

    private readonly double _highest;
    private readonly Outline[] _outlines;

    // Lungs: how much of the chest they fill, 0 to 1.
    private readonly record struct Outline(double SpineX, double SpineY, double MiddleY, double Side, double Front, double Lungs, bool Aorta);

    public Trunk(Spine spine)
    {
        Vertebra first = spine.Vertebrae[0], last = spine.Vertebrae[^1];
        _highest = first.Centre.Z + 100;
        double neck = spine.At(6).Centre.Z, shoulders = spine.At(10).Centre.Z, diaphragm = spine.At(17).Centre.Z, fork = spine.At(23).Centre.Z;
        _outlines = new Outline[(int)(_highest - last.Centre.Z) + 150];
        int above = 0;
        for (int n = 0; n < _outlines.Length; n++)
        {
            double z = _highest - n;
            while (above + 2 < spine.Vertebrae.Count && spine.Vertebrae[above + 1].Centre.Z > z) above++;
            Vector3d a = spine.Vertebrae[above].Centre, b = spine.Vertebrae[above + 1].Centre;
            double part = Math.Clamp((a.Z - z) / (a.Z - b.Z), 0, 1);
            double x = a.X + part * (b.X - a.X), y = a.Y + part * (b.Y - a.Y);
            double broad = Math.Clamp((neck - z) / (neck - shoulders), 0, 1);
            _outlines[n] = new(x, y, y + 12 + broad * 38, 64 + broad * 96, 68 + broad * 42,
                z > diaphragm ? Math.Clamp((shoulders - z) / 80, 0, 1) : 0, z < spine.At(11).Centre.Z && z > fork);
        }
    }

    /// <summary>Hounsfield units without noise at a world point (mm).</summary>
    public int HuAt(Vector3d world)
    {
        Outline o = _outlines[(int)Math.Clamp(_highest - world.Z, 0, _outlines.Length - 1)];
        double dx = world.X - o.SpineX, dy = world.Y - o.MiddleY;
        double ring = dx * dx / (o.Side * o.Side) + dy * dy / (o.Front * o.Front);
        if (ring > 1) return Air;
        if (ring > 0.84) return Fat;
        if (o.Lungs > 0)
        {
            double lx = (Math.Abs(dx) - 78) / 52, ly = (dy - 2) / 78;
            if (lx * lx + ly * ly < o.Lungs) return Lung;
        }
        if (o.Aorta)
        {
            double ax = dx + 16, ay = world.Y - o.SpineY - 34;
            if (ax * ax + ay * ay < 121) return Blood;
        }
        return Muscle;
    }
}
