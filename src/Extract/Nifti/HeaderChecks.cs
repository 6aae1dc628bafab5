using System.Buffers.Binary;
using System.Globalization;
using VerseEtl.Extract.Bytes;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Nifti;

/// <summary>The checks of a header, one a function: each gives the value it vouches for, throws, or notes what is unusual.</summary>
internal static class HeaderChecks
{
    private const int LongestAxis2 = 1_000_000;
    private const long LargestVoxOffset = 1_000_000_000;
    private const double SmallestSpacingMm = 0.05;
    private const double LargestSpacingMm = 20;
    private const double SmallestUsableMm = 1e-6;
    private const double LargestUsableMm = 1e6;

    /// <summary>Version and byte order, from sizeof_hdr, magic and rank, which must all agree.</summary>
    public static (int Version, bool BigEndian) Format(ReadOnlySpan<byte> bytes)
    {
        if (StoredContent.IsGzip(bytes)) throw new BadFileException(Faults.NiiGzipTwice, observed: "gzip", expected: "a NIfTI header");
        if (bytes.Length < NiftiFields.Size1)
            throw new BadFileException(Faults.NiiShort, "header", $"{Text(bytes.Length)} bytes", $"{Text(NiftiFields.Size1)} bytes");
        int little = BinaryPrimitives.ReadInt32LittleEndian(bytes), big = BinaryPrimitives.ReadInt32BigEndian(bytes);
        bool bigEndian = big is NiftiFields.Size1 or NiftiFields.Size2;
        int size = bigEndian ? big : little;
        if (size is not (NiftiFields.Size1 or NiftiFields.Size2))
        {
            bool named = bytes[NiftiFields.Magic.Offset1..].StartsWith(NiftiFields.Magic1) || bytes[NiftiFields.Magic.Offset2..].StartsWith(NiftiFields.Magic2);
            throw new BadFileException(named ? Faults.NiiEndian : Faults.NiiMagic, "sizeof_hdr", Text(little), "348 or 540");
        }
        if (bytes.Length < size) throw new BadFileException(Faults.NiiShort, "header", $"{Text(bytes.Length)} bytes", $"{Text(size)} bytes");
        int version = size == NiftiFields.Size1 ? 1 : 2;
        Magic(new HeaderBytes(bytes, version, bigEndian).Text(NiftiFields.Magic), version);
        long rank = new HeaderBytes(bytes, version, bigEndian).Integer(NiftiFields.Dim);
        if (rank is < 1 or > 7)
        {
            bool otherOrder = new HeaderBytes(bytes, version, !bigEndian).Integer(NiftiFields.Dim) is >= 1 and <= 7;
            throw new BadFileException(otherOrder ? Faults.NiiEndian : Faults.NiiNdim, "dim[0]", Text(rank), "1 to 7");
        }
        return (version, bigEndian);
    }

    public static void Unusual(int version, bool bigEndian, List<FileNote> notes)
    {
        if (bigEndian) notes.Add(new FileNote(Faults.NiiBigEndian));
        if (version == 2) notes.Add(new FileNote(Faults.NiiNifti2));
    }

    /// <summary>Three axes. Axes beyond the third may be there if they have length 1; entries beyond the rank mean nothing.</summary>
    public static VoxelShape Shape(HeaderBytes header, int version, List<FileNote> notes)
    {
        int rank = (int)header.Integer(NiftiFields.Dim);
        long longest = version == 1 ? short.MaxValue : LongestAxis2;
        for (int axis = 1; axis <= rank; axis++)
        {
            long length = header.Integer(NiftiFields.Dim, axis);
            if (length <= 0) throw new BadFileException(Faults.NiiDimNonpos, $"dim[{axis}]", Text(length), "1 or more");
            if (length > longest) throw new BadFileException(Faults.NiiDimOverflow, $"dim[{axis}]", Text(length), $"at most {Text(longest)}");
        }
        if (rank < 3) throw new BadFileException(Faults.Nii2d, "dim[0]", Text(rank), "3");
        for (int axis = 4; axis <= rank; axis++)
            if (header.Integer(NiftiFields.Dim, axis) is > 1 and long length)
                throw new BadFileException(Faults.NiiNot3d, $"dim[{axis}]", Text(length), "1");
        if (rank > 3) notes.Add(new FileNote(Faults.Nii4d, "dim[0]", Text(rank), "3"));
        VoxelShape shape = new(header.Integer(NiftiFields.Dim, 1), header.Integer(NiftiFields.Dim, 2), header.Integer(NiftiFields.Dim, 3));
        int flat = (shape.I == 1 ? 1 : 0) + (shape.J == 1 ? 1 : 0) + (shape.K == 1 ? 1 : 0);
        if (flat > 1) throw new BadFileException(Faults.Nii2d, "dim", shape.ToString(), "two axes or more longer than 1");
        if (flat == 1) notes.Add(new FileNote(Faults.Nii2d, "dim", shape.ToString(), "three axes longer than 1", Severity.Warning));
        return shape;
    }

