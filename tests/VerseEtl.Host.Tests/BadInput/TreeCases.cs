using System.Runtime.InteropServices;
using System.Text;
using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;
using static VerseEtl.Host.Tests.BadInput.TwoScans;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>Files that are missing, doubled, misplaced, or no files at all.</summary>
internal static class TreeCases
{
    private const int ChangeTries = 1000;

    private static readonly FolderSpec Training = new(Folder, "verse19", "training"), Test = new("dataset-verse19test", "verse19", "test");

    public static IEnumerable<FaultCase> All =>
    [
        new("no CT", Faults.TreeNoCt, scans => scans.Delete(Ct)),
        new("no mask", Faults.TreeNoMask, scans => scans.Delete(Mask)),
        new("a mask of something else only", Faults.TreeNoMask, scans => scans.Move(Mask, Mask.Replace("seg-vert", "seg-lung", StringComparison.Ordinal))),
        new("two masks", Faults.TreeCandidates, scans => scans.Copy(Mask, Mask.Replace("_seg-vert", "", StringComparison.Ordinal))),
        new("two CTs", Faults.TreeCandidates, scans => scans.Copy(Ct, Ct[..^3])),
        new("two masks, none named as published", Faults.TreeMultiMask, scans =>
        {
            scans.Copy(Mask, Mask.Replace("_seg-vert", "_seg-vert_desc-first", StringComparison.Ordinal));
            scans.Move(Mask, Mask.Replace("_seg-vert", "_seg-vert_desc-second", StringComparison.Ordinal));
        }),
        new("centroid file alone", Faults.TreeOrphan, scans => scans.Copy(Centroids, Centroids.Replace(Broken, "sub-verse003", StringComparison.Ordinal))),
        new("scan twice by case", Faults.TreeDupScan, scans => scans.Copy(Mask, Mask.Replace(Broken, "sub-VERSE002", StringComparison.Ordinal))),
        new("subject in two splits", Faults.TreeSplitLeak, scans => scans.Copy(Mask, Mask.Replace(Folder, Test.Path, StringComparison.Ordinal)))
        {
            With = FaultCase.Folders(Training, Test),
        },
        new("folder named and not there", Faults.TreeFolderMissing, _ => { }) { With = FaultCase.Folders(Training, Test) },
        new("folder named and empty", Faults.TreeFolderMissing, scans => Directory.CreateDirectory(scans.Full(Test.Path)))
        {
            With = FaultCase.Folders(Training, Test),
        },
        new("folder named and not there, accepted", Faults.TreeFolderMissing, _ => { })
        {
            With = FaultCase.Folders(Training, Test),
            Options = new() { AcceptShrink = true },
        },
        new("five of the six folders not there", Faults.TreeFolderAbsent, _ => { }) { With = FaultCase.Folders() },
        new("mask is a link", Faults.TreeSymlink, scans => scans.Link(Mask + ".target", Mask)),
        new("folder links to itself", Faults.TreeLoop, scans => File.CreateSymbolicLink(scans.Full($"{Folder}/rawdata/again"), scans.Full(Folder)))
        {
            With = FaultCase.Tree(new TreeOptions { FollowLinks = true }),
        },
        new("link to nowhere", Faults.TreeOrphanLink, scans => File.CreateSymbolicLink(scans.Full($"{Folder}/rawdata/gone_ct.nii.gz"), "nowhere")),
        new("link of git-annex to what is not here", Faults.TreeAnnexLink, scans =>
            File.CreateSymbolicLink(scans.Full($"{Folder}/rawdata/sub-verse009_ct.nii.gz"), "../../.git/annex/objects/aa/MD5E--0.nii.gz")),
        new("link out of the source", Faults.TreeEscape, scans =>
            File.CreateSymbolicLink(scans.Full($"{Folder}/rawdata/sub-verse009_ct.nii.gz"), "/etc/hostname"))
        {
            With = FaultCase.Tree(new TreeOptions { FollowLinks = true }),
        },
        new("name with forbidden characters", Faults.TreeEscape, scans => scans.Copy(Ct, $"{Folder}/rawdata/sub-ver se%2e%2e_ct.nii.gz")),
        new("pipe in place of a mask", Faults.TreeNotRegular, scans =>
        {
            scans.Delete(Mask);
            Assert.Equal(0, mkfifo(Encoding.UTF8.GetBytes(scans.Full(Mask) + '\0'), 0x180));
        }),
        new("name that is not UTF-8", Faults.TreeNameEncoding, scans =>
            Assert.Equal(0, mknod([.. Encoding.UTF8.GetBytes(scans.Full(Folder) + "/sub-verse"), 0xe9, .. "_ct.nii.gz\0"u8], 0x8000 | 0x180, 0))),
        new("name in capitals", Faults.TreeNameCase, scans => scans.Move(Mask, Mask.Replace(".nii.gz", ".NII.GZ", StringComparison.Ordinal))),
        new("litter", Faults.TreePartial, scans => scans.Write($"{Folder}/rawdata/.DS_Store", "x")),
        new("a zip archive", Faults.TreeZip, scans => scans.Write($"{Folder}/dataset-verse19training.zip", "PK")),
        new("too many files in a folder", Faults.TreeLimit, scans =>
        {
            for (int file = 0; file < 6; file++) scans.Write($"{Folder}/rawdata/many/{file}", "x");
        }) { With = FaultCase.Tree(new TreeOptions { MaxEntries = 5 }) },
        new("too many levels", Faults.TreeLimit, scans => Directory.CreateDirectory(scans.Full(Folder + string.Concat(Enumerable.Repeat("/a", 15))))),
        new("a path too long", Faults.TreeLimit, scans =>
            Directory.CreateDirectory(scans.Full(Folder + string.Concat(Enumerable.Repeat("/" + new string('a', 250), 5))))),
        new("preview of 0 bytes", Faults.TreeEmptyFile, scans => scans.Write(Mask.Replace("msk.nii.gz", "snp.png", StringComparison.Ordinal), [])),
        new("mask from the future", Faults.TreeFutureMtime, scans =>
            File.SetLastWriteTimeUtc(scans.Full(Mask), new DateTime(2150, 1, 1, 0, 0, 0, DateTimeKind.Utc))),
        new("scans in a folder that says nothing", Faults.TreeFolderUnknown, scans => scans.Copy(Ct, "mine/rawdata/sub-a1_ct.nii.gz"))
        {
            With = FaultCase.Folders(),
        },
        new("scans in a folder named like a split", Faults.TreeFolderGuessed, scans =>
            scans.Copy(Ct, "VerSe20/03test/rawdata/sub-verse701/sub-verse701_ct.nii.gz")) { With = FaultCase.Folders() },
        new("a mask under another name", Faults.TreePassedOver, scans => scans.Copy(Mask, Mask.Replace("_msk", "_msk (1)", StringComparison.Ordinal))),
        new("a mask in another format", Faults.TreePassedOver, scans => scans.Write(Mask.Replace(".nii.gz", ".mha", StringComparison.Ordinal), "x")),
        new("a scan that is left out on purpose", Faults.TreeExcluded, _ => { })
        {
            With = FaultCase.Tree(new TreeOptions { Exclude = [new(Broken, "levels are one off") { By = "A. Reader", Until = new DateOnly(2100, 1, 1) }] }),
        },
        new("an exclusion that has expired", Faults.TreeExcludeExpired, _ => { })
        {
            With = FaultCase.Tree(new TreeOptions { Exclude = [new(Broken, "levels are one off") { Until = new DateOnly(2099, 12, 31) }] }),
        },
        new("an exclusion of nothing", Faults.TreeExcludeUnused, _ => { }) { With = FaultCase.Tree(new TreeOptions { Exclude = [new("sub-none*", "gone")] }) },
        new("files of the flat layout", Faults.TreeFlatLayout, scans => scans.Copy(Ct, $"{Folder}/verse007.nii.gz")),
        new("mask changes while it is read", Faults.TreeUnstable, _ => { }) { Measure = WhileTouched },
        new("storage fails", Faults.SrcUnavailable, _ => { })
        {
            Measure = (files, limits, token) => IsBroken(files)
                ? throw new IOException($"Input/output error : '{files.Mask!.Full}'")
                : new ScanMeasuring().Measure(files, limits, token),
        },
    ];

    public static bool IsBroken(ScanFiles files) => files.Key.ScanId == Broken;

    /// <summary>Reads for real while another thread keeps touching the mask, until a reading was long enough to be touched.</summary>
    private static ScanResult WhileTouched(ScanFiles files, ReadingLimits limits, CancellationToken token)
    {
        if (!IsBroken(files)) return new ScanMeasuring().Measure(files, limits, token);
        using CancellationTokenSource stop = new();
        Thread toucher = new(() =>
        {
            DateTime time = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            while (!stop.IsCancellationRequested) File.SetLastWriteTimeUtc(files.Mask!.Full, time = time.AddSeconds(1));
        });
        toucher.Start();
        try
        {
            for (int tries = 0; tries < ChangeTries; tries++) new ScanMeasuring().Measure(files, limits, token);
            throw new InvalidOperationException("No change was noticed.");
        }
        finally
        {
            stop.Cancel();
            toucher.Join();
        }
    }

    [DllImport("libc")]
    private static extern int mkfifo(byte[] path, uint mode);

    [DllImport("libc")]
    private static extern int mknod(byte[] path, uint mode, ulong device);
}
