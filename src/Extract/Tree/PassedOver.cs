using System.Text.RegularExpressions;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>Image files and archives that were seen and not read, counted and named folder by folder.</summary>
internal sealed partial class PassedOver
{
    private const int MostNamed = 8;

    private readonly SortedDictionary<(string Where, string Why), Files> _files = [];

    /// <summary>Notes a file if it looks like an image: by its ending, or by one that stands before a last one as in `.nii.gz.bak`.</summary>
    /// <returns>False for a file that is no image.</returns>
    public bool Note(FoundFile file)
    {
        string? why = Image().IsMatch(file.Name) ? "name" : OtherFormat().IsMatch(file.Name) ? "format" : Archive().IsMatch(file.Name) ? "archive" : null;
        if (why is null) return false;
        Note(file, why);
        return true;
    }

    /// <summary>Notes a file of another kind.</summary>
    public void Note(FoundFile file, string why)
    {
        (string, string) key = (file.Folder?.Path ?? ".", why);
        if (!_files.TryGetValue(key, out Files? files)) _files[key] = files = new Files();
        files.Add(file.Relative);
    }

    /// <summary>One finding for each folder and reason: how many, and the first of them by path.</summary>
    public IEnumerable<Finding> Findings() =>
        from folder in _files
        let names = folder.Value.First
        let rest = folder.Value.Count > MostNamed ? Invariant($", and {folder.Value.Count - MostNamed} more") : ""
        select Finding.Of(Faults.TreePassedOver, new(Path: folder.Key.Where, Field: folder.Key.Why),
            Invariant($"{folder.Value.Count}: {string.Join(", ", names)}{rest}"), Expected(folder.Key.Why));

    private static string Expected(string why) => why switch
    {
        "format" => ".nii.gz or .nii",
        "archive" => "unpacked files",
        "segmentation" => "seg-vert or no seg-",
        _ => "sub-<id>_ct.nii.gz or sub-<id>_seg-vert_msk.nii.gz",
    };

    /// <summary>How many there are, and the first by path.</summary>
    private sealed class Files
    {
        private readonly SortedSet<string> _first = new(StringComparer.Ordinal);

        public int Count { get; private set; }

        /// <summary>Names.</summary>
        public IEnumerable<string> First => _first.Select(path => path[(path.LastIndexOf('/') + 1)..]);

        public void Add(string path)
        {
            Count++;
            if (_first.Count == MostNamed && string.CompareOrdinal(path, _first.Max) > 0) return;
            _first.Add(path);
            if (_first.Count > MostNamed) _first.Remove(_first.Max!);
        }
    }

    [GeneratedRegex(@"\.nii(\.gz)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Image();

    [GeneratedRegex(@"\.nii(\.gz)?[^/a-z]|\.nii(\.gz)?\.[a-z0-9~]+$|\.(mha|mhd|nrrd|nhdr|mgz|mgh|mnc|img|hdr|gipl|dcm|h5|npy|npz)(\.gz|\.bz2|\.xz)?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OtherFormat();

    [GeneratedRegex(@"\.(tar|tgz|tbz2|txz|7z|rar|zst)$|\.tar\.[a-z0-9]+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Archive();
}
