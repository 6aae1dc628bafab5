using System.Security.Cryptography;

namespace VerseEtl.Load.Storage;

/// <summary>SHA-256 as lower-case hexadecimal.</summary>
internal static class Sha256
{
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>From where the stream stands to its end.</summary>
    public static string OfStream(Stream stream, CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0; hash.AppendData(buffer, 0, read)) cancellation.ThrowIfCancellationRequested();
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
