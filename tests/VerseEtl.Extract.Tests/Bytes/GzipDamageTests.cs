using System.IO.Compression;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tests.Bytes;

/// <summary>No damage to a file changes a byte silently.</summary>
public sealed class GzipDamageTests
{
    public static TheoryData<string> SmallFiles => ["noise", "labels", "zeros", "stored", "two members", "empty"];

    private static (byte[] Content, byte[] Packed) Small(string name)
    {
        Random random = new(name.Length);
        byte[] noise = new byte[300];
        random.NextBytes(noise);
        byte[] labels = new byte[4000];
        for (int k = 0; k < 40; k++) labels.AsSpan(random.Next(3900), random.Next(100)).Fill((byte)random.Next(1, 26));
        return name switch
        {
            "noise" => (noise, Gzip.Pack(noise)),
            "labels" => (labels, Gzip.Pack(labels, CompressionLevel.SmallestSize)),
            "zeros" => (new byte[50_000], Gzip.Pack(new byte[50_000])),
            "stored" => (noise, Gzip.Pack(noise, CompressionLevel.NoCompression)),
            "two members" => ([.. labels, .. noise], [.. Gzip.Pack(labels), .. Gzip.Pack(noise)]),
            _ => ([], Gzip.Member([3, 0], [])),
        };
    }

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public void Each_prefix_of_a_file_is_truncated(string name)
    {
        (byte[] content, byte[] packed) = Small(name);
        Assert.Equal(content, Gzip.Unpack(packed));
        Assert.Equal("GZ_EMPTY", Gzip.Rejection([]));
        int boundary = name == "two members" ? Gzip.Pack(content[..4000]).Length : -1;
        for (int length = 1; length < packed.Length; length++)
            // a file cut between members is whole in itself; the length in the NIfTI header tells it
            if (length != boundary) Assert.Equal((length, "GZ_TRUNCATED"), (length, Gzip.Rejection(packed[..length])));
    }

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public void Each_flipped_bit_is_rejected_or_harmless(string name)
    {
        (byte[] content, byte[] packed) = Small(name);
        int accepted = 0;
        for (int bit = 0; bit < packed.Length * 8; bit++)
        {
            byte[] flipped = [.. packed];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            if (Gzip.Rejection(flipped) is not null) continue;
            accepted++;
            Gzip.Unpacked unpacked = Gzip.Unpack(new MemoryStream(flipped));
            // a second member that no longer starts as one is reported as trailing bytes, and the length in the NIfTI header tells
            bool reported = unpacked.Notes.Any(note => note.Fault.Code == "GZ_TRAILING" && note.Severity == Severity.Warning);
            Assert.Equal(content[..(reported ? 4000 : content.Length)], unpacked.Content);
        }
        // modification time, extra flags and operating system say nothing about the content
        Assert.True(accepted >= 48, $"{accepted} flips accepted");
    }
}