    public static NiftiDatatype Datatype(HeaderBytes header)
    {
        long code = header.Integer(NiftiFields.Datatype);
        return NiftiDatatypes.IsSupported(code)
            ? (NiftiDatatype)code
            : throw new BadFileException(Faults.NiiDatatype, "datatype", Text(code), "2, 4, 8, 16, 64, 256, 512, 768, 1024 or 1280");
    }

    public static void Volume(VoxelShape shape, NiftiDatatype datatype, ReadingLimits limits)
    {
        long bytes;
        try
        {
            bytes = checked(shape.VoxelCount * datatype.BytesPerVoxel());
        }
        catch (OverflowException)
        {
            throw new BadFileException(Faults.NiiDimOverflow, "dim", shape.ToString(), $"at most {Text(limits.MaxVolumeBytes)} bytes");
        }
        if (bytes > limits.MaxVolumeBytes)
            throw new BadFileException(Faults.GzTooBig, "dim", $"{shape} {datatype.Name()}, {Text(bytes)} bytes",
                $"at most {Text(limits.MaxVolumeBytes)} bytes");
    }

    public static int Bitpix(HeaderBytes header, NiftiDatatype datatype, List<FileNote> notes)
    {
        long bitpix = header.Integer(NiftiFields.Bitpix);
        int expected = 8 * datatype.BytesPerVoxel();
        if (bitpix != expected) notes.Add(new FileNote(Faults.NiiBitpix, "bitpix", Text(bitpix), Text(expected)));
        return (int)bitpix;
    }

    /// <summary>Where the voxels begin. NIfTI-1 keeps it as a float, so it is checked before it is cast.</summary>
    public static long VoxOffset(HeaderBytes header, int version, List<FileNote> notes)
    {
        const string field = "vox_offset";
        int least = (version == 1 ? NiftiFields.Size1 : NiftiFields.Size2) + 4;
        double stored = header.Real(NiftiFields.VoxOffset);
        if (stored == 0)
        {
            notes.Add(new FileNote(Faults.NiiVoxOffsetUnusual, field, "0", Text(least)));
            return least;
        }
        if (!(stored >= least && stored <= LargestVoxOffset) || stored != Math.Floor(stored))
            throw new BadFileException(Faults.NiiVoxOffset, field, Text(stored), $"a whole number from {Text(least)} to {Text(LargestVoxOffset)}");
        long offset = (long)stored;
        if (offset % 16 != 0) notes.Add(new FileNote(Faults.NiiVoxOffsetUnusual, field, Text(offset), "a multiple of 16"));
        return offset;
    }

    /// <summary>The slope as stored. Whether an unusable one matters depends on what the volume holds, so the readers decide.</summary>
    public static double Slope(HeaderBytes header, List<FileNote> notes)
    {
        double slope = header.Real(NiftiFields.SclSlope);
        if (NiftiHeader.IsUnscaled(slope)) notes.Add(new FileNote(Faults.NiiSclNone, "scl_slope", Text(slope)));
        return slope;
    }

    public static int SpatialUnit(HeaderBytes header) => (int)(header.Integer(NiftiFields.XyztUnits) & 7);

