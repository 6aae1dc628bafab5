using System.Text;
using VerseEtl.Extract;
using VerseEtl.Phantoms;
using VerseEtl.Transform.Findings;
using static VerseEtl.Host.Tests.BadInput.TwoScans;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>Damage to the packing.</summary>
internal static class GzipCases
{
    private const int HeaderSize = 10, TrailerSize = 8;

    private static readonly byte[] EmptyMember = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static IEnumerable<FaultCase> All =>
    [
        Packed("mask of 0 bytes", Faults.GzEmpty, _ => []),
        new("CT of 0 bytes", Faults.GzEmpty, scans => scans.Write(Ct, [])),
        Packed("mask is plain NIfTI", Faults.GzPlain, _ => MaskFile().Bytes),
        Packed("mask is a ZIP archive", Faults.GzPacked, _ => "PK\u0003\u0004 and so on"u8.ToArray()),
        Packed("mask is a Git LFS pointer", Faults.GzPointer, _ => "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"u8.ToArray()),
        Packed("mask is an HTML page", Faults.GzPage, _ => "\n<!DOCTYPE html><title>Sign in</title>"u8.ToArray()),
        Packed("mask is zstd", Faults.GzPacked, _ => [0x28, 0xb5, 0x2f, 0xfd, 0, 0]),
        Packed("mask is bzip2", Faults.GzPacked, _ => "BZh91AY&SY"u8.ToArray()),
        Packed("mask is xz", Faults.GzPacked, _ => [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0]),
        Packed("mask is a git-annex pointer", Faults.GzPointer, _ => "/annex/objects/MD5E-s1--0.nii.gz\n"u8.ToArray()),
        Packed("mask was packed twice", Faults.NiiGzipTwice, packed => new PhantomFile(packed, false).Gzip()),
        Plain("gzip under a .nii name", Faults.NiiGzip, packed => packed),
        Plain("Git LFS pointer under a .nii name", Faults.NiiPointer, _ => "version https://git-lfs.github.com/spec/v1\n"u8.ToArray()),
        Plain("HTML page under a .nii name", Faults.NiiPage, _ => "<html>"u8.ToArray()),
        Plain("bzip2 under a .nii name", Faults.NiiPacked, _ => "BZh91AY&SY"u8.ToArray()),
        Plain("gzip under a .nii name is accepted where asked for", Faults.GzUnderNii, packed => packed)
            with { With = FaultCase.Limits(new ReadingLimits { AcceptPlain = true }) },
        Packed("mask is something else", Faults.GzNotGzip, _ => "John Doe 1970"u8.ToArray()),
        Packed("plain NIfTI is accepted where asked for", Faults.GzPlainNifti, _ => MaskFile().Bytes)
            with { With = FaultCase.Limits(new ReadingLimits { AcceptPlain = true }) },
        Packed("compression method unknown", Faults.GzHeader, packed => [.. packed[..2], 7, .. packed[3..]]),
        Packed("reserved flag set", Faults.GzHeader, packed => [.. packed[..3], 0x20, .. packed[4..]]),
        Packed("extra field longer than the file", Faults.GzHeader, packed => [.. packed[..3], 4, .. packed[4..HeaderSize], 0xff, 0xff, 1, 2, 3]),
        Packed("file name without end", Faults.GzHeader, packed =>
            [.. packed[..3], 8, .. packed[4..HeaderSize], .. Encoding.ASCII.GetBytes(new string('x', 70_000)), .. packed[HeaderSize..]]),
        Packed("comment without end", Faults.GzHeader, packed => [.. packed[..3], 16, .. packed[4..HeaderSize], .. "no zero"u8]),
        Packed("header checksum wrong", Faults.GzHeader, packed => [.. packed[..3], 2, .. packed[4..HeaderSize], 0, 0, .. packed[HeaderSize..]]),
        Packed("mask cut in the trailer", Faults.GzTruncated, packed => packed[..^4]),
        Packed("mask cut in the middle", Faults.GzTruncated, packed => packed[..(packed.Length / 2)]),
        Packed("mask cut in the header", Faults.GzTruncated, packed => packed[..5]),
        new("CT cut behind its last vertebra", Faults.GzTruncated, scans => scans.Write(Ct, CtFile().Gzip()[..^1])),
        new("CT cut in the middle", Faults.GzTruncated, scans => scans.Write(Ct, Half(CtFile().Gzip()))),
        Packed("checksum wrong", Faults.GzCrc, packed => Flipped(packed, packed.Length - TrailerSize)),
        new("CT checksum wrong", Faults.GzCrc, scans => scans.Write(Ct, Flipped(CtFile().Gzip(), CtFile().Gzip().Length - TrailerSize))),
        Packed("stated length wrong", Faults.GzIsize, packed => Flipped(packed, packed.Length - 4)),
        Packed("block type 3", Faults.GzDeflate, packed => [.. packed[..HeaderSize], 7, .. packed[(HeaderSize + 1)..]]),
        new("CT with a broken block", Faults.GzDeflate, scans =>
            scans.Write(Ct, [.. CtFile().Gzip()[..HeaderSize], 7, .. CtFile().Gzip()[(HeaderSize + 1)..]])),
        Packed("two members", Faults.GzMultiMember, _ => [.. Part(0, 1000), .. Part(1000, int.MaxValue)]),
        Packed("second member cut", Faults.GzTruncated, _ => [.. Part(0, 1000), .. Half(Part(1000, int.MaxValue))]),
        Packed("cut between two members", Faults.NiiDataShort, _ => Part(0, 1000)),
        Packed("1025 members", Faults.GzMultiMember, _ => [.. Enumerable.Range(0, 1024).SelectMany(at => Part(at, at + 1)), .. Part(1024, int.MaxValue)]),
        Packed("65 empty members", Faults.GzMemberFlood, packed => [.. packed, .. Enumerable.Repeat(EmptyMember, 65).SelectMany(bytes => bytes)]),
        Packed("zeros behind the last member", Faults.GzTrailing, packed => [.. packed, .. new byte[512]]),
        Packed("other bytes behind the last member", Faults.GzTrailing, packed => [.. packed, .. "John Doe"u8]),
        Packed("more than 1 MiB behind the last member", Faults.GzTrailingLong, packed => [.. packed, .. new byte[(1 << 20) + 1]]),
        Packed("voxels left over", Faults.GzLong, _ => MaskFile().Append(1, 2, 3).Gzip()),
        Packed("a bomb", Faults.GzLong, _ => MaskFile().Append(new byte[64 << 20]).Gzip()),
        Packed("file larger than the limit", Faults.GzTooBig, _ => MaskFile().Append(Noise(20_000)).Gzip())
            with { With = FaultCase.Limits(new ReadingLimits { MaxFileBytes = 10_000 }) },
        Packed("declared volume larger than the limit", Faults.GzTooBig, _ =>
            MaskFile().Put(42, (short)30_000).Put(44, (short)30_000).Put(46, (short)30_000).Put(70, (short)64).Gzip()),
        Packed("file name in the gzip header", Faults.GzHeaderName, packed =>
            [.. packed[..3], 8, .. packed[4..HeaderSize], .. "John_Doe_1970.nii\0"u8, .. packed[HeaderSize..]]),
    ];

    /// <summary>The mask, packed and then changed.</summary>
    private static FaultCase Plain(string name, Fault fault, Func<byte[], byte[]> change) => new(name, fault, scans =>
    {
        scans.Delete(Mask);
        scans.Write(Mask[..^3], change(MaskFile().Gzip()));
    });

    private static FaultCase Packed(string name, Fault fault, Func<byte[], byte[]> change) =>
        new(name, fault, scans => scans.Write(Mask, change(MaskFile().Gzip())));

    private static byte[] Part(int from, int to)
    {
        byte[] bytes = MaskFile().Bytes;
        return new PhantomFile(bytes[from..Math.Min(to, bytes.Length)], false).Gzip();
    }

    private static byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(length).NextBytes(noise);
        return noise;
    }

    private static byte[] Half(byte[] bytes) => bytes[..(bytes.Length / 2)];

    private static byte[] Flipped(byte[] bytes, int at)
    {
        bytes[at] ^= 0x10;
        return bytes;
    }
}
