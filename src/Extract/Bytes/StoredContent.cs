using System.Buffers.Binary;
using System.Globalization;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Extract.Bytes;

/// <summary>What a file's first bytes say it is, where gzip was expected.</summary>
internal static class StoredContent
{
    /// <summary>Enough bytes to see the magic of a NIfTI-1 header, which stands at its end.</summary>
    public const int Glimpse = 348;

    private const int Nifti1HeaderSize = 348;
    private const int Nifti2HeaderSize = 540;
    private const int Nifti1MagicOffset = 344;
    private const int ShownBytes = 2;

    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xB5, 0x2F, 0xFD];

    private static ReadOnlySpan<byte> XzMagic => [0xFD, 0x37, 0x7A, 0x58, 0x5A];

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="BadFileException">GZ_EMPTY or GZ_NOT_GZIP.</exception>
    public static void RequireGzip(ReadOnlySpan<byte> start)
    {
        if (start.IsEmpty) throw new BadFileException(Faults.GzEmpty, observed: "0 bytes", expected: "a gzip file");
        if (start[0] == GzipHeader.Magic1 && (start.Length == 1 || start[1] == GzipHeader.Magic2)) return;
        (Content content, string name) = Describe(start);
        throw new BadFileException(content switch
        {
            Content.Pointer => Faults.GzPointer,
            Content.Page => Faults.GzPage,
            Content.Packed => Faults.GzPacked,
            Content.PlainNifti => Faults.GzPlain,
            _ => Faults.GzNotGzip,
        }, observed: name, expected: "1F 8B");
    }

    /// <summary>Refuses what is no plain NIfTI and is known; anything else is left to the checks of the header.</summary>
    /// <exception cref="BadFileException">NII_MAGIC.</exception>
    public static void RefuseKnown(ReadOnlySpan<byte> start)
    {
        (Content content, string name) = Describe(start);
        Fault? fault = content switch
        {
            Content.Gzip => Faults.NiiGzip,
            Content.Pointer => Faults.NiiPointer,
            Content.Page => Faults.NiiPage,
            Content.Packed => Faults.NiiPacked,
            _ => null,
        };
        if (fault is not null) throw new BadFileException(fault, observed: name, expected: "a NIfTI header");
    }

    /// <summary>The two bytes that gzip starts with.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> start) => start is [GzipHeader.Magic1, GzipHeader.Magic2, ..];

    /// <summary>The header's size field or magic as NIfTI-1 or NIfTI-2 has them, in either byte order.</summary>
    public static bool IsPlainNifti(ReadOnlySpan<byte> start)
    {
        if (start.Length < sizeof(int)) return false;
        int size = BinaryPrimitives.ReadInt32LittleEndian(start);
        int swapped = BinaryPrimitives.ReverseEndianness(size);
        return size is Nifti1HeaderSize or Nifti2HeaderSize || swapped is Nifti1HeaderSize or Nifti2HeaderSize
            || (start.Length > Nifti1MagicOffset && start[Nifti1MagicOffset..].StartsWith("n+1"u8));
    }

    // words, or the two bytes in question: text from inside the file may hold patient data
    private static (Content Content, string Name) Describe(ReadOnlySpan<byte> start)
    {
        if (IsPlainNifti(start)) return (Content.PlainNifti, "plain NIfTI");
        if (IsGzip(start)) return (Content.Gzip, "gzip");
        if (start.StartsWith("PK"u8)) return (Content.Packed, "ZIP archive");
        if (start.StartsWith(ZstdMagic)) return (Content.Packed, "zstd");
        if (start.StartsWith("BZh"u8)) return (Content.Packed, "bzip2");
        if (start.StartsWith(XzMagic)) return (Content.Packed, "xz");
        if (start.StartsWith("version https://git-lfs"u8)) return (Content.Pointer, "Git LFS pointer");
        if (start.StartsWith("/annex/objects/"u8)) return (Content.Pointer, "git-annex pointer");
        ReadOnlySpan<byte> text = start.StartsWith(Utf8Mark) ? start[Utf8Mark.Length..] : start;
        text = text.TrimStart(" \t\r\n"u8);
        if (StartsWithIgnoringCase(text, "<!doctype html") || StartsWithIgnoringCase(text, "<html")) return (Content.Page, "HTML page");
        return (Content.Unknown,
            string.Join(' ', start[..Math.Min(ShownBytes, start.Length)].ToArray().Select(b => b.ToString("X2", CultureInfo.InvariantCulture))));
    }

    private enum Content { Unknown, PlainNifti, Gzip, Pointer, Page, Packed }

    private static bool StartsWithIgnoringCase(ReadOnlySpan<byte> text, string ascii) =>
        text.Length >= ascii.Length && System.Text.Ascii.EqualsIgnoreCase(text[..ascii.Length], ascii);
}
