using System.Text;
using System.Text.RegularExpressions;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>How it was told what a file of a dataset of one's own is.</summary>
internal enum OwnRule { Verse, Nnunet, Vertebra, Ending, Folder, Alone }

/// <summary>A file of a dataset of one's own: what it is to which scan, and by which rule that was told.</summary>
internal sealed record OwnFile(FoundFile File, ScanRole Role, BidsName Name, OwnRule Rule);

/// <summary>What the names of one file and of the folders above it say.</summary>
/// <param name="Role">Null where the other images of its scan have to tell.</param>
/// <param name="Context">The folders above that may tell scans of one stem apart.</param>
/// <param name="Stem">What the images of one scan have in common.</param>
/// <param name="Split">Null where no folder names one.</param>
internal sealed record OwnName(ScanRole? Role, string Context, string Stem, OwnRule Rule, string? Split)
{
    /// <summary>A name as VerSe gives them, which has no stem; null for any other.</summary>
    public BidsName? Verse { get; init; }
}

/// <summary>
/// Pairs images of a dataset of one's own by their names. The rules, first to last: VerSe's and BIDS' own names; nnU-Net's `imagesTr` and
/// `labelsTr`; one binary mask for each vertebra, as TotalSegmentator writes them; endings of masks (`_msk`, `_mask`, `_seg`, ...) and of CTs
/// (`_ct`, `_image`, ...); folders of masks and of CTs; an image that has no partner is a mask.
/// </summary>
internal static partial class OwnNames
{
    private static readonly string[] MaskEndings =
        ["msk", "mask", "masks", "seg", "segs", "segmentation", "dseg", "label", "labels", "labelmap", "gt", "vert", "vertebrae", "seg-vert"];

    private static readonly string[] CtEndings = ["ct", "image", "img", "volume", "vol", "0000"];

    private static readonly string[] MaskFolders =
        ["labels", "label", "masks", "mask", "msk", "seg", "segs", "segmentation", "segmentations", "gt", "derivatives"];

    private static readonly string[] CtFolders = ["images", "image", "img", "imgs", "ct", "cts", "scans", "volumes", "rawdata", "raw"];

    /// <summary>The name of a rule as it is told.</summary>
    public static string TextOf(OwnRule rule) => rule switch
    {
        OwnRule.Verse => "VerSe names",
        OwnRule.Nnunet => "nnU-Net folders",
        OwnRule.Vertebra => "one mask a vertebra",
        OwnRule.Ending => "endings",
        OwnRule.Folder => "folder names",
        _ => "images alone are masks",
    };

    /// <summary>What a file is by its own name and those of the folders above; null for one that is no part of a scan.</summary>
    /// <param name="besideVertebra">Whether its folder has a mask of a single vertebra.</param>
    public static OwnName? Of(FoundFile file, bool besideVertebra)
    {
        if (besideVertebra && Ending().IsMatch(file.Name) && PartOf(file, out bool other) is { } part) return other ? null : part;
        if (BidsName.TryParse(file.Name, out BidsName? name) && ScanRoles.Of(name) is { } role)
            return new OwnName(role, "", "", OwnRule.Verse, SplitOf(FoldersOf(file))) { Verse = name };
        return Parse(file);
    }

    /// <summary>The mask of a single vertebra, as TotalSegmentator names it.</summary>
    public static bool IsVertebra(string name) => VertebraFile().IsMatch(name);

    /// <summary>`imagesTr`, `labelsTs` and their like.</summary>
    public static bool IsNnunetFolder(string name) => NnunetFolder().IsMatch(name);

    /// <summary>A file beside masks of single vertebrae: one of them, something else that was segmented, or null for a CT or a label map.</summary>
    private static OwnName? PartOf(FoundFile file, out bool other)
    {
        other = LabelMap.LabelOf(StemOf(file.Name)) is null;
        string[] folders = FoldersOf(file), others = [.. folders.Where(folder => !IsOne(MaskFolders, folder) && !IsOne(CtFolders, folder))];
        if (others.Length == 0 || (other && IsOne(CtEndings, StemOf(file.Name)))) return null;
        return new OwnName(ScanRole.MaskPart, Context(others[..^1]), others[^1].ToLowerInvariant(), OwnRule.Vertebra, SplitOf(folders));
    }

