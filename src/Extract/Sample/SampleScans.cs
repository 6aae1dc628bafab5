using VerseEtl.Extract.Nifti;

namespace VerseEtl.Extract.Sample;

/// <summary>
/// The scans of the sample dataset. Names follow VerSe's patterns with numbers from 901 up, which no published scan has. A subject
/// with several series is one person seen several times.
/// </summary>
internal static class SampleScans
{
    private const int C1 = 1, C2 = 2, T1 = 8, T2 = 9, T3 = 10, T4 = 11, T5 = 12, T6 = 13, T8 = 15, T9 = 16, T10 = 17, T11 = 18, T12 = 19;
    private const int L1 = 20, L2 = 21, L3 = 22, L4 = 23, L5 = 24, L6 = 25;

    private static readonly Physique Tall = new(1.05, 165);
    private static readonly Physique Young = new(1.0, 215);
    private static readonly Physique Average = new(0.99, 140, Scoliosis: 0.25);
    private static readonly Physique Small = new(0.94, 120, Curvature: 1.15);
    private static readonly Physique Old = new(0.96, 70, Curvature: 1.3, Scoliosis: 0.4);
    private static readonly Physique Broken = Old with { Crushed = L1 };
    private static readonly Physique Thirteenth = new(0.98, 150, Numbering.WithT13);
    private static readonly Physique SixLumbar = new(1.0, 130, Numbering.WithL6);
    private static readonly Physique Eleven = new(1.02, 110, Numbering.WithoutT12);

