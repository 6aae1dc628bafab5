using System.Runtime.Versioning;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Measuring;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Scans;

/// <summary>What one mask holds, for somebody whom a file puzzles: header, geometry, labels and everything that was noticed.</summary>
[SupportedOSPlatform("linux")]
public sealed record MaskInspection
{
    /// <summary>Size of the file as stored; null if it could not be opened.</summary>
    public long? StoredBytes { get; private init; }

    /// <summary>Of the file as stored, lower-case hex; null if it could not be opened.</summary>
    public string? Sha256 { get; private init; }

    /// <summary>Null if it cannot be trusted.</summary>
    public NiftiHeader? Header { get; private init; }

    /// <summary>A row per label in anatomical order, of one pass over the mask, without annotation and CT; empty if the voxels cannot be trusted.</summary>
    public IReadOnlyList<VertebraRow> Vertebrae { get; private init; } = [];

    /// <summary>Labels outside 1..28 with their voxel counts.</summary>
    public IReadOnlyDictionary<int, long> UnknownLabels { get; private init; } = new Dictionary<int, long>();

    /// <summary>As the run would publish them; an error says why something is missing above.</summary>
    public IReadOnlyList<Finding> Findings { get; private init; } = [];

    /// <param name="path">Of a regular file, links resolved.</param>
    /// <exception cref="IOException">The storage failed or the file changed meanwhile.</exception>
    public static MaskInspection Read(string path, ReadingLimits? limits = null, CancellationToken token = default)
    {
        limits ??= new ReadingLimits();
        path = Path.GetFullPath(path);
        SourcePath source = new(Path.GetDirectoryName(path) ?? "/", Path.GetFileName(path));
        MaskInspection seen = new();
        List<FileNote> notes = [];
        try
        {
            using VolumeInput input = VolumeInput.Open(source, limits);
            try
            {
                VolumeFile file = VolumeFile.Open(input.Content, limits);
                seen = seen with { Header = file.Header };
                seen = Measure(file, seen, source, token);
                notes.AddRange(file.Notes);
            }
            catch (BadFileException bad)
            {
                notes.AddRange([.. seen.Header?.Notes ?? [], FileNote.Of(bad)]);
            }
            seen = seen with { StoredBytes = input.StoredBytes, Sha256 = input.FinishSha256(token) };
        }
        catch (BadFileException bad)
        {
            notes.Add(FileNote.Of(bad));
        }
        if (MaskPass.UnknownLabels(seen.UnknownLabels) is FileNote unknown) notes.Add(unknown);
        List<Finding> findings = [.. notes.Select(note => Finding.Of(note.Fault, new(Path: source.Relative, Field: note.Field),
            note.Observed, note.Expected, note.Severity))];
        findings.Sort(Finding.CompareByKey);
        return seen with { Findings = findings };
    }

    /// <summary>The same with what else was noticed.</summary>
    public MaskInspection With(IReadOnlyList<Finding> findings)
    {
        List<Finding> all = [.. Findings, .. findings];
        all.Sort(Finding.CompareByKey);
        return this with { Findings = all };
    }

    private static MaskInspection Measure(VolumeFile file, MaskInspection seen, SourcePath path, CancellationToken token)
    {
        using MaskPass pass = new(file, labels: null, parts: null, token);
        SpineMeasurement measurement = pass.Measure(new Dictionary<int, Vector3d>());
        ScanKey key = new("file", "file", path.Relative);
        return seen with { Vertebrae = new SpineRows(new ScanIdentity(key, "", ""), measurement).Vertebrae(), UnknownLabels = measurement.UnknownLabels };
    }
}
