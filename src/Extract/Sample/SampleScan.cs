using VerseEtl.Extract.Nifti;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Sample;

/// <summary>Which of NIfTI's two transforms a file has.</summary>
internal enum StoredAffine { Sform, Qform, Both }

/// <summary>What is unusual about a scan's centroid file.</summary>
internal enum CentroidForm { Usual, Missing, OlderName, OtherDirection, OneNotANumber }

/// <summary>What is broken on purpose, for demonstrations.</summary>
internal enum SampleFault { None, TruncatedCt, TruncatedMask, EmptyMask, MissingMask, CtOfAnotherShape }

/// <summary>The scanner named in a CT's sidecar, as text because the dataset stores it so.</summary>
internal sealed record Scanner(string Manufacturer, string Model, string Kvp)
{
    public static Scanner Philips { get; } = new("Philips", "Brilliance 64", "120");
    public static Scanner PhilipsIct { get; } = new("Philips", "iCT 256", "120");
    public static Scanner Siemens { get; } = new("SIEMENS", "SOMATOM Definition AS+", "120");
    public static Scanner SiemensDual { get; } = new("SIEMENS", "SOMATOM Definition Flash", "100");
    public static Scanner GeneralElectric { get; } = new("GE MEDICAL SYSTEMS", "LightSpeed VCT", "140");
    public static Scanner Toshiba { get; } = new("TOSHIBA", "Aquilion", "120");
}

/// <summary>One phantom scan: who, what is seen, how it is stored, and what is odd about it. Defaults are the common case.</summary>
internal sealed record SampleScan(SampleFolder Folder, string Name, Physique Physique, int From, int To)
{
    /// <summary>Direction of the stored axes.</summary>
    public string Axes { get; init; } = "PIR";

    /// <summary>Voxel size (mm) along the stored axes.</summary>
    public Vector3d SpacingMm { get; init; } = new(1, 1, 1);

    public Margin Margin { get; init; } = Margin.Tight;
    public bool Oblique { get; init; }

    public NiftiDatatype Mask { get; init; } = NiftiDatatype.UInt8;
    public NiftiDatatype Ct { get; init; } = NiftiDatatype.Int16;
    public StoredAffine MaskAffine { get; init; } = StoredAffine.Sform;
    public StoredAffine CtAffine { get; init; } = StoredAffine.Sform;
    public bool BigEndianMask { get; init; }
    public bool Nifti2 { get; init; }

    /// <summary>Stored as .nii, not compressed.</summary>
    public bool Plain { get; init; }

    public bool NoCt { get; init; }
    public Scanner? Scanner { get; init; }

    /// <summary>A metal screw in the lowest vertebra: values above 3000 HU, and a shadow beside it below -1024.</summary>
    public bool Screw { get; init; }

    /// <summary>A single voxel of the lowest label far from its vertebra.</summary>
    public bool Island { get; init; }

    /// <summary>Two labels that the annotator exchanged, in mask and centroid file.</summary>
    public (int One, int Other)? Exchanged { get; init; }

    public CentroidForm Centroids { get; init; } = CentroidForm.Usual;

    /// <summary>The preview's name lacks the leading `sub-`.</summary>
    public bool PreviewWithoutPrefix { get; init; }

    /// <summary>A macOS resource fork lies beside the CT.</summary>
    public bool Litter { get; init; }

    public SampleFault Fault { get; init; }

    /// <summary>The BIDS subject with its `sub-`: the folder the files lie in.</summary>
    public string Subject => Name.Split('_')[0];

    /// <summary>The scan whose bytes this one repeats under another name; null for one of its own.</summary>
    public string? CopyOf { get; init; }

    /// <summary>What decides the noise.</summary>
    public string Content => CopyOf ?? Name;

    /// <summary>What decides the anatomy, together with <see cref="Physique"/>.</summary>
    public string Person => Content.Split('_')[0];

    /// <summary>`dataset/split/scan_id`.</summary>
    public string ScanKey => $"{Folder.Dataset}/{Folder.Split}/{Name}";
}

/// <summary>One of the six folders as people have them; <see cref="Path"/> may have a wrapper folder around it.</summary>
internal sealed record SampleFolder(string Path, string Dataset, string Split)
{
    public static SampleFolder Training19 { get; } = new("dataset-verse19training", Editions.Verse19, Splits.Training);
    public static SampleFolder Validation19 { get; } = new("dataset-verse19validation/dataset-verse19validation", Editions.Verse19, Splits.Validation);
    public static SampleFolder Test19 { get; } = new("dataset-verse19test", Editions.Verse19, Splits.Test);
    public static SampleFolder Training20 { get; } = new("dataset-01training", Editions.Verse20, Splits.Training);
    public static SampleFolder Validation20 { get; } = new("dataset-02validation", Editions.Verse20, Splits.Validation);
    public static SampleFolder Test20 { get; } = new("dataset-03test", Editions.Verse20, Splits.Test);

    public static IReadOnlyList<SampleFolder> All { get; } = [Training19, Validation19, Test19, Training20, Validation20, Test20];
}
