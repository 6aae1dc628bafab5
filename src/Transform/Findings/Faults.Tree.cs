namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Tree = new("tree");

    public static readonly Fault TreeNoCt = Tree.Declare("TREE_NO_CT", Severity.Warning,
        "there is no CT; Hounsfield columns are null", "fetch the CT if you need them");

    public static readonly Fault TreeNoMask = Tree.Declare("TREE_NO_MASK", Severity.Error,
        "there is no mask; the scan has no vertebra rows", "fetch the mask");

    public static readonly Fault TreeMultiMask = Tree.Declare("TREE_MULTI_MASK", Severity.Error,
        "there is more than one candidate for a scan's file; none was picked", "leave one of them");

    public static readonly Fault TreeCandidates = Tree.Declare("TREE_CANDIDATES", Severity.Warning,
        "other files claim to be the same file of a scan; the one with the published name was taken",
        "nothing needs doing if it is the right one; else give that name to the right one");

    public static readonly Fault TreeExcluded = Tree.Declare("TREE_EXCLUDED", Severity.Info,
        "the scan is left out by source.exclude", "nothing needs doing; take the entry out to read it again");

    public static readonly Fault TreeExcludeExpired = Tree.Declare("TREE_EXCLUDE_EXPIRED", Severity.Warning,
        "an entry of source.exclude has expired; its scans are read again", "remove the entry, or give it a later day");

    public static readonly Fault TreeExcludeUnused = Tree.Declare("TREE_EXCLUDE_UNUSED", Severity.Warning,
        "an entry of source.exclude matches no scan", "correct the pattern, or remove the entry");

    public static readonly Fault TreeOrphan = Tree.Declare("TREE_ORPHAN", Severity.Warning,
        "a file has neither CT nor mask beside it", "fetch the scan it belongs to, or move it out of the source");

    public static readonly Fault TreeDupContent = Tree.Declare("TREE_DUP_SCAN", Severity.Info,
        "the same mask content is found in another scan", "count it once, see duplicate_of");

    public static readonly Fault TreeDupScan = Tree.Declare("TREE_DUP_SCAN", Severity.Error,
        "one scan id stands twice in a split with different files; none was picked", "leave one of them");

    public static readonly Fault TreeSplitLeak = Tree.Declare("TREE_SPLIT_LEAK", Severity.Warning,
        "one subject or mask is in two splits", "keep it out of one when you train");

    public static readonly Fault TreeFolderMissing = Tree.Declare("TREE_FOLDER_MISSING", Severity.Error,
        "a folder is missing or empty", "check the mount and the path");

    public static readonly Fault TreeFolderAbsent = Tree.Declare("TREE_FOLDER_MISSING", Severity.Warning,
        "one of the six VerSe folders is not there", "fetch it if you need it");

    public static readonly Fault TreeSymlink = Tree.Declare("TREE_SYMLINK", Severity.Warning,
        "a symbolic link was not followed", "set follow_links or copy the target");

    public static readonly Fault TreeLoop = Tree.Declare("TREE_LOOP", Severity.Warning,
        "a symbolic link leads back to a folder above it; it was not followed twice", "nothing needs doing");

    public static readonly Fault TreeOrphanLink = Tree.Declare("TREE_ORPHAN_LINK", Severity.Warning,
        "a symbolic link points nowhere", "fetch its target, or mount where it lies");

    public static readonly Fault TreeEscape = Tree.Declare("TREE_ESCAPE", Severity.Error,
        "a path leads outside the source or an id has forbidden characters", "rename the file");

    public static readonly Fault TreeNotRegular = Tree.Declare("TREE_NOT_REGULAR", Severity.Warning,
        "not a regular file; it was not opened", "put the image itself there, or move it out of the source");

    public static readonly Fault TreeUnreadable = Tree.Declare("TREE_UNREADABLE", Severity.Error,
        "permission denied", "grant read access");

    public static readonly Fault TreeUnseen = Tree.Declare("TREE_UNREADABLE", Severity.Error,
        "a place in the tree cannot be looked at; it was left out", "check the disk or the share, then run again");

    public static readonly Fault TreeNameEncoding = Tree.Declare("TREE_NAME_ENCODING", Severity.Error,
        "a file name is not UTF-8 or differs from another only in form", "rename it");

    public static readonly Fault TreeNameCase = Tree.Declare("TREE_NAME_CASE", Severity.Info,
        "a file name ends in capitals", "nothing needs doing");

    public static readonly Fault TreePartial = Tree.Declare("TREE_PARTIAL", Severity.Info,
        "litter was ignored", "nothing needs doing");

    public static readonly Fault TreeZip = Tree.Declare("TREE_ZIP", Severity.Warning,
        "a zip archive was not read", "unpack it");

    public static readonly Fault TreeLimit = Tree.Declare("TREE_LIMIT", Severity.Error,
        "a place in the tree is larger or deeper than the limits; it was left out", "move it out of the source, or raise max_depth or max_entries");

    public static readonly Fault TreeEmptyFile = Tree.Declare("TREE_EMPTY_FILE", Severity.Info,
        "a file has 0 bytes", "copy it again");

    public static readonly Fault TreeFutureMtime = Tree.Declare("TREE_FUTURE_MTIME", Severity.Info,
        "a file's modification time is in the future", "check the clock");

    public static readonly Fault TreeFlatLayout = Tree.Declare("TREE_FLAT_LAYOUT", Severity.Warning,
        "files in the older flat MICCAI layout were not read", "fetch the subject-based release, or read them as data of your own with --dataset");

    public static readonly Fault TreeUnstable = Tree.Declare("TREE_UNSTABLE", Severity.Error,
        "a file kept changing while it was read", "run again when the copy is complete");

    public static readonly Fault SrcUnavailable = Tree.Declare("SRC_UNAVAILABLE", Severity.Error,
        "a file could not be read after several tries", "check the disk or the share, then run again");

    public static readonly Fault TreeFolderUnknown = Tree.Declare("TREE_FOLDER_UNKNOWN", Severity.Warning,
        "a folder holds scans or images and was not read: it is none of VerSe's, and edition and split are in doubt",
        "name it in source.folders, with every other folder that is to be read, or pass --dataset");

    public static readonly Fault TreeFolderGuessed = Tree.Declare("TREE_FOLDER_GUESSED", Severity.Warning,
        "a folder that is none of VerSe's was read as what its name says", "name the folders in source.folders to say it yourself");

    public static readonly Fault TreePassedOver = Tree.Declare("TREE_PASSED_OVER", Severity.Warning,
        "image files or archives were not read", "rename, convert or unpack what is meant to be read; nothing needs doing for the rest");

    public static readonly Fault TreeLabelsUnknown = Tree.Declare("TREE_LABELS_UNKNOWN", Severity.Error,
        "masks whose labels may not be VerSe's were not read", "say in source.labels what they mean, or pass --labels verse if they are VerSe's");

    public static readonly Fault TreeAnnexLink = Tree.Declare("TREE_ORPHAN_LINK", Severity.Warning,
        "a file of git-annex or DataLad is not here, only the link to it", "run datalad get or git annex get");
}
