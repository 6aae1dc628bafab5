using System.Text.RegularExpressions;

namespace VerseEtl.Extract.Tree;

/// <summary>What a file is to its scan.</summary>
internal enum ScanRole { Ct, Mask, Centroids, Sidecar, Preview, OtherMask, MaskPart, Subregions }

/// <summary>Reads a role off a file name.</summary>
internal static partial class ScanRoles
{
    /// <summary>
    /// Null for files that are no part of a scan. A mask whose `seg-` is not `vert` segments something else than vertebrae: their sub-regions, where it
    /// is `subreg` or, as SPINEPS writes it, `spine`.
    /// </summary>
    public static ScanRole? Of(BidsName name)
    {
        bool image = name.Extension.StartsWith(".nii", StringComparison.OrdinalIgnoreCase);
        bool json = name.Extension.Equals(".json", StringComparison.OrdinalIgnoreCase);
        bool picture = name.Extension.Equals(".png", StringComparison.OrdinalIgnoreCase);
        return name.Suffix.ToLowerInvariant() switch
        {
            "ct" when image => ScanRole.Ct,
            "ct" when json => ScanRole.Sidecar,
            "msk" when image => name["seg"] switch
            {
                null or "vert" => ScanRole.Mask,
                "subreg" or "spine" => ScanRole.Subregions,
                _ => ScanRole.OtherMask,
            },
            "ctd" when json => ScanRole.Centroids,
            "snp" when picture => ScanRole.Preview,
            _ => null,
        };
    }

    /// <summary>A name that means to be part of a scan but breaks the rules for ids.</summary>
    public static bool MeansToBeOne(string fileName) => Intended().IsMatch(fileName);

    /// <summary>A mask of a subject under a name that is not VerSe's, `sub-verse018_seg-vert-raw_msk.nii.gz`: somebody's work, not a broken id.</summary>
    public static bool IsDerivative(string fileName) => Derivative().IsMatch(fileName);

    /// <summary>A name of the older flat MICCAI layout: `verse014.nii.gz`, `verse512_CT-iso.nii.gz`, `verse014_ctd.json`.</summary>
    public static bool IsFlat(string fileName) => !fileName.StartsWith("sub-", StringComparison.OrdinalIgnoreCase) && Flat().IsMatch(fileName);

    [GeneratedRegex(@"^sub-.*_(ct\.(nii|nii\.gz|json)|msk\.(nii|nii\.gz)|ctd\.json|snp\.png)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Intended();

    [GeneratedRegex(@"^sub-[a-z0-9]{1,64}_.*msk\.nii(\.gz)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Derivative();

    [GeneratedRegex(@"^(verse|gl)[0-9]{3}([-_].*)?(\.nii|\.nii\.gz|[-_]ctd\.json)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Flat();
}
