using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using VerseEtl.Host.Flow;

namespace VerseEtl.Host.Tests.Flow;

public sealed class DigestBuilderTests
{
    [Fact]
    public void A_digest_is_the_SHA256_of_what_was_added_whatever_its_length()
    {
        Random random = new(26);
        using DigestBuilder digest = new();
        for (int round = 0; round < 200; round++)
        {
            List<byte> expected = [];
            for (int part = random.Next(12); part > 0; part--)
            {
                int letters = random.Next(4) == 0 ? random.Next(5_000) : random.Next(90);
                string? text = random.Next(6) == 0 ? null : new string(random.Next(2) == 0 ? 'a' : '\u00e4', letters);
                byte[] length = new byte[sizeof(int)], number = new byte[sizeof(long)], before = new byte[random.Next(40)];
                BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
                BinaryPrimitives.WriteInt64LittleEndian(number, part);
                expected.AddRange([.. length, .. Encoding.UTF8.GetBytes(text ?? ""), .. number, .. before]);
                digest.Add(text);
                digest.Add([(long)part]);
                digest.Add(before);
            }
            // the same one goes on with the next
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([.. expected])), digest.Finish());
        }
    }
}
