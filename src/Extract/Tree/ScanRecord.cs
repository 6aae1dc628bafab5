using System.Runtime.Versioning;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Tree;

/// <summary>Writes one record of a listing; texts may be null.</summary>
internal sealed class RecordWriter() : BinaryWriter(new MemoryStream())
{
    public byte[] Bytes => ((MemoryStream)OutStream).ToArray();

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

/// <summary>Reads what <see cref="RecordWriter"/> wrote.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RecordReader(byte[] bytes) : BinaryReader(new MemoryStream(bytes))
{
    public string? ReadText() => ReadBoolean() ? ReadString() : null;

    public FileIdentity ReadIdentity() => new(ReadUInt64(), ReadUInt64(), ReadInt64(), ReadInt64(), ReadInt64());

    public SourcePath? ReadPath(SourceRoot root) =>
        ReadText() is string relative ? root.At(relative) with { Seen = ReadBoolean() ? ReadIdentity() : null } : null;

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
}
