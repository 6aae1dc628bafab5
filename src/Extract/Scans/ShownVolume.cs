using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using VerseEtl.Extract.Bytes;
using VerseEtl.Extract.Nifti;
using VerseEtl.Extract.Sample;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Kernels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Extract.Scans;

/// <summary>
/// A CT or a mask of a scan to be looked at, as a NIfTI file that is made while it is read: whole Hounsfield units, or VerSe's labels whatever
/// the source's are; not larger than a browser can hold. Memory is a slice of it.
/// </summary>
[SupportedOSPlatform("linux")]
internal abstract class ShownVolume : IDisposable
{
    /// <summary>A longer axis is reduced to as many voxels or fewer.</summary>
    public const int MostVoxels = 256;

    private readonly CancellationToken _token;
    private int _slice;

    private ShownVolume(VoxelGrid grid, NiftiDatatype stored, CancellationToken token)
    {
        _token = token;
        Blocks = CoarseGrid.Of(grid, MostVoxels);
        Header = NiftiWriter.Header(new NiftiVolumeSpec
        {
            Shape = Blocks.Grid.Shape, Datatype = stored, SpacingMm = Blocks.Grid.SpacingMm, Sform = Blocks.Grid.Affine,
        });
        Length = Header.Length + Blocks.Grid.Shape.VoxelCount * stored.BytesPerVoxel();
    }

    public CoarseGrid Blocks { get; }

    /// <summary>What stands before the voxels.</summary>
    public ReadOnlyMemory<byte> Header { get; }

    /// <summary>Bytes of the whole.</summary>
    public long Length { get; }

    /// <summary>The next slice, valid until the next call; none at the end, when the file has been checked to its end.</summary>
    /// <exception cref="BadFileException">The file is damaged; what was given before is not to be trusted.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ReadOnlyMemory<byte> Next()
    {
        _token.ThrowIfCancellationRequested();
        if (_slice < Blocks.Grid.Shape.K) return Slice(_slice++);
        Finish();
        return default;
    }

