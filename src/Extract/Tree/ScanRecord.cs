using System.Buffers.Binary;
using System.Runtime.Versioning;
using System.Text;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>Writes records of a listing, one after the other; texts may be null.</summary>
internal sealed class RecordWriter() : BinaryWriter(new MemoryStream())
{
    /// <summary>What was written; the next record begins.</summary>
    public byte[] TakeBytes()
    {
        MemoryStream written = (MemoryStream)OutStream;
        byte[] bytes = written.ToArray();
        written.SetLength(0);
        return bytes;
    }

    public void WriteText(string? text)
    {
        Write(text is not null);
        if (text is not null) Write(text);
    }

    public void Write(FileIdentity identity)
    {
        Write(identity.Device);
        Write(identity.Inode);
        Write(identity.Size);
        Write(identity.ModifiedNs);
        Write(identity.ChangedNs);
    }

    public void Write(SourcePath? path)
    {
        WriteText(path?.Relative);
        if (path is null) return;
        Write(path.Seen is not null);
        if (path.Seen is FileIdentity seen) Write(seen);
    }

    public void Write(Finding finding)
    {
        Write(finding.Code);
        Write((int)finding.Severity);
        WriteText(finding.ScanKey);
        WriteText(finding.Dataset);
        WriteText(finding.Split);
        WriteText(finding.ScanId);
        Write(finding.Label ?? int.MinValue);
        WriteText(finding.Path);
        WriteText(finding.Field);
        WriteText(finding.Observed);
        WriteText(finding.Expected);
        Write(finding.Message);
    }
}

/// <summary>Reads what <see cref="RecordWriter"/> wrote, in the same order.</summary>
[SupportedOSPlatform("linux")]
internal ref struct RecordReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    public bool ReadBoolean() => Take(1)[0] != 0;

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public string ReadString()
    {
        int length = 0, shift = 0;
        byte part;
        do
        {
            part = Take(1)[0];
            length |= (part & 0x7f) << shift;
            shift += 7;
        }
        while (part > 0x7f);
        return Encoding.UTF8.GetString(Take(length));
    }

    public string? ReadText() => ReadBoolean() ? ReadString() : null;

    public FileIdentity ReadIdentity() => new(ReadUInt64(), ReadUInt64(), ReadInt64(), ReadInt64(), ReadInt64());

    public SourcePath? ReadPath(SourceRoot root) =>
        ReadText() is string relative ? root.At(relative, ReadBoolean() ? ReadIdentity() : null) : null;

    public Finding ReadFinding() => new()
    {
        Code = ReadString(),
        Severity = (Severity)ReadInt32(),
        ScanKey = ReadText(),
        Dataset = ReadText(),
        Split = ReadText(),
        ScanId = ReadText(),
        Label = ReadInt32() is var label && label == int.MinValue ? null : label,
        Path = ReadText(),
        Field = ReadText(),
        Observed = ReadText(),
        Expected = ReadText(),
        Message = ReadString(),
    };

    private ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    private ReadOnlySpan<byte> Take(int count)
    {
        ReadOnlySpan<byte> taken = _left[..count];
        _left = _left[count..];
        return taken;
    }
}
