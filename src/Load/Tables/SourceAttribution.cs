
namespace VerseEtl.Load.Tables;

/// <summary>Whose data the tables were derived from: written into every file, the manifest and LICENSE-DATA.</summary>
public sealed record SourceAttribution(string Title, string Source, string Licence, string LicenceUrl, IReadOnlyList<string> Citations)
{
    /// <summary>VerSe 2019 and 2020; its licence asks that adapted material carries the same licence, the citations and what was changed.</summary>
    public static SourceAttribution Verse { get; } = new(
        "VerSe: Large Scale Vertebrae Segmentation Challenge, 2019 and 2020",
        "https://github.com/anjany/verse",
        "CC BY-SA 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
        [
            "Sekuboyina A. et al. VerSe: A Vertebrae Labelling and Segmentation Benchmark for Multi-detector CT Images. "
                + "Medical Image Analysis 73 (2021) 102166. https://doi.org/10.1016/j.media.2021.102166",
            "Loeffler M. et al. A Vertebral Segmentation Dataset with Fracture Grading. "
                + "Radiology: Artificial Intelligence 2(4) (2020) e190138. https://doi.org/10.1148/ryai.2020190138",
            "Liebl H. and Schinz D. et al. A Computed Tomography Vertebral Segmentation Dataset with Anatomical Variations and Multi-Vendor "
                + "Scanner Data. arXiv:2103.06360 (2021). https://arxiv.org/abs/2103.06360",
        ]);

    /// <summary>What was done to the source, as the licence asks.</summary>
    public const string Changes =
        "Derived features computed by VerseEtl from the images and masks: counts, geometry and Hounsfield statistics per vertebra; no voxel is included.";

    public const string NoEndorsement = "The authors of the source data neither endorse this work nor are connected with it.";
}