    /// <summary>Opens a scan's CT.</summary>
    /// <param name="sha256">Of the file that was measured.</param>
    /// <exception cref="FileNotFoundException">It is gone.</exception>
    /// <exception cref="SourceChangedException">It does not hold what was measured.</exception>
    /// <exception cref="BadFileException">It cannot be read.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public static ShownVolume OfCt(ScanFiles files, string sha256, ReadingLimits limits, CancellationToken token) => Proven(files.Ct!, () =>
    {
        using VolumeInput input = VolumeInput.Open(files.Ct!, limits);
        Require(files.Ct!, input.FinishSha256(token), sha256);
        return new Ct(input.ContentAgain(limits), limits, token);
    });

    /// <summary>Opens a scan's mask.</summary>
    /// <inheritdoc cref="OfCt"/>
    public static ShownVolume OfMask(ScanFiles files, string sha256, ReadingLimits limits, CancellationToken token) => Proven(files.Mask!, () =>
    {
        using VolumeInput input = VolumeInput.Open(files.Mask!, limits);
        Require(files.Mask!, files.MaskParts is { } parts ? HashOf(parts, limits, token) : input.FinishSha256(token), sha256);
        return new Mask(input.ContentAgain(limits), files, limits, token);
    });

    public abstract void Dispose();

    /// <summary>A slice of blocks.</summary>
    protected abstract ReadOnlyMemory<byte> Slice(int slice);

    /// <summary>Checks what is left of the file.</summary>
    protected abstract void Finish();

    private static ShownVolume Proven(SourcePath path, Func<ShownVolume> open)
    {
        try
        {
            return open();
        }
        catch (IOException error) when (path.Objects is null && !File.Exists(path.Full))
        {
            throw new FileNotFoundException(error.Message, error);
        }
    }

    private static void Require(SourcePath path, string found, string sha256)
    {
        if (found != sha256) throw new SourceChangedException(path.Relative);
    }

    private static string HashOf(IReadOnlyList<MaskPart> parts, ReadingLimits limits, CancellationToken token)
    {
        StringBuilder lines = new();
        foreach (MaskPart part in parts)
        {
            using VolumeInput input = VolumeInput.Open(part.Path, limits);
            lines.Append(PartedMask.LineOf(input, part.Path, token));
        }
        return PartedMask.HashOf(lines);
    }

    private sealed class Ct : ShownVolume
    {
        private readonly ByteSource _content;
        private readonly CtReader _reader;
        private readonly MeanBlocks _means;
        private readonly long[] _row;
        private readonly byte[] _values;

        public Ct(ByteSource content, ReadingLimits limits, CancellationToken token) : this(content, VolumeFile.Open(content, limits), token) { }

        private Ct(ByteSource content, VolumeFile file, CancellationToken token) : base(file.Grid, NiftiDatatype.Int16, token)
        {
            VoxelShape shape = Blocks.Grid.Shape;
            (_content, _reader, _means) = (content, new CtReader(file), new MeanBlocks(Blocks));
            (_row, _values) = (new long[file.Grid.Shape.I], new byte[shape.I * shape.J * sizeof(short)]);
        }

        protected override ReadOnlyMemory<byte> Slice(int slice)
        {
            VoxelShape shape = Blocks.Fine.Shape;
            int first = slice * Blocks[2];
            for (int k = first; k < first + Blocks.Length(2, slice); k++)
                for (int j = 0; j < shape.J; j++)
                {
                    _reader.Read(shape.LinearIndex(0, j, k), _row);
                    _means.Add(j, _row);
                }
            _means.Take(_reader.Scaling, MemoryMarshal.Cast<byte, short>(_values.AsSpan()));
            return _values;
        }

        protected override void Finish() => _reader.Finish();

        public override void Dispose() => _content.Dispose();
    }

    private sealed class Mask : ShownVolume
    {
        private readonly ByteSource _content;
        private readonly MaskPass _pass;
        private readonly LabelBlocks _labels;
        private readonly byte[] _values;
        private ReadOnlyMemory<LabelRun> _runs;
        private bool _ended;

        public Mask(ByteSource content, ScanFiles files, ReadingLimits limits, CancellationToken token)
            : this(content, VolumeFile.Open(content, limits), files, limits, token) { }

        private Mask(ByteSource content, VolumeFile file, ScanFiles files, ReadingLimits limits, CancellationToken token)
            : base(file.Grid, NiftiDatatype.UInt8, token)
        {
            VoxelShape shape = Blocks.Grid.Shape;
            (_content, _labels, _values) = (content, new LabelBlocks(Blocks), new byte[shape.I * shape.J]);
            _pass = new MaskPass(file, files.Labels, files.MaskParts is { } parts ? new PartedMask(file, parts, limits) : null, token);
        }

        protected override ReadOnlyMemory<byte> Slice(int slice)
        {
            int end = (slice + 1) * Blocks[2];
            while (HasRun() && _runs.Span[0].K < end)
            {
                int at = 0;
                foreach (ref readonly LabelRun run in _runs.Span)
                {
                    if (run.K >= end) break;
                    _labels.Add(run);
                    at++;
                }
                _runs = _runs[at..];
            }
            _labels.Take(_values);
            return _values;
        }

        protected override void Finish()
        {
            if (HasRun()) throw new InvalidOperationException("Runs remain after the last slice.");
        }

        public override void Dispose()
        {
            _pass.Dispose();
            _content.Dispose();
        }

        private bool HasRun()
        {
            if (!_runs.IsEmpty) return true;
            if (!_ended) _ended = (_runs = _pass.Next()).IsEmpty;
            return !_ended;
        }
    }
}

/// <summary>A file of the source does not hold what was measured.</summary>
/// <param name="path">Relative to the source.</param>
internal sealed class SourceChangedException(string path) : Exception($"{path} does not hold what was measured.");
