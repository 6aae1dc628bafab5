using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// Unpacks a gzip file (RFC 1952) and checks all of it: each member's header, DEFLATE stream, CRC-32 and length, and what follows the
/// last member. The stored bytes have been read to the very end when <see cref="Read"/> returns false. Long runs of zeros are counted,
/// never written. A few hundred KiB, whatever the file says of itself.
/// </summary>
internal sealed class GzipSource : ByteSource
{
    private const int MostEmptyMembersInARow = 64;
    private const long MostTrailingBytes = 1 << 20;
    private const int TrailerSize = 8;

    private enum Part { Header, Content, End }

    private readonly StoredInput _input;
    private readonly Inflater _inflater;
    private readonly List<FileNote> _notes = [];
    private Part _part;
    private int _members, _emptyInARow;
    private bool _named, _blocked = true;
    private long _position, _memberStart;
    private uint _crc;

    /// <param name="stored">Owned from here on.</param>
    public GzipSource(Stream stored) : this(new StoredInput(stored)) { }

    /// <param name="notes">What is to be said about the file beside its packing.</param>
    internal GzipSource(StoredInput input, params ReadOnlySpan<FileNote> notes)
    {
        _notes.AddRange(notes);
        _input = input;
        _inflater = new Inflater(input);
    }

    public override long Position => _position;

    public override IReadOnlyList<FileNote> Notes => _notes;

    [MethodImpl(Hot.Method)]
    public override bool Read(out ReadOnlyMemory<byte> bytes, out long zeros)
    {
        while (_part != Part.End)
        {
            if (_part == Part.Header) BeginMember();
            if (_inflater.Read(out bytes, out zeros))
            {
                _crc = zeros > 0 ? Crc32.AppendZeros(_crc, zeros) : Crc32.Append(_crc, bytes.Span);
                _position += bytes.Length + zeros;
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
        if (_members == 0) StoredContent.RequireGzip(_input.Peek(StoredContent.Glimpse));
        _members++;
        (bool text, bool block) = GzipHeader.Skip(_input);
        _named |= text;
        _blocked &= block;
        _inflater.Restart();
        _memberStart = _position;
        _crc = 0;
        _part = Part.Content;
    }

    private void EndMember()
    {
        CheckTrailer();
        _emptyInARow = _position == _memberStart ? _emptyInARow + 1 : 0;
        if (_emptyInARow > MostEmptyMembersInARow)
            throw new BadFileException(Faults.GzMemberFlood, observed: "more than 64 empty members in a row", expected: "at most 64");

        ReadOnlySpan<byte> next = _input.Peek(2);
        if (next.Length == 1 && next[0] == GzipHeader.Magic1)
            throw new BadFileException(Faults.GzTruncated, observed: "1 byte of another member", expected: "a gzip header");
        if (next is [GzipHeader.Magic1, GzipHeader.Magic2])
        {
            _part = Part.Header;
            return;
        }
        if (_named) _notes.Add(new FileNote(Faults.GzHeaderName, "FNAME, FCOMMENT, FEXTRA"));
        if (_members > 1 && !_blocked) _notes.Add(new FileNote(Faults.GzMultiMember, Observed: $"{Number(_members)} members", Expected: "1"));
        ReadTrailingBytes();
        _part = Part.End;
    }

    private void CheckTrailer()
    {
        ReadOnlySpan<byte> trailer = _input.Peek(TrailerSize);
        if (trailer.Length < TrailerSize)
            throw new BadFileException(Faults.GzTruncated,
                observed: $"{Number(_position)} bytes unpacked and {Number(trailer.Length)} of the trailer", expected: "8 bytes of trailer");
        uint statedCrc = BinaryPrimitives.ReadUInt32LittleEndian(trailer);
        uint statedLength = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]);
        uint length = unchecked((uint)(_position - _memberStart));
        if (_crc != statedCrc) throw new BadFileException(Faults.GzCrc, "CRC32", Hex(_crc), Hex(statedCrc));
        if (length != statedLength) throw new BadFileException(Faults.GzIsize, "ISIZE", Hex(length), Hex(statedLength));
        _input.At += TrailerSize;
    }

    // tape padding is zeros and harmless; anything else may be a file that was appended to or half overwritten
    private void ReadTrailingBytes()
    {
        long count = 0;
        bool allZero = true;
        for (ReadOnlyMemory<byte> rest = _input.TakeBuffered(); !rest.IsEmpty; rest = _input.TakeBuffered())
        {
            count += rest.Length;
            allZero &= !rest.Span.ContainsAnyExcept((byte)0);
            if (count > MostTrailingBytes)
                throw new BadFileException(Faults.GzTrailingLong, observed: "more than 1048576 bytes", expected: "none");
        }
        if (count == 0) return;
        _notes.Add(new FileNote(Faults.GzTrailing, Observed: allZero ? $"{Number(count)} zero bytes" : $"{Number(count)} bytes", Expected: "none",
            Severity: allZero ? Severity.Info : Severity.Warning));
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Hex(uint value) => value.ToString("X8", CultureInfo.InvariantCulture);

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        _input.Dispose();
        _inflater.Dispose();
        _part = Part.End;
    }
}
