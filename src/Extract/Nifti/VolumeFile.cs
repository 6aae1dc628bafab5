using System.Buffers.Binary;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Nifti;

/// <summary>A NIfTI file opened up to its first voxel. A <see cref="MaskReader"/> or a <see cref="CtReader"/> takes it from there, once.</summary>
public sealed class VolumeFile
{
    private const int SmallestExtension = 16;

    private readonly ByteSource _source;
    private readonly List<FileNote> _notes;

    private VolumeFile(ByteSource source, NiftiHeader header, VoxelBytes voxels, List<FileNote> notes) =>
        (_source, Header, Voxels, _notes) = (source, header, voxels, notes);

    public NiftiHeader Header { get; }

    public VoxelGrid Grid => Header.Grid;

    /// <summary>As in the published tables: `uint8`, `float64`.</summary>
    public string DatatypeName => Header.Datatype.Name();

    /// <summary>What was unusual in header, voxels and packing; complete once the reader has come to its end.</summary>
    public IReadOnlyList<FileNote> Notes => Voxels.ExtraBytes == 0
        ? [.. _notes, .. _source.Notes]
        : [.. _notes, new FileNote(Faults.NiiExtraBytes, "voxels", $"{HeaderChecks.Text(Voxels.ExtraBytes)} zero bytes", "none"), .. _source.Notes];

    internal VoxelBytes Voxels { get; }

    /// <summary>Reads and checks the header and skips its extensions.</summary>
    /// <param name="source">At its start. It stays the caller's, to be disposed after the reader's last use.</param>
    /// <exception cref="BadFileException">The header or the packing cannot be trusted.</exception>
    /// <exception cref="IOException">The storage failed.</exception>
    public static VolumeFile Open(ByteSource source, ReadingLimits? limits = null)
    {
        limits ??= new ReadingLimits();
        VoxelBytes bytes = new(source);
        NiftiHeader header = NiftiHeader.Parse(bytes.Peek(NiftiHeader.LargestSize), limits);
        List<FileNote> notes = [.. header.Notes];
        bytes.SkipBytes(header.Size);
        SkipExtensions(bytes, header, notes);
        bytes.Begin(header.Datatype.BytesPerVoxel(), header.Grid.Shape.VoxelCount);
        return new VolumeFile(source, header, bytes, notes);
    }

    internal void Note(FileNote note) => _notes.Add(note);

    /// <summary>Walks the chain of extensions by their lengths alone: what they hold (DICOM, XML) is never looked at.</summary>
    private static void SkipExtensions(VoxelBytes bytes, NiftiHeader header, List<FileNote> notes)
    {
        long position = header.Size;
        ReadOnlySpan<byte> flag = bytes.Peek(4);
        bool extended = flag.Length == 4 && flag[0] != 0;
        bool whole = bytes.SkipBytes(4);
        position += 4;
        while (whole && extended && position < header.VoxOffset)
        {
            ReadOnlySpan<byte> start = bytes.Peek(4);
            if (start.Length < 4) break;
            int length = header.BigEndian ? BinaryPrimitives.ReadInt32BigEndian(start) : BinaryPrimitives.ReadInt32LittleEndian(start);
            if (length < SmallestExtension || length % SmallestExtension != 0 || length > header.VoxOffset - position)
            {
                notes.Add(new FileNote(Faults.NiiExt, "extension", $"length {HeaderChecks.Text(length)} at byte {HeaderChecks.Text(position)}",
                    $"a multiple of 16 that ends by byte {HeaderChecks.Text(header.VoxOffset)}"));
                break;
            }
            whole = bytes.SkipBytes(length);
            position += length;
        }
        if (whole && bytes.SkipBytes(header.VoxOffset - position)) return;
        bool extensions = header.VoxOffset > header.Size + 4;
        throw extensions
            ? new BadFileException(Faults.NiiVoxOffset, "vox_offset", HeaderChecks.Text(header.VoxOffset), "within the file")
            : new BadFileException(Faults.NiiDataShort, "voxels", "none", $"{HeaderChecks.Text(header.DataBytes)} bytes");
    }
}
