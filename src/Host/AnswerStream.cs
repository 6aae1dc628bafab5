using System.Text;

namespace VerseEtl.Host;

/// <summary>JSON of an object on its way to a writer of text; its opening brace is followed by the exit code.</summary>
internal sealed class AnswerStream(TextWriter writer, int exitCode) : Stream
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private char[] _text = [];
    private bool _begun;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        int most = Encoding.UTF8.GetMaxCharCount(bytes.Length);
        if (_text.Length < most) _text = new char[most];
        ReadOnlyMemory<char> text = _text.AsMemory(0, _decoder.GetChars(bytes, _text, flush: false));
        if (!_begun)
        {
            writer.Write(Invariant($"{{\n  \"exit_code\": {exitCode},"));
            text = text[1..];
            _begun = true;
        }
        writer.Write(text.Span);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
