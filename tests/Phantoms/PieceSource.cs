using VerseEtl.Extract;
using VerseEtl.Extract.Bytes;

namespace VerseEtl.Phantoms;

/// <summary>
/// An array handed out as the decompressors do it: pieces cut anywhere, and stretches of zeros reported by their length only.
/// Each piece is overwritten at the next call, so whoever keeps a span reads rubbish.
/// </summary>
/// <param name="pieceBytes">Longest piece.</param>
/// <param name="zerosFrom">Shortest stretch of zeros that is reported as such; 0 never does.</param>
internal sealed class PieceSource(byte[] content, int pieceBytes, int zerosFrom) : ByteSource
{
    private readonly byte[] _piece = new byte[pieceBytes];
    private int _at;

    public override long Position => _at;

    public override IReadOnlyList<FileNote> Notes => [];

    /// <summary>Whether the end has been reported.</summary>
    public bool Drained { get; private set; }

    public override bool Read(out ReadOnlyMemory<byte> bytes, out long zeros)
    {
        bytes = default;
        zeros = 0;
        _piece.AsSpan().Fill(0xA5);
        if (_at == content.Length)
        {
            Drained = true;
            return false;
        }
        ReadOnlySpan<byte> rest = content.AsSpan(_at);
        int run = ZeroRun(rest);
        if (zerosFrom > 0 && run >= zerosFrom)
        {
            zeros = run;
            _at += run;
            return true;
        }
        int length = 0;
        while (length < Math.Min(pieceBytes, rest.Length) && (zerosFrom == 0 || length == 0 || rest[length] != 0 || ZeroRun(rest[length..]) < zerosFrom))
            length++;
        rest[..length].CopyTo(_piece);
        bytes = _piece.AsMemory(0, length);
        _at += length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
    }

    private static int ZeroRun(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOfAnyExcept((byte)0);
        return end < 0 ? bytes.Length : end;
    }
}
