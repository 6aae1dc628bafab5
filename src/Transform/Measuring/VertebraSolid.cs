using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Measuring;

/// <summary>One label as a solid, in the second pass over the mask: its surface, the ball in its body, and the inside of its body.</summary>
internal sealed class VertebraSolid
{
    /// <summary>How far inside the surface trabecular bone is looked for.</summary>
    public const double DepthMm = 5;

    /// <summary>How far from the annotated point, at most: no vertebral body reaches that far.</summary>
    public const double ReachMm = 40;

    private readonly Affine _affine;
    private readonly SurfaceCubes? _cubes;
    private readonly SliceCorners _corners = new();
    private readonly PosteriorWall? _wall;
    private readonly VertebraFrame? _frame;
    private readonly DeepVoxels? _inside;
    private long _voxelsInBall;

    /// <param name="vertebra">The label.</param>
    /// <param name="frame">Null where it has none: then its body is not told from its arch.</param>
    /// <param name="affine">Of the mask.</param>
    /// <param name="depth">The steps shorter than <see cref="DepthMm"/>; null if they cannot be held.</param>
    public VertebraSolid(LocatedVertebra vertebra, VertebraFrame? frame, Affine affine, LatticeBall? depth)
    {
        (_affine, _frame) = (affine, frame);
        if (SurfaceCubes.Fits(vertebra.Box)) _cubes = new SurfaceCubes(vertebra.Box);
        if (vertebra is not { AnnotatedMm: Vector3d point, AnnotatedIndex: Vector3d index, Label: not VertebraLabel.C1 }) return;
        Ball = new BodyBall(affine, index);
        if (frame is null || depth is null) return;
        _wall = new PosteriorWall(affine, point, frame.Back);
        _inside = DeepVoxels.Of(vertebra.Box.Common(affine.IndexBox(point, point, ReachMm + DepthMm)), depth);
    }

    /// <summary>Around the annotated point; null for C1, which has no body, and without annotation.</summary>
    public BodyBall? Ball { get; }

    /// <summary>Share of the points of the voxel lattice in the ball that have the label; null without a ball.</summary>
    public double? BallFraction => Ball?.LatticePoints() is > 0 and long points ? (double)_voxelsInBall / points : null;

    /// <summary>
    /// The voxels of the body at least <see cref="DepthMm"/> inside the label, arch and cortex left out; null without a ball, where the body cannot
    /// be told from the arch, or if they cannot be held.
    /// </summary>
    public DeepVoxels? Trabecular { get; private set; }

    /// <summary>How many they are; null where they are.</summary>
    public long? TrabecularVoxels { get; private set; }

    /// <summary>Adds a run of the label; runs come in stored order.</summary>
    [MethodImpl(Hot.Method)]
    public void Add(in LabelRun run)
    {
        _cubes?.Add(run);
        _corners.Add(run);
        if (Ball is not { } ball) return;
        _voxelsInBall += ball.Within(run, out _);
        _wall?.Add(run);
        _inside?.Add(run);
    }

    /// <summary>Closes the stream. Call once, before anything is asked.</summary>
    public void Finish()
    {
        _cubes?.Finish();
        _corners.Finish();
        if (_inside is null || _frame is not { } frame || _wall?.BehindMm() is not double wallMm) return;
        _inside.Erode(_affine, frame.OriginMm, frame.Back, wallMm);
        Trabecular = _inside;
        TrabecularVoxels = _inside.Keep(index => (_affine.Apply(index) - frame.OriginMm).Length <= ReachMm);
    }

    /// <summary>The surface; null if the label is spread too wide for a vertebra.</summary>
    /// <param name="areasMm2">Of <see cref="MarchingCubes.AreasMm2"/> for the mask's affine.</param>
    public LabelSurface? Surface(ReadOnlySpan<double> areasMm2) =>
        _cubes is not null && _corners.Farthest(_affine) is { } farthest
            ? new LabelSurface(_cubes.AreaMm2(areasMm2), _cubes.VolumeVoxels() * Math.Abs(_affine.Determinant), farthest.VerticesMm, farthest.CentresMm)
            : null;
}
