using System.Security.Cryptography;

namespace VerseEtl.Host.Flow;

/// <summary>Names of runs: UTC start to the second and eight random hexadecimal digits, so that they sort by time.</summary>
internal static class RunId
{
    public static string New(TimeProvider time) =>
        Invariant($"{time.GetUtcNow():yyyyMMdd'T'HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
}
