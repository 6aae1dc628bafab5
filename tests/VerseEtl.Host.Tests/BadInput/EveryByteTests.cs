using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>
/// Small files cut at each byte and with each bit turned: refused, or measured as if nothing had happened. With VERSEETL_LONG all bits, else one in
/// eleven.
/// </summary>
public sealed class EveryByteTests
{
    private const int UsualStep = 11;

    public static TheoryData<string> Kinds => [.. SmallScan.Kinds.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_prefix_is_refused_as_cut_short(string kind)
    {
        using SmallScan scan = new();
        byte[] packed = Packed(kind);
        for (int length = 0; length < packed.Length; length++)
        {
            Put(scan, kind, packed[..length]);
            ScanResult result = scan.Measure();
            AssertRefused(kind, result, $"{length} of {packed.Length} bytes");
            string expected = length == 0 ? "GZ_EMPTY" : length < packed.Length && IsWhole(kind, packed, length) ? "NII_DATA_SHORT" : "GZ_TRUNCATED";
            Assert.Equal((length, expected), (length, Assert.Single(SmallScan.Errors(result))));
        }
        TestContext.Current.SendDiagnosticMessage($"{kind}: {packed.Length} prefixes");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_turned_bit_is_refused_or_changes_no_number(string kind)
    {
        using SmallScan scan = new();
        byte[] packed = Packed(kind);
        Put(scan, kind, packed);
        string sound = SmallScan.Numbers(scan.Measure());
        int harmless = 0, step = LongRuns.Factor > 1 ? 1 : UsualStep;
        for (int bit = 0; bit < packed.Length * 8; bit += step)
        {
            byte[] turned = [.. packed];
            turned[bit / 8] ^= (byte)(1 << bit % 8);
            Put(scan, kind, turned);
            ScanResult result = scan.Measure();
            if (SmallScan.Errors(result).Length > 0)
            {
                AssertRefused(kind, result, $"bit {bit}");
                continue;
            }
            harmless++;
            Assert.Equal(sound, SmallScan.Numbers(result));
        }
        // time, extra flags and operating system in the gzip header (six bytes a member), padding, codes of symbols that do not occur
        Assert.InRange(harmless, 1, 160);
        TestContext.Current.SendDiagnosticMessage($"{kind}: {(packed.Length * 8 + step - 1) / step} bits turned, {harmless} of them harmless");
    }

    private static byte[] Packed(string kind) => SmallScan.Kinds[kind].Mask ?? SmallScan.Kinds[kind].Ct!;

    private static bool IsCt(string kind) => SmallScan.Kinds[kind].Ct is not null;

    private static void Put(SmallScan scan, string kind, byte[] bytes)
    {
        if (IsCt(kind)) scan.Ct = bytes;
        else scan.Mask = bytes;
    }

    /// <summary>True where the first of two members ends: gzip is content, the header's length is not.</summary>
    private static bool IsWhole(string kind, byte[] packed, int length) =>
        kind == "mask of two members" && packed.AsSpan(length).StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b, 8]);

    private static void AssertRefused(string kind, ScanResult result, string where)
    {
        bool refused = IsCt(kind)
            ? result.Scan.Status == ScanStatus.Warning && result.Vertebrae.Count == 2
                && result.Vertebrae.All(row => row.MaskHuMean is null && row.BodyHuMean is null)
            : result.Scan.Status == ScanStatus.Failed && result.Vertebrae.Count == 0;
        Assert.True(refused, $"{kind}, {where}: {result.Scan.Status}");
    }
}
