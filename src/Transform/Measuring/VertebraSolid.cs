using System.Runtime.CompilerServices;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Measuring;

/// <summary>One label as a solid, in the second pass over the mask: its surface, and the ball in its body.</summary>
internal sealed class VertebraSolid
{
    private readonly SurfaceCubes? _cubes;
    private readonly RowEnds _ends = new();
    private long _voxelsInBall;

    public VertebraSolid(LocatedVertebra vertebra, Affine affine)
    {
        if (SurfaceCubes.Fits(vertebra.Box)) _cubes = new SurfaceCubes(vertebra.Box);
        if (vertebra is { AnnotatedIndex: Vector3d index, Label: not VertebraLabel.C1 }) Ball = new BodyBall(affine, index);
    }

    /// <summary>Around the annotated point; null for C1, which has no body, and without annotation.</summary>
    public BodyBall? Ball { get; }

    /// <summary>Share of the points of the voxel lattice in the ball that have the label; null without a ball.</summary>
    public double? BallFraction => Ball?.LatticePoints() is > 0 and long points ? (double)_voxelsInBall / points : null;

    /// <summary>Adds a run of the label; runs come in stored order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in LabelRun run)
    {
        _cubes?.Add(run);
        _ends.Add(run);
        if (Ball is { } ball) _voxelsInBall += ball.Within(run, out _);
    }

    /// <summary>Closes the stream. Call once, before anything is asked.</summary>
    public void Finish() => _cubes?.Finish();

    /// <summary>The surface; null if the label is spread too wide for a vertebra.</summary>
    /// <param name="affine">Of the mask.</param>
    /// <param name="areasMm2">Of <see cref="MarchingCubes.AreasMm2"/> for that affine.</param>
    public LabelSurface? Surface(Affine affine, ReadOnlySpan<double> areasMm2) =>
        _cubes is not null && _ends.LargestDiameterMm(affine) is double diameterMm && _ends.LargestCentreDistanceMm(affine) is double centresMm
            ? new LabelSurface(_cubes.AreaMm2(areasMm2), _cubes.VolumeVoxels() * Math.Abs(affine.Determinant), diameterMm, centresMm)
            : null;
}
