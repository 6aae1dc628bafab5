namespace VerseEtl.Extract;

/// <summary>Bounds on what a single file may ask for, and what else is made of it.</summary>
public sealed record ReadingLimits
{
    /// <summary>Largest declared volume in bytes; the largest VerSe volume as float64 is 32 GiB.</summary>
    public long MaxVolumeBytes { get; init; } = 64L << 30;

    /// <summary>Largest file as stored.</summary>
    public long MaxFileBytes { get; init; } = 8L << 30;

    /// <summary>Reads a plain NIfTI that stands under a .nii.gz name, and gzip under a .nii name, with a warning, instead of failing the scan.</summary>
    public bool AcceptPlain { get; init; }

    /// <summary>Takes lengths for millimetres whatever unit a header names, with a warning.</summary>
    public bool AssumeMillimetres { get; init; }

    /// <summary>Paints a picture of each scan while it is measured. Changes nothing of the rows but the picture's path.</summary>
    public bool Pictures { get; init; }

    /// <summary>Opens files through symbolic links.</summary>
    public bool FollowLinks { get; init; }
}
