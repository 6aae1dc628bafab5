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
    private readonly BodyBall?[] _balls = new BodyBall[VertebraLabel.Highest + 1];
    private readonly long[] _inBall = new long[VertebraLabel.Highest + 1];

    /// <param name="spine">Finished.</param>
    public LocalMeasurement(SpineMeasurement spine)
    {
        Grid = spine.Grid;
        Vertebrae = spine.Located();
        foreach (LocatedVertebra vertebra in Vertebrae)
            if (vertebra is { AnnotatedIndex: Vector3d index, Label: not VertebraLabel.C1 })
                _balls[vertebra.Label] = new BodyBall(Grid.Affine, index);
    }

    /// <summary>Of the mask.</summary>
    public VoxelGrid Grid { get; }

    /// <summary>The labels of the mask in anatomical order.</summary>
    public IReadOnlyList<LocatedVertebra> Vertebrae { get; }

    /// <summary>Adds runs of the mask in stored order, the same that the first pass was given; unknown labels are ignored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<LabelRun> runs)
    {
        foreach (ref readonly LabelRun run in runs)
            if (VertebraLabel.IsKnown(run.Label)) Add(run);
    }

    /// <summary>Share of the points of the voxel lattice in the ball around the annotated point that have the label; null without a ball.</summary>
    public double? BallFraction(int label) =>
        _balls[label] is { } ball && ball.LatticePoints() is > 0 and long points ? (double)_inBall[label] / points : null;

    /// <summary>The ball around a label's annotated point; null for C1, which has no body, and without annotation.</summary>
    internal BodyBall? Ball(int label) => _balls[label];

    private void Add(in LabelRun run)
    {
        if (_balls[run.Label] is { } ball) _inBall[run.Label] += ball.Within(run, out _);
    }
}
