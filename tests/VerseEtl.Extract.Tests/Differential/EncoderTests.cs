using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using VerseEtl.Extract.Tests.Bytes;

namespace VerseEtl.Extract.Tests.Differential;

/// <summary>What other encoders make is unpacked to the same bytes by our inflater and by .NET's.</summary>
public sealed class EncoderTests(ITestOutputHelper output)
{
    private static readonly string Here = Path.Join(Repository.Root, "tests", "VerseEtl.Extract.Tests", "Differential");

    public static TheoryData<string> GeneratedContents => ["labels", "labels-float64", "ct-int16"];

    [Theory]
    [MemberData(nameof(GeneratedContents))]
    public void Streams_of_all_encoders_hold_one_content(string content)
    {
        string[] files = [.. Directory.GetFiles(Path.Join(Here, "Streams"), content + ".*.gz").Order(StringComparer.Ordinal)];
        Assert.Equal(14, files.Length);
        byte[][] unpacked = [.. files.Select(file => Sameness.OfFile(File.ReadAllBytes(file), Path.GetFileName(file)))];

        Assert.True(unpacked[0].Length >= 8000);
        Assert.All(unpacked, bytes => Assert.True(bytes.AsSpan().SequenceEqual(unpacked[0])));
    }

    [Theory]
    [MemberData(nameof(GeneratedContents))]
    public void Streams_of_all_encoders_cut_or_damaged_are_refused_as_by_dotnet(string content)
    {
        Random random = new(content.Length);
        foreach (string file in Directory.GetFiles(Path.Join(Here, "Streams"), content + ".*.gz").Order(StringComparer.Ordinal))
        {
            // ten bytes of header, unless the encoder states the file's name
            byte[] packed = File.ReadAllBytes(file);
            int start = (packed[3] & 8) == 0 ? 10 : Array.IndexOf(packed, (byte)0, 10) + 1;
            byte[] deflated = packed[start..^8];
            for (int times = 20 * Math.Min(LongRuns.Factor, 500); times > 0; times--)
            {
                byte[] damaged = [.. deflated];
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
                Sameness.OfDeflate(damaged, Path.GetFileName(file));
                Assert.Equal(Verdict.Truncated, Sameness.OfDeflate(deflated[..random.Next(deflated.Length)], Path.GetFileName(file)));
            }
        }
    }

    [Fact]
    public void Every_setting_of_zlib_is_unpacked()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python), "Python, whose zlib takes all settings, is not at hand");
        Random random = new(15);
        int count = 0;
        for (int round = Math.Min(LongRuns.Factor, 20); round > 0; round--)
        {
            byte[] content = [.. Contents.Any(random, 3000), .. Contents.Any(random, 3000)];
            byte[] all = Packed(Python, content);
            for (int at = 0; at < all.Length; count++)
            {
                int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(all.AsSpan(at));
                Assert.True(Sameness.OfFile(all[(at + 4)..(at + 4 + length)], $"stream {count}").AsSpan().SequenceEqual(content));
                at += 4 + length;
            }
        }
        output.WriteLine($"{count} streams");
        Assert.Equal(0, count % (10 * 5 * 7 * 9));
        Assert.NotEqual(0, count);
    }

    [Fact]
    public void Every_level_and_strategy_of_dotnet_is_unpacked()
    {
        Random random = new(10);
        for (int round = 4 * Math.Min(LongRuns.Factor, 100); round > 0; round--)
        {
            byte[] content = Contents.Any(random, 100_000);
            foreach (ZLibCompressionStrategy strategy in Enum.GetValues<ZLibCompressionStrategy>())
                for (int level = 0; level <= 9; level++)
                {
                    byte[] packed = Packed(content, level, strategy);
                    Assert.True(Sameness.OfFile(packed, $"level {level}, {strategy}").AsSpan().SequenceEqual(content));
                }
        }
    }

    [Fact]
    public void Every_file_at_hand_is_unpacked()
    {
        string folder = SharedFiles.Require("data");
        int asStored = 0, packedHere = 0;
        foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            byte[] content = File.ReadAllBytes(file);
            string name = Path.GetFileName(file);
            if (name.EndsWith(".gz", StringComparison.Ordinal))
            {
                content = Sameness.OfFile(content, name);
                asStored++;
            }
            foreach (int level in LongRuns.Factor > 1 ? (int[])[0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : [1, 6])
            {
                Assert.True(Sameness.OfFile(Packed(content, level, ZLibCompressionStrategy.Default), name).AsSpan().SequenceEqual(content));
                packedHere++;
            }
        }
        output.WriteLine($"{asStored} files as stored, {packedHere} packed here");
        Assert.True(asStored > 0);
    }

    private static byte[] Packed(byte[] content, int level, ZLibCompressionStrategy strategy)
    {
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, new ZLibCompressionOptions { CompressionLevel = level, CompressionStrategy = strategy })) stream.Write(content);
        return packed.ToArray();
    }

    private static byte[] Packed(string python, byte[] content)
    {
        using Process process =
            Process.Start(new ProcessStartInfo(python, [Path.Join(Here, "zlib_settings.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        process.StandardInput.BaseStream.Write(content);
        process.StandardInput.Close();
        using MemoryStream packed = new();
        process.StandardOutput.BaseStream.CopyTo(packed);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return packed.ToArray();
    }
}
