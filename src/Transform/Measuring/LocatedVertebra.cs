using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Transform.Measuring;

/// <summary>Where one label lies, known once the whole mask has been seen. Millimetres are world (RAS+).</summary>
public sealed record LocatedVertebra
{
    internal LocatedVertebra(int label, LabelMoments moments, SpineMeasurement spine)
    {
        (Label, VoxelCount, Box) = (label, moments.VoxelCount, moments.Box);
        CentroidMm = spine.Grid.Affine.Apply(moments.CentroidIndex);
        AnnotatedIndex = spine.AnnotatedIndex.TryGetValue(label, out Vector3d index) ? index : null;
        AnnotatedMm = AnnotatedIndex is Vector3d at ? spine.Grid.Affine.Apply(at) : null;
    }

    /// <summary>1 to 28.</summary>
    public int Label { get; }

    /// <summary>Voxels with the label.</summary>
    public long VoxelCount { get; }

    /// <summary>The smallest box that holds them.</summary>
    public VoxelBox Box { get; }

    /// <summary>Centre of mass of the voxel centres.</summary>
    public Vector3d CentroidMm { get; }

    /// <summary>The dataset's own centroid as voxel index of the mask; null without annotation.</summary>
    public Vector3d? AnnotatedIndex { get; }

    /// <summary>The same point in millimetres; null without annotation.</summary>
    public Vector3d? AnnotatedMm { get; }
}