    /// <summary>Sound scans: they give warnings, as genuine ones do, and no errors.</summary>
    public static IReadOnlyList<SampleScan> Sound { get; } =
    [
        new(SampleFolder.Training19, "sub-verse901", Tall, T9, L4)
            { SpacingMm = new(1, 1, 2), Oblique = true, Mask = NiftiDatatype.Float64, Scanner = Scanner.Siemens, Exchanged = (L1, L2) },
        new(SampleFolder.Training19, "sub-verse902", Small, T10, L3)
            { Axes = "LPS", SpacingMm = new(3, 1, 1), Mask = NiftiDatatype.Int16, CtAffine = StoredAffine.Qform, Scanner = Scanner.Philips },
        new(SampleFolder.Training19, "sub-verse903", Average, T12, L5) { NoCt = true, Scanner = Scanner.Philips },
        new(SampleFolder.Training19, "sub-verse904_split-verse905", Young, C1, T3)
            { Axes = "LPS", SpacingMm = new(0.6, 0.6, 1.25), Scanner = Scanner.GeneralElectric },
        new(SampleFolder.Training19, "sub-verse904_split-verse906", Young, T3, T11) { SpacingMm = new(0.9, 0.9, 1), Scanner = Scanner.GeneralElectric },
        new(SampleFolder.Training19, "sub-verse907", Old, T11, L3)
            { Axes = "LPS", SpacingMm = new(3, 1, 1), Plain = true, MaskAffine = StoredAffine.Both },

        new(SampleFolder.Validation19, "sub-verse910", Young, L1, L5) { Centroids = CentroidForm.OlderName, Scanner = Scanner.Philips },
        new(SampleFolder.Validation19, "sub-verse911", Tall, C1, T4) { Axes = "LAS", SpacingMm = new(0.8, 0.8, 1.25), Island = true },
        new(SampleFolder.Validation19, "sub-verse912", Old, T12, L5)
            { Axes = "RAS", SpacingMm = new(0.9, 0.9, 2), Centroids = CentroidForm.Missing, Scanner = Scanner.Toshiba },
        new(SampleFolder.Validation19, "sub-verse913_split-verse914", Average, T5, T12) { SpacingMm = new(0.9, 0.9, 1) },
        new(SampleFolder.Validation19, "sub-verse913_split-verse915", Average, L1, L5) { SpacingMm = new(0.9, 0.9, 1) },

        new(SampleFolder.Test19, "sub-verse920", Thirteenth, T11, L5) { Axes = "PSR", Scanner = Scanner.Siemens },
        new(SampleFolder.Test19, "sub-verse921", SixLumbar, T12, L6)
            { Axes = "LPS", SpacingMm = new(0.9, 0.9, 2), Centroids = CentroidForm.OtherDirection, Scanner = Scanner.SiemensDual },
        new(SampleFolder.Test19, "sub-verse922", Eleven, T9, L5) { Scanner = Scanner.PhilipsIct },

        new(SampleFolder.Training20, "sub-gl901_dir-ax", Average, L1, L3)
            { Axes = "LPS", SpacingMm = new(0.35, 0.35, 2), Mask = NiftiDatatype.Float64 },
        new(SampleFolder.Training20, "sub-gl902", Broken, T10, L2) { Axes = "LPS", SpacingMm = new(0.5, 0.5, 2) },
        new(SampleFolder.Training20, "sub-verse950_dir-iso", Tall, C1, L5) { SpacingMm = new(1.1, 1.1, 1.25), Scanner = Scanner.PhilipsIct, Litter = true },
        new(SampleFolder.Training20, "sub-verse951_dir-sag", Small, T8, L4)
            { SpacingMm = new(0.6, 0.6, 3), Centroids = CentroidForm.OneNotANumber, Scanner = Scanner.Philips },
        new(SampleFolder.Training20, "sub-verse951_dir-ax", Small, T11, L5)
            { Axes = "LPS", SpacingMm = new(1.2, 1.2, 2), Margin = Margin.Trunk, Scanner = Scanner.Philips },
        new(SampleFolder.Training20, "sub-verse952_dir-iso", Young, T2, T8)
            { Ct = NiftiDatatype.Float32, Margin = Margin.Wide, SpacingMm = new(1.2, 1.2, 1.2) },

        new(SampleFolder.Validation20, "sub-verse960_dir-ax", Old, T9, L2)
            { Axes = "LPS", SpacingMm = new(1, 1, 2), Ct = NiftiDatatype.UInt16, Margin = Margin.Wide, Scanner = Scanner.Toshiba },
        new(SampleFolder.Validation20, "sub-verse961_dir-iso", Average, T11, L4) { Screw = true, Scanner = Scanner.SiemensDual },
        new(SampleFolder.Validation20, "sub-verse962_dir-sag", Tall, T10, L3)
            { SpacingMm = new(0.8, 0.8, 3), BigEndianMask = true, Mask = NiftiDatatype.Int16, PreviewWithoutPrefix = true },
        new(SampleFolder.Validation20, "sub-gl961", SixLumbar, L1, L6) { Axes = "LPS", SpacingMm = new(0.7, 0.7, 2), Nifti2 = true },

        new(SampleFolder.Test20, "sub-verse970_dir-iso", Thirteenth, C2, L5)
            { SpacingMm = new(1.25, 1.25, 1.25), Mask = NiftiDatatype.Int16, Scanner = Scanner.Siemens },
        new(SampleFolder.Test20, "sub-verse971_dir-ax", Small, T6, L1)
            { Axes = "LAS", SpacingMm = new(0.9, 0.9, 1.25), Margin = Margin.Tight with { Below = -14 } },
        new(SampleFolder.Test20, "sub-gl971_dir-ax", Eleven, T1, T11) { Axes = "LPS", SpacingMm = new(0.9, 0.9, 2), Oblique = true },
        new(SampleFolder.Test20, "sub-verse972", Thirteenth, T11, L5) { CopyOf = "sub-verse920", Axes = "PSR", Scanner = Scanner.Siemens },
    ];

    /// <summary>Broken scans, one fault each, added on request.</summary>
    public static IReadOnlyList<SampleScan> Faulty { get; } =
    [
        new(SampleFolder.Training20, "sub-verse990_dir-iso", Average, L1, L3) { Fault = SampleFault.TruncatedCt },
        new(SampleFolder.Training20, "sub-verse991_dir-iso", Average, L1, L3) { Fault = SampleFault.TruncatedMask },
        new(SampleFolder.Validation20, "sub-verse992_dir-iso", Young, L2, L4) { Fault = SampleFault.EmptyMask },
        new(SampleFolder.Test20, "sub-verse993_dir-iso", Old, T12, L2) { Fault = SampleFault.MissingMask },
        new(SampleFolder.Test20, "sub-verse994_dir-sag", Tall, T12, L2) { SpacingMm = new(1, 1, 3), Fault = SampleFault.CtOfAnotherShape },
    ];
}
