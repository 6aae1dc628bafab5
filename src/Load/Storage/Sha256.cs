using System.Security.Cryptography;

namespace VerseEtl.Load.Storage;

/// <summary>SHA-256 as lower-case hexadecimal.</summary>
internal static class Sha256
{
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>From where the stream stands to its end.</summary>
    public static async Task<string> OfStream(Stream stream, CancellationToken cancellation) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
}
