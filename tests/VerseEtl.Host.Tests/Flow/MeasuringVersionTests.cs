using System.Security.Cryptography;
using System.Text;
using VerseEtl.Host.Flow;
using VerseEtl.Host.Tests.BadInput;

namespace VerseEtl.Host.Tests.Flow;

public sealed class MeasuringVersionTests
{
    /// <summary>
    /// The cache takes stored results as long as the version stays. Where this fails because a number is meant to be another: raise
    /// <see cref="StoredResults.MeasuringVersion"/>, then write the new version and digest here.
    /// </summary>
    [Fact]
    public void Rows_change_only_with_the_version_of_the_measuring_code()
    {
        StringBuilder rows = new();
        using SmallScan scan = new();
        foreach ((string kind, (byte[]? mask, byte[]? ct)) in SmallScan.Kinds)
        {
            if (mask is not null) scan.Mask = mask;
            if (ct is not null) scan.Ct = ct;
            rows.AppendLine(kind).AppendLine(SmallScan.Numbers(scan.Measure()));
        }
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rows.ToString())))[..16];
        Assert.Equal((2, "7ba60a7b2cbe306a"), (StoredResults.MeasuringVersion, digest));
    }
}
