using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>
/// A mask in several files, one for each vertebra: their runs as those of one label map, in stored order. A voxel that several of them hold
/// goes to the one whose run begins first.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PartedMask : IDisposable
{
    private const int RunsAtOnce = 256;

    private readonly List<Part> _parts = [];
    private int _row = -1, _slice = -1, _end;
    private long _overlap;

    /// <param name="first">The first part, opened already; it stays the caller's.</param>
    /// <exception cref="BadFileException">A part cannot be read, or lies on another grid than the first.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public PartedMask(VolumeFile first, IReadOnlyList<MaskPart> parts, ReadingLimits limits)
    {
        try
        {
            foreach (MaskPart part in parts)
            {
                VolumeInput? input = null;
                VolumeFile file = first;
                if (_parts.Count > 0)
                {
                    file = Named(part.Path, () => VolumeFile.Open((input = VolumeInput.Open(part.Path, limits)).Content, limits));
                    if (!AreOneGrid(first.Grid, file.Grid))
                    {
                        input!.Dispose();
                        throw new BadFileException(Faults.MskParts, $"{Path.GetFileName(part.Path.Relative)}: grid", Said(file.Grid), Said(first.Grid));
                    }
                }
                _parts.Add(new Part(part, input, new MaskReader(file)));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>That vertebrae lie over each other; null where none do.</summary>
    public FileNote? Overlap => _overlap == 0 ? null
        : new FileNote(Faults.MskPartsOverlap, "voxel", Invariant($"{_overlap} voxels"), "each voxel in one of the masks");

    /// <summary>As <see cref="MaskReader.ReadRuns"/>.</summary>
    public int ReadRuns(Span<LabelRun> runs)
    {
        int count = 0;
        while (count < runs.Length)
        {
            Part? next = null;
            foreach (Part part in _parts)
                if (Peek(part) is LabelRun candidate && (next is null || IsBefore(candidate, Peek(next)!.Value))) next = part;
            if (next is null) break;
            LabelRun run = Peek(next)!.Value;
            next.At++;
            int start = run.K == _slice && run.J == _row ? Math.Max(run.I, _end) : run.I;
            int end = run.I + run.Length;
            _overlap += Math.Min(start, end) - run.I;
            if (start >= end) continue;
            (_slice, _row, _end) = (run.K, run.J, end);
            runs[count++] = new LabelRun(next.Of.Label, start, run.J, run.K, end - start);
        }
        return count;
    }

    /// <summary>Size and hash of all parts: the hash is over a line `sha256 name` for each. Call after the last run.</summary>
    public (long Bytes, string Sha256) Finish(VolumeInput first, CancellationToken token)
    {
        StringBuilder lines = new();
        long bytes = 0;
        foreach (Part part in _parts)
        {
            VolumeInput input = part.Input ?? first;
            bytes += input.StoredBytes;
            lines.Append(LineOf(input, part.Of.Path, token));
        }
        return (bytes, HashOf(lines));
    }

    /// <summary>The line of a part.</summary>
    public static string LineOf(VolumeInput input, SourcePath path, CancellationToken token) =>
        $"{input.FinishSha256(token)} {Path.GetFileName(path.Relative)}\n";

    /// <summary>The hash of all parts, of their lines.</summary>
    public static string HashOf(StringBuilder lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())));

    public void Dispose()
    {
        foreach (Part part in _parts) part.Input?.Dispose();
    }

    private static LabelRun? Peek(Part part)
    {
        if (part.At == part.Count && !part.Ended)
        {
            (part.At, part.Count) = (0, Named(part.Of.Path, () => part.Reader.ReadRuns(part.Runs)));
            part.Ended = part.Count == 0;
        }
        return part.Ended ? null : part.Runs[part.At];
    }

    private static bool IsBefore(LabelRun a, LabelRun b) => (a.K, a.J, a.I).CompareTo((b.K, b.J, b.I)) < 0;

    private static bool AreOneGrid(VoxelGrid a, VoxelGrid b) => a.Shape == b.Shape
        && a.Affine.ToRowMajor().Zip(b.Affine.ToRowMajor()).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-3);

    private static string Said(VoxelGrid grid) => Invariant($"{grid.Shape.I} x {grid.Shape.J} x {grid.Shape.K}, {grid.Orientation.Codes}");

    /// <summary>What is wrong with a part is told with its name.</summary>
    private static T Named<T>(SourcePath path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (BadFileException bad)
        {
            string name = Path.GetFileName(path.Relative);
            throw new BadFileException(bad.Fault, bad.Field is null ? name : $"{name}: {bad.Field}", bad.Observed, bad.Expected);
        }
    }

    private sealed class Part(MaskPart of, VolumeInput? input, MaskReader reader)
    {
        public MaskPart Of => of;
        public VolumeInput? Input => input;
        public MaskReader Reader => reader;
        public LabelRun[] Runs { get; } = new LabelRun[RunsAtOnce];
        public int At { get; set; }
        public int Count { get; set; }
        public bool Ended { get; set; }
    }
}
