using System.Runtime.Versioning;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Tree;

/// <summary>Makes scans of what a walk found, one after the other in key order, and notes what belongs to none.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Pairing(SourceRoot root, TreeOptions options, IWorkspace workspace, OwnScans? own, List<Finding> findings)
{
    private readonly SortedDictionary<string, (int Count, string First)> _flat = new(StringComparer.Ordinal);
    private readonly PassedOver _passed = new();
    private readonly Exclusions _exclusions = new(options);

    /// <summary>Scans that are read.</summary>
    public ListedScans Read { get; } = new(root, workspace);

    /// <summary>Scans that are left out on purpose.</summary>
    public ExcludedScans Excluded { get; } = new(root, workspace);

    /// <summary>The folders of all scans, with their number.</summary>
    public Dictionary<FolderSpec, int> Folders { get; } = [];

    public void Pair(FilesByScan files, CancellationToken token)
    {
        using SplitLeaks leaks = new(workspace);
        ScanCandidates? candidates = null;
        foreach ((ScanKey? key, FoundFile file, OwnFile? mine) in files.InOrder())
        {
            token.ThrowIfCancellationRequested();
            if (mine is null && own?.Leaves(file) == true) continue;
            if (key is null)
            {
                NoteOther(file);
                continue;
            }
            BidsName? name = mine?.Name;
            ScanRole role = mine?.Role ?? FilesByScan.RoleOf(file, out name)!.Value;
            if (mine is null && role == ScanRole.OtherMask) _passed.Note(file, "segmentation");
            if (candidates?.Key != key)
            {
                Finish(candidates, leaks);
                candidates = new ScanCandidates(key);
            }
            candidates.Add(role, name!, file, mine is null ? null : own!.LabelsOf(mine));
        }
        Finish(candidates, leaks);
        foreach ((string where, (int count, string first)) in _flat)
            findings.Add(Finding.Of(Faults.TreeFlatLayout, new(Path: where, Field: "files"),
                Invariant($"{count}, such as {first}"), "sub-<id>_ct.nii.gz"));
        findings.AddRange(_passed.Findings());
        findings.AddRange(_exclusions.Findings());
        findings.AddRange(leaks.Findings(Read));
    }

    private void Finish(ScanCandidates? candidates, SplitLeaks leaks)
    {
        if (candidates is null) return;
        if (!candidates.IsScan)
        {
            findings.AddRange(candidates.Orphans());
            return;
        }
        ScanFiles scan = candidates.ToScan(root, options);
        Folders[candidates.Folder] = Folders.GetValueOrDefault(candidates.Folder) + 1;
        if (_exclusions.Of(scan.Key) is Exclusion why)
        {
            Excluded.Add(scan, why);
            return;
        }
        leaks.Add(scan, Read.Count);
        Read.Add(scan);
    }

    private void NoteOther(FoundFile file)
    {
        string where = file.Folder?.Path ?? ".";
        if (file.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) findings.Add(Finding.Of(Faults.TreeZip, new(Path: file.Relative)));
        else if (ScanRoles.IsFlat(file.Name) && !UnknownFolders.IsOtherImage(file))
            _flat[where] = _flat.TryGetValue(where, out (int Count, string First) seen) ? (seen.Count + 1, seen.First) : (1, file.Name);
        else if (file.Folder is null)
        {
            if (!IsOfScan(file) && !UnknownFolders.IsOtherImage(file)) _passed.Note(file);
        }
        else if (!BidsName.TryParse(file.Name, out _) && ScanRoles.MeansToBeOne(file.Name) && !ScanRoles.IsDerivative(file.Name)) findings.Add(Misnamed(file));
        else _passed.Note(file);
    }

    private static bool IsOfScan(FoundFile file) => BidsName.TryParse(file.Name, out BidsName? name) && ScanRoles.Of(name) is not null;

    private static Finding Misnamed(FoundFile file) =>
        Finding.Of(Faults.TreeEscape, new(Path: file.Relative, Field: "name"), expected: "ids of 1 to 64 letters and digits");
}
