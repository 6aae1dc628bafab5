using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VerseEtl.Transform.Cohort;

/// <summary>128 bits of a text's SHA-256: sixteen bytes stand for a text where there are a million.</summary>
internal readonly record struct TextKey(ulong High, ulong Low) : IComparable<TextKey>
{
    public static TextKey Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return new TextKey(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]));
    }

    public int CompareTo(TextKey other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);
}
