using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Measuring;

/// <summary>
/// The second pass over a mask: what can be said of a label only once it is known where it and its neighbours lie. It is made from
/// the finished first pass and is given the same runs again, in stored order. Everything kept is an integer, so nothing depends on how the
/// stream was cut.
/// </summary>
public sealed class LocalMeasurement
{
    private readonly VertebraSolid?[] _solids = new VertebraSolid[VertebraLabel.Highest + 1];
    private readonly double[] _cubeAreasMm2;
    private readonly VertebraHeights _heights;

    /// <param name="spine">Finished.</param>
    public LocalMeasurement(SpineMeasurement spine)
    {
        Grid = spine.Grid;
        Vertebrae = spine.Located();
        _cubeAreasMm2 = MarchingCubes.AreasMm2(Grid.Affine);
        LatticeBall? depth = LatticeBall.Of(Grid.Affine, VertebraSolid.DepthMm);
        VertebraFrame?[] frames = [.. Enumerable.Range(0, Vertebrae.Count).Select(at => VertebraFrame.Of(Vertebrae, at))];
        for (int at = 0; at < frames.Length; at++) _solids[Vertebrae[at].Label] = new VertebraSolid(Vertebrae[at], frames[at], Grid.Affine, depth);
        _heights = new VertebraHeights(Vertebrae, frames, Grid);
    }

    /// <summary>Of the mask.</summary>
    public VoxelGrid Grid { get; }

    /// <summary>The labels of the mask in anatomical order.</summary>
    public IReadOnlyList<LocatedVertebra> Vertebrae { get; }

    /// <summary>Adds runs of the mask in stored order, the same that the first pass was given; unknown labels are ignored.</summary>
    [MethodImpl(Hot.Method)]
    public void Add(ReadOnlySpan<LabelRun> runs)
    {
        foreach (ref readonly LabelRun run in runs)
            if (VertebraLabel.IsKnown(run.Label))
            {
                _solids[run.Label]!.Add(run);
                _heights.Add(run);
            }
    }

    /// <summary>Closes the stream. Call once, before anything is asked.</summary>
    public void Finish()
    {
        foreach (VertebraSolid? solid in _solids) solid?.Finish();
        _heights.Finish();
    }

    /// <summary>The surface of a label; null if it is spread too wide for a vertebra.</summary>
    public LabelSurface? Surface(int label) => _solids[label]?.Surface(_cubeAreasMm2);

    /// <summary>Share of the points of the voxel lattice in the ball around the annotated point that have the label; null without a ball.</summary>
    public double? BallFraction(int label) => _solids[label]?.BallFraction;

    /// <summary>
    /// Voxels of the vertebral body at least 5 mm inside the label; null for C1 and without annotation, where the body cannot be told from the
    /// arch, or where the lattice is too fine for it.
    /// </summary>
    public long? TrabecularVoxels(int label) => _solids[label]?.TrabecularVoxels;

    /// <summary>Those voxels.</summary>
    internal DeepVoxels? Trabecular(int label) => _solids[label]?.Trabecular;

    /// <summary>Heights of the bodies and their end plates.</summary>
    internal VertebraHeights Heights => _heights;

    /// <summary>The ball around a label's annotated point; null for C1, which has no body, and without annotation.</summary>
    internal BodyBall? Ball(int label) => _solids[label]?.Ball;
}