    /// <summary>
    /// Millimetres per stored unit of length. An unknown unit is read as millimetre without a word: most genuine masks have it,
    /// and a warning on each would hide the ones that matter.
    /// </summary>
    public static double MillimetresPerUnit(HeaderBytes header, ReadingLimits limits, List<FileNote> notes)
    {
        int unit = SpatialUnit(header);
        if (unit is 0 or 2) return 1;
        (double scale, string observed) = unit switch
        {
            1 => (1e3, "metre"),
            3 => (1e-3, "micrometre"),
            _ => (1, $"code {Text(unit)}, read as millimetre"),
        };
        if (limits.AssumeMillimetres)
        {
            notes.Add(new FileNote(Faults.NiiUnitsAssumed, "xyzt_units", observed, "millimetre"));
            return 1;
        }
        double[] stored = new double[3];
        for (int axis = 0; axis < 3; axis++) stored[axis] = Math.Abs(header.Real(NiftiFields.Pixdim, axis + 1));
        bool doubtful = scale != 1 && stored.All(length => length is >= SmallestSpacingMm and <= LargestSpacingMm)
            && stored.Any(length => length * scale is < SmallestSpacingMm or > LargestSpacingMm);
        string seen = $"{observed} beside {string.Join(" x ", stored.Select(length => Text(Math.Round(length, 4))))}";
        notes.Add(new FileNote(doubtful ? Faults.NiiUnitsDoubt : Faults.NiiUnits, "xyzt_units", doubtful ? seen : observed, "millimetre"));
        return scale;
    }

    /// <summary>Magnitudes of pixdim 1..3 in millimetres. Volumes are made from them, so they must be usable even beside a good sform.</summary>
    public static Vector3d Spacing(HeaderBytes header, double millimetres, List<FileNote> notes)
    {
        Span<double> spacing = stackalloc double[3];
        for (int axis = 0; axis < 3; axis++)
        {
            string field = $"pixdim[{axis + 1}]";
            double stored = header.Real(NiftiFields.Pixdim, axis + 1);
            if (stored == 0 || !double.IsFinite(stored)) throw new BadFileException(Faults.NiiPixdim, field, Text(stored), "a positive number");
            if (stored < 0) notes.Add(new FileNote(Faults.NiiPixdimNegative, field, Text(stored), "a positive number"));
            spacing[axis] = Math.Abs(stored) * millimetres;
            if (spacing[axis] is < SmallestUsableMm or > LargestUsableMm)
                throw new BadFileException(Faults.NiiPixdim, field, $"{Text(spacing[axis])} mm", "0.000001 to 1000000 mm");
            if (spacing[axis] is < SmallestSpacingMm or > LargestSpacingMm)
                notes.Add(new FileNote(Faults.NiiPixdimRange, field, $"{Text(spacing[axis])} mm", "0.05 to 20 mm"));
        }
        return new Vector3d(spacing[0], spacing[1], spacing[2]);
    }

    /// <summary>Notes each filled text field by its length only.</summary>
    public static void FreeText(HeaderBytes header, List<FileNote> notes)
    {
        foreach (NiftiField field in NiftiFields.FreeText)
        {
            int length = header.Text(field).TrimEnd((byte)0).Length;
            if (length > 0) notes.Add(new FileNote(Faults.PhiTextPresent, field.Name, $"{Text(length)} bytes of text", "none"));
        }
    }

    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Magic(ReadOnlySpan<byte> magic, int version)
    {
        if (magic.SequenceEqual(version == 1 ? NiftiFields.Magic1 : NiftiFields.Magic2)) return;
        Fault fault = magic.SequenceEqual(version == 1 ? NiftiFields.MagicPair1 : NiftiFields.MagicPair2) ? Faults.NiiPair
            : version == 1 && !magic.ContainsAnyExcept((byte)0) ? Faults.NiiAnalyze
            : Faults.NiiMagic;
        throw new BadFileException(fault, "magic", Convert.ToHexString(magic), Convert.ToHexString(version == 1 ? NiftiFields.Magic1 : NiftiFields.Magic2));
    }
}
