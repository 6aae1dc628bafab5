using System.IO.Compression;
using VerseEtl.Extract.Pictures;

namespace VerseEtl.Extract.Tests.Pictures;

public sealed class ZlibRunsTests
{
    private const int MostAtOnce = 50_000;

    public static TheoryData<string, byte[]> Contents => new()
    {
        { "one byte", [7] },
        { "zeros", new byte[2 * MostAtOnce + 1] },
        { "the largest bytes", [.. Enumerable.Repeat(byte.MaxValue, 2 * MostAtOnce)] },
        { "all bytes in turn", [.. Enumerable.Range(0, MostAtOnce).Select(at => (byte)at)] },
        { "every length of a run", [.. Enumerable.Range(1, 600).SelectMany(length => Enumerable.Repeat((byte)(length % 3), length))] },
        { "codes that would be too long", Fibonacci(22) },
        { "noise", Random(1, 256) },
        { "little noise", Random(2, 2) },
        { "noise among zeros", Random(3, 4, zeros: 30) },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void Zlib_unpacks_what_was_packed(string what, byte[] content)
    {
        foreach (int atOnce in new[] { MostAtOnce, 1_777 })
        {
            byte[] packed = Pack(content, atOnce);

            using ZLibStream zlib = new(new MemoryStream(packed), CompressionMode.Decompress);
            using MemoryStream unpacked = new();
            zlib.CopyTo(unpacked);

            Assert.True(unpacked.ToArray().AsSpan().SequenceEqual(content), what);
        }
    }

    [Fact]
    public void Runs_and_rare_symbols_take_little_room()
    {
        // a block begins with 146 bytes; 258 zeros are a bit or two
        Assert.InRange(Pack(new byte[MostAtOnce], MostAtOnce).Length, 146, 220);
        byte[] content = Random(5, 2, zeros: 10);
        Assert.InRange(Pack(content, MostAtOnce).Length, 1, content.Length / 5);
    }

    private static byte[] Pack(byte[] content, int atOnce)
    {
        int calls = (content.Length + atOnce - 1) / atOnce;
        const int before = 3;
        byte[] room = new byte[before + ZlibRuns.MostBytes(content.Length, calls)];
        using ZlibRuns packed = new(room, before, atOnce);
        for (int at = 0; at < content.Length; at += atOnce)
            packed.Write(content.AsSpan(at, Math.Min(atOnce, content.Length - at)), isLast: at + atOnce >= content.Length);
        return room[before..packed.Finish()];
    }

    private static byte[] Random(int seed, int values, int zeros = 0)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, 50_000).Select(_ => (byte)(random.Next(100) < zeros ? 0 : random.Next(values)))];
    }

    // counts that make the longest codes, one bit more for each symbol, in no order
    private static byte[] Fibonacci(int symbols)
    {
        List<byte> content = [];
        for ((int symbol, int count, int next) = (0, 1, 1); symbol < symbols; symbol++, (count, next) = (next, count + next))
            content.AddRange(Enumerable.Repeat((byte)symbol, count));
        byte[] mixed = [.. content];
        new Random(4).Shuffle(mixed);
        return mixed;
    }
}
