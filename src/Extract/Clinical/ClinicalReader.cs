using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Unicode;
using nietras.SeparatedValues;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Clinical;

/// <summary>
/// Reads clinical files: CSV by RFC 4180 in UTF-8 with a header line. Only the key and the declared columns are looked at, only rows whose key a
/// scan has are kept, and no finding holds a word of the file: lines are told by their number.
/// </summary>
[SupportedOSPlatform("linux")]
public static class ClinicalReader
{
    /// <summary>A row of a hundred columns for each of a hundred thousand scans has half of it.</summary>
    private const int LargestFile = 64 << 20;

    private static readonly Dictionary<string, IReadOnlyList<object?>> Nothing = [];

    /// <exception cref="IOException">The storage failed or the file changed: worth another try.</exception>
    public static ClinicalContent Read(ClinicalFile file, IReadOnlyList<ScanFiles> scans)
    {
        if (!Path.Exists(file.Path)) return Unreadable(file, "no such file");
        byte[] bytes;
        try
        {
            using SourceFile opened = SourceFile.Open(file.Path);
            if (opened.Length > LargestFile) return Unreadable(file, "more than 64 MiB");
            bytes = new byte[opened.Length];
            int length = opened.Stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            opened.ThrowIfChanged();
            if (length < bytes.Length) throw new IOException("the file ends before its length");
        }
        catch (BadFileException bad)
        {
            return Unreadable(file, bad.Observed ?? bad.Fault.Meaning);
        }
        return Parse(file, bytes, scans);
    }

    /// <summary>The content of a file whose storage failed each time.</summary>
    public static ClinicalContent Unavailable(ClinicalFile file) => Unreadable(file, "a storage that fails");

    private static ClinicalContent Unreadable(ClinicalFile file, string observed) =>
        new(file, null, Nothing, [Finding.Of(Faults.ClnFile, new(Path: file.Name), observed)]);

    private static ClinicalContent Parse(ClinicalFile file, byte[] bytes, IReadOnlyList<ScanFiles> scans)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (LineOfBadBytes(bytes) is int line)
            return new(file, hash, Nothing, [Finding.Of(Faults.ClnEncoding, new(Path: file.Name), Invariant($"other bytes in line {line}"), "UTF-8")]);
        ClinicalRows rows = new(file, scans);
        ClinicalContent NoCsv(string observed) => new(file, hash, Nothing, [Finding.Of(Faults.ClnFormat, new(Path: file.Name), observed)]);
        try
        {
            using SepReader reader = Sep.New(file.Delimiter).Reader(options => options with
            {
                HasHeader = false,
                Unescape = true,
                DisableColCountCheck = true,
            }).From(bytes);
            foreach (SepReader.Row row in reader) rows.Add(row);
        }
        catch (Exception bad) when (bad is InvalidDataException or NotSupportedException)
        {
            // the parser's own words may quote the file
            return NoCsv(Invariant($"trouble after line {rows.Line}"));
        }
        // the parser takes the rest of the file for the field of the last row
        if (bytes.AsSpan().Count((byte)'"') % 2 != 0) return NoCsv(Invariant($"a quote in line {rows.Line} that does not end"));
        return new(file, hash, rows.Values, rows.Findings());
    }

    /// <summary>UTF-16 has zero bytes, which no text of a table has.</summary>
    private static int? LineOfBadBytes(ReadOnlySpan<byte> bytes)
    {
        int zero = bytes.IndexOf((byte)0);
        if (zero < 0 && Utf8.IsValid(bytes)) return null;
        ReadOnlySpan<byte> sound = zero < 0 ? bytes : bytes[..zero];
        int from = 0, length = 1 << 12;
        char[] text = new char[length];
        while (from < sound.Length)
        {
            Utf8.ToUtf16(sound[from..Math.Min(sound.Length, from + length)], text, out int read, out _, replaceInvalidSequences: false);
            if (read == 0) break;
            from += read;
        }
        return 1 + sound[..from].Count((byte)'\n');
    }
}
