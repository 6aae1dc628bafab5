using System.IO.Compression;

namespace VerseEtl.Extract.Tests.Differential;

internal enum Verdict { Whole, Truncated, Invalid }

/// <summary>
/// What .NET's inflater (zlib-ng) makes of a raw DEFLATE stream. It gets one byte at a time, because it does not tell how many it has
/// used, and because it passes a truncated stream in silence: that it asked for more shows either.
/// </summary>
internal sealed record DotNetInflater(byte[] Content, Verdict Verdict, int Consumed)
{
    public static DotNetInflater Of(byte[] deflated)
    {
        OneByteAtATime input = new(deflated);
        using DeflateStream stream = new(input, CompressionMode.Decompress);
        using MemoryStream content = new();
        try
        {
            // CopyTo would read on behind the end of the stream
            byte[] buffer = new byte[4096];
            for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer)) content.Write(buffer, 0, read);
        }
        catch (InvalidDataException)
        {
            return new(content.ToArray(), Verdict.Invalid, input.At);
        }
        return new(content.ToArray(), input.AskedBeyond ? Verdict.Truncated : Verdict.Whole, input.At);
    }

    private sealed class OneByteAtATime(byte[] bytes) : Stream
    {
        public int At { get; private set; }

        public bool AskedBeyond { get; private set; }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => At; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (At == bytes.Length)
            {
                AskedBeyond = true;
                return 0;
            }
            buffer[0] = bytes[At++];
            return 1;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
