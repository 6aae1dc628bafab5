using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Extract.Sample;

/// <summary>Which vertebrae a person has; the three rarities are the ones VerSe has labels for.</summary>
internal enum Numbering { Usual, WithT13, WithL6, WithoutT12 }

/// <summary>What makes one phantom person differ from another. <see cref="TrabecularHu"/> is the density inside the bodies; it falls with age.</summary>
internal sealed record Physique(double Size, int TrabecularHu, Numbering Numbering = Numbering.Usual, double Curvature = 1, double Scoliosis = 0)
{
    /// <summary>Share of a crushed body's front height that is lost: a wedge of Genant's grade 3.</summary>
    public const double CrushedHeight = 0.42;

    /// <summary>Broken bone lies denser.</summary>
    public const int CrushedHu = 90;

    /// <summary>The label whose body is crushed to a wedge; 0 for none.</summary>
    public int Crushed { get; init; }
}

/// <summary>
/// The vertebrae of a person, head to tail, in world mm (RAS+) with C1 at the origin: bodies and discs stacked along a curve that
/// leans as the level table says (neck and lower back hollow, chest rounded).
/// </summary>
internal sealed record Spine(Physique Physique, IReadOnlyList<Vertebra> Vertebrae)
{
    /// <param name="physique">Size, numbering, curves.</param>
    /// <param name="person">Makes people of one physique differ a little: up to 2 percent as a whole and 1.5 percent by level.</param>
    public static Spine Of(Physique physique, uint person)
    {
        VertebraLevel[] levels = [.. VertebraLevel.Table.Where(level => Has(physique.Numbering, level.Label))];
        List<Vertebra> vertebrae = [];
        Vector3d place = default;
        int crushed = Array.FindIndex(levels, level => level.Label == physique.Crushed);
        double whole = physique.Size * (1 + 0.02 * StableHash.Sway(person, 0));
        for (int n = 0; n < levels.Length; n++)
        {
            VertebraLevel level = levels[n];
            double along = (double)n / (levels.Length - 1);
            double sideways = physique.Scoliosis * along * (1 - along) * (1 - 2 * along);
            // what stands on a wedge leans forward, by half of its angle: discs take the other half
            double lean = n < crushed ? Physique.CrushedHeight * levels[crushed].HeightMm / levels[crushed].DepthMm / 2 : 0;
            Vector3d w = Unit(new(sideways, physique.Curvature * level.Tilt + lean, 1));
            Vector3d u = Unit(Vector3d.Cross(new(0, 1, 0), w));
            double size = whole * (1 + 0.015 * StableHash.Sway(person, (uint)level.Label));
            double half = size * level.HeightMm / 2, disc = size * level.DiscMm;
            if (n > 0) place -= half * w;
            Vertebra vertebra = Vertebra.Of(level, size, place, u, w);
            vertebrae.Add(n == crushed ? vertebra.Crushed(Physique.CrushedHeight) : vertebra);
            place -= (half + disc) * w;
        }
        return new(physique, vertebrae);
    }

    public Vertebra At(int label) => Vertebrae.First(v => v.Label == label);

    /// <summary>The same bones with two labels exchanged, as an annotator's slip leaves them.</summary>
    public Spine Exchanged(int one, int other) => this with
    {
        Vertebrae = [.. Vertebrae.Select(v => v with { Label = v.Label == one ? other : v.Label == other ? one : v.Label })],
    };

    private static bool Has(Numbering numbering, int label) => label switch
    {
        VertebraLabel.T13 => numbering == Numbering.WithT13,
        VertebraLabel.L6 => numbering == Numbering.WithL6,
        VertebraLabel.T12 => numbering != Numbering.WithoutT12,
        _ => true,
    };

    private static Vector3d Unit(Vector3d v) => 1 / v.Length * v;
}
