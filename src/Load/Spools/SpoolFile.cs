using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using VerseEtl.Load.Storage;
using static VerseEtl.Load.Storage.StorageGuard;

namespace VerseEtl.Load.Spools;

/// <summary>
/// A file without a name: records are appended by any thread and read back by where they begin. It is gone with the process, however that ends.
/// Each record carries a part of its SHA-256, so that what comes back is what was written.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SpoolFile : IDisposable
{
    private const int HeadLength = sizeof(int) + HashLength, HashLength = 8;

    private readonly SafeFileHandle _file;
    private readonly string _folder;
    private long _end;

    /// <exception cref="StorageException">No file can be made there.</exception>
    public SpoolFile(string folder)
    {
        _folder = folder;
        _file = Guard(() =>
        {
            string path = Path.Combine(folder, "spool-" + Guid.NewGuid().ToString("N"));
            SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            Durable.Unlink(path);
            return file;
        });
    }

    /// <returns>Where the record begins.</returns>
    public long Append(ReadOnlySpan<byte> record)
    {
        byte[] bytes = new byte[HeadLength + record.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, record.Length);
        Hash(record).CopyTo(bytes.AsSpan(sizeof(int)));
        record.CopyTo(bytes.AsSpan(HeadLength));
        long at = Interlocked.Add(ref _end, bytes.Length) - bytes.Length;
        Guard(() =>
        {
            RandomAccess.Write(_file, bytes, at);
            return true;
        });
        return at;
    }

    /// <exception cref="StorageException">What comes back is not what was written.</exception>
    public byte[] Read(long at) => Guard(() =>
    {
        byte[] head = new byte[HeadLength];
        Fill(head, at);
        byte[] record = new byte[Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(head))];
        Fill(record, at + HeadLength);
        return Hash(record).AsSpan().SequenceEqual(head.AsSpan(sizeof(int))) ? record : throw Rotten();
    });

    public void Dispose() => _file.Dispose();

    private static byte[] Hash(ReadOnlySpan<byte> record) => SHA256.HashData(record)[..HashLength];

    private void Fill(Span<byte> bytes, long at)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_file, bytes, at);
            if (read == 0) throw Rotten();
            bytes = bytes[read..];
            at += read;
        }
    }

    private StorageException Rotten() =>
        new("STO_BITROT", $"a temporary file in {_folder} was not read back as written; check the disk and run again");
}
