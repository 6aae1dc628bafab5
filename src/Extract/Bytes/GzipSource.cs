using System.Buffers.Binary;
using System.Globalization;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// Unpacks a gzip file (RFC 1952) and checks all of it: each member's header, DEFLATE stream, CRC-32 and length, and what follows the
/// last member. The stored bytes have been read to the very end when <see cref="Read"/> returns false. Long runs of zeros are counted,
/// never written. A few hundred KiB, whatever the file says of itself.
/// </summary>
public sealed class GzipSource : ByteSource
{
    private const int MostMembers = 1024;
    private const int MostEmptyMembersInARow = 64;
    private const long MostTrailingBytes = 1 << 20;
    private const int TrailerSize = 8;

    private enum Part { Header, Content, End }

    private readonly StoredInput input;
    private readonly Inflater inflater;
    private readonly List<FileNote> notes = [];
    private Part part;
    private int members, emptyInARow;
    private bool named;
    private long position, memberStart;
    private uint crc;

    /// <param name="stored">Owned from here on.</param>
    public GzipSource(Stream stored) : this(new StoredInput(stored)) { }

    internal GzipSource(StoredInput input)
    {
        this.input = input;
        inflater = new Inflater(input);
    }

    public override long Position => position;

    public override IReadOnlyList<FileNote> Notes => notes;

    public override bool Read(out ReadOnlySpan<byte> bytes, out long zeros)
    {
        while (part != Part.End)
        {
            if (part == Part.Header) BeginMember();
            if (inflater.Read(out bytes, out zeros))
            {
                crc = zeros > 0 ? Crc32.AppendZeros(crc, zeros) : Crc32.Append(crc, bytes);
                position += bytes.Length + zeros;
                return true;
            }
            EndMember();
        }
        bytes = default;
        zeros = 0;
        return false;
    }

    private void BeginMember()
    {
        if (members == 0) StoredContent.RequireGzip(input.Peek(StoredContent.Glimpse));
        if (++members > MostMembers) throw new BadFileException(Faults.GzMemberFlood, observed: "more than 1024 members", expected: "at most 1024");
        named |= GzipHeader.Skip(input);
        inflater.Restart();
        memberStart = position;
        crc = 0;
        part = Part.Content;
    }

    private void EndMember()
    {
        CheckTrailer();
        emptyInARow = position == memberStart ? emptyInARow + 1 : 0;
        if (emptyInARow > MostEmptyMembersInARow)
            throw new BadFileException(Faults.GzMemberFlood, observed: "more than 64 empty members in a row", expected: "at most 64");

        ReadOnlySpan<byte> next = input.Peek(2);
        if (next.Length == 1 && next[0] == GzipHeader.Magic1)
            throw new BadFileException(Faults.GzTruncated, observed: "1 byte of another member", expected: "a gzip header");
        if (next is [GzipHeader.Magic1, GzipHeader.Magic2])
        {
            part = Part.Header;
            return;
        }
        if (named) notes.Add(new FileNote(Faults.GzHeaderName, "FNAME, FCOMMENT, FEXTRA"));
        if (members > 1) notes.Add(new FileNote(Faults.GzMultiMember, Observed: $"{Number(members)} members", Expected: "1"));
        ReadTrailingBytes();
        part = Part.End;
    }

    private void CheckTrailer()
    {
        ReadOnlySpan<byte> trailer = input.Peek(TrailerSize);
        if (trailer.Length < TrailerSize)
            throw new BadFileException(Faults.GzTruncated, observed: $"{Number(position)} bytes unpacked and {Number(trailer.Length)} of the trailer", expected: "8 bytes of trailer");
        uint statedCrc = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        uint statedLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        uint length = unchecked((uint)(position - memberStart));
        if (crc != statedCrc) throw new BadFileException(Faults.GzCrc, "CRC32", Hex(crc), Hex(statedCrc));
        if (length != statedLength) throw new BadFileException(Faults.GzIsize, "ISIZE", Hex(length), Hex(statedLength));
        input.At += TrailerSize;
    }

    // tape padding is zeros and harmless; anything else may be a file that was appended to or half overwritten
    private void ReadTrailingBytes()
    {
        long count = 0;
        bool allZero = true;
        for (ReadOnlySpan<byte> rest = input.TakeBuffered(); !rest.IsEmpty; rest = input.TakeBuffered())
        {
            count += rest.Length;
            allZero &= !rest.ContainsAnyExcept((byte)0);
            if (count > MostTrailingBytes)
                throw new BadFileException(Faults.GzTrailingLong, observed: "more than 1048576 bytes", expected: "none");
        }
        if (count == 0) return;
        notes.Add(new FileNote(Faults.GzTrailing, Observed: allZero ? $"{Number(count)} zero bytes" : $"{Number(count)} bytes", Expected: "none",
            Severity: allZero ? Severity.Info : Severity.Warning));
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Hex(uint value) => value.ToString("X8", CultureInfo.InvariantCulture);

    protected override void Dispose(bool disposing)
    {
        if (disposing) input.Dispose();
    }
}
