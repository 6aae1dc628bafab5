using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VerseEtl.Extract;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>A SHA-256 over texts, each with its length in front, so that no two lists of texts run together to the same bytes.</summary>
internal sealed class DigestBuilder : IDisposable
{
    private const int Null = -1, BufferLength = 1 << 11;

    // most digests are of less: these are made in one call
    private readonly byte[] _buffer = new byte[BufferLength];
    private int _filled;
    private IncrementalHash? _hash;

    public void Add(params ReadOnlySpan<string?> texts)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string? text in texts)
        {
            int bytes = text is null ? Null : Encoding.UTF8.GetByteCount(text);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes);
            Append(length);
            if (bytes <= 0) continue;
            if (bytes > BufferLength - _filled) Append(Encoding.UTF8.GetBytes(text!));
            else _filled += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_filled));
        }
    }

    /// <summary>Numbers in binary, as many as the reader expects.</summary>
    public void Add(ReadOnlySpan<long> numbers)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        foreach (long number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            Append(bytes);
        }
    }

    public void Add(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
            Add(finding.Code, finding.Severity.ToString(), finding.ScanKey, finding.Path,
                finding.Label?.ToString(CultureInfo.InvariantCulture), finding.Field, finding.Observed, finding.Expected);
    }

    /// <summary>What of the limits can change a row.</summary>
    public static string TextOf(ReadingLimits limits) =>
        Invariant($"{limits.MaxVolumeBytes} {limits.MaxFileBytes} {limits.AcceptPlain} {limits.FollowLinks} {limits.AssumeMillimetres}");

    /// <summary>A scan's key, files, hashes and findings; a scan that was unreadable for a night differs.</summary>
    public void Add(ScanResult result)
    {
        ScanRow scan = result.Scan;
        Add("scan", scan.ScanKey, scan.Status, scan.CtPath, scan.CtSha256, scan.MaskPath, scan.MaskSha256, scan.CentroidPath,
            scan.CentroidSha256, scan.PreviewPath, scan.Manufacturer, scan.ManufacturerModel, scan.Kvp is double kvp ? Invariant($"{kvp}") : null,
            scan.Licence, scan.SubregionPath, scan.SubregionSha256);
        Add(result.Findings);
    }

    /// <summary>Lower-case hexadecimal.</summary>
    public string Finish() => Convert.ToHexStringLower(FinishInBytes());

    /// <summary>The digest of something, as it is.</summary>
    public void Add(byte[] digest) => Append(digest);

    public byte[] FinishInBytes()
    {
        if (_hash is not null) Flush();
        byte[] digest = _hash?.GetHashAndReset() ?? SHA256.HashData(_buffer.AsSpan(0, _filled));
        _filled = 0;
        return digest;
    }

    public void Dispose() => _hash?.Dispose();

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > BufferLength - _filled) Flush();
        if (bytes.Length > BufferLength) _hash!.AppendData(bytes);
        else
        {
            bytes.CopyTo(_buffer.AsSpan(_filled));
            _filled += bytes.Length;
        }
    }

    private void Flush()
    {
        _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _hash.AppendData(_buffer.AsSpan(0, _filled));
        _filled = 0;
    }
}