    /// <summary>`.nii` or `.nii.gz`.</summary>
    public static bool IsImage(string name) => Ending().Match(name) is { Success: true } ending && !ending.Groups[1].Success;

    /// <summary>A file's name without `.nii` or `.nii.gz`.</summary>
    public static string StemOf(string name) => Ending().Match(name) is { Success: true } ending ? name[..ending.Index] : name;

    private static string[] FoldersOf(FoundFile file) => file.Relative.Split('/')[..^1];

    private static string? SplitOf(string[] folders) => FolderNames.SplitOf(folders);

    private static OwnName? Parse(FoundFile file)
    {
        Match known = Ending().Match(file.Name);
        if (!known.Success) return null;
        bool json = known.Groups[1].Success;
        List<string> words = [.. file.Name[..known.Index].Split('_')];
        string[] folders = FoldersOf(file);
        Match? nnunet = folders.Select(folder => NnunetFolder().Match(folder)).FirstOrDefault(match => match.Success);
        if (nnunet is not null)
        {
            bool image = nnunet.Groups[1].Value.StartsWith('i') || nnunet.Groups[1].Value.StartsWith('I');
            if (json) return null;
            // channels above the first are other images of the same patient
            if (image && words.Count > 1 && Channel().IsMatch(words[^1]) && words[^1] != "0000") return null;
            if (image && words.Count > 1 && words[^1] == "0000") words.RemoveAt(words.Count - 1);
            string set = nnunet.Groups[2].Value.ToLowerInvariant();
            string split = set == "tr" ? Splits.Training : set == "ts" ? Splits.Test : Splits.Validation;
            return new OwnName(image ? ScanRole.Ct : ScanRole.Mask, Context(folders), string.Join('_', words).ToLowerInvariant(), OwnRule.Nnunet, split);
        }
        ScanRole? role = null;
        if (json)
        {
            words.RemoveAt(words.Count - 1);
            role = ScanRole.Centroids;
            while (words.Count > 0 && words[^1] is "seg-subreg" or "seg-vb" or "seg-vert") words.RemoveAt(words.Count - 1);
        }
        else
        {
            while (words.Count > 0 && (IsOne(MaskEndings, words[^1]) || IsOne(CtEndings, words[^1])))
            {
                if (IsOne(MaskEndings, words[^1])) role = ScanRole.Mask;
                else role ??= ScanRole.Ct;
                words.RemoveAt(words.Count - 1);
            }
        }
        OwnRule rule = OwnRule.Ending;
        if (role is null)
        {
            string? told = folders.LastOrDefault(folder => IsOne(MaskFolders, folder) || IsOne(CtFolders, folder));
            rule = told is null ? OwnRule.Ending : OwnRule.Folder;
            role = told is null ? null : IsOne(MaskFolders, told) ? ScanRole.Mask : ScanRole.Ct;
        }
        // `case7/ct.nii.gz` is named by its folder
        string[] others = [.. folders.Where(folder => !IsOne(MaskFolders, folder) && !IsOne(CtFolders, folder))];
        if (words.Count == 0 && others.Length == 0) return null;
        string stem = words.Count > 0 ? string.Join('_', words) : others[^1];
        return new OwnName(role, Context(words.Count > 0 ? others : others[..^1]), stem.ToLowerInvariant(), rule, SplitOf(folders));
    }

    private static string Context(string[] folders) =>
        string.Join('-', folders.Where(folder => !NnunetFolder().IsMatch(folder) && FolderNames.SplitOf([folder]) is null)).ToLowerInvariant();

    private static bool IsOne(string[] words, string word) => words.Contains(word, StringComparer.OrdinalIgnoreCase);

    /// <summary>Letters, digits, dot, dash and underscore; anything else becomes a dash.</summary>
    public static string Safe(string stem)
    {
        StringBuilder safe = new(stem.Length);
        foreach (char c in stem) safe.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-');
        return safe.ToString().TrimStart('.', '-') is { Length: > 0 } text ? text : "x";
    }

    [GeneratedRegex(@"\.nii(?:\.gz)?\z|(?<=[-_]ctd)(\.json)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Ending();

    [GeneratedRegex(@"^(images|labels)(tr|ts|va|val)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NnunetFolder();

    [GeneratedRegex(@"^vertebrae_(?:[CTL][0-9]{1,2}|S1)\.nii(?:\.gz)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex VertebraFile();

    [GeneratedRegex(@"^[0-9]{4}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Channel();
}
