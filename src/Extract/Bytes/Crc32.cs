namespace VerseEtl.Extract.Bytes;

/// <summary>CRC-32 as gzip has it (RFC 1952, 8; polynomial 0xEDB88320, reflected). Values are finished ones: 0 for no bytes.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;

    // Slice[s * 256 + b]: register after byte b and s zero bytes
    private static readonly uint[] Slice = MakeSlices();

    // ZeroPower[k] = x^(8 * 2^k) modulo the polynomial: what 2^k zero bytes multiply the register by
    private static readonly uint[] ZeroPower = MakeZeroPowers();

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint register = ~crc;
        foreach (byte b in bytes) register = (register >> 8) ^ Slice[(register ^ b) & 0xFF];
        return ~register;
    }

    /// <summary>The CRC after <paramref name="count"/> more zero bytes: one multiplication for each bit of the count.</summary>
    public static uint AppendZeros(uint crc, long count)
    {
        uint register = ~crc;
        for (int k = 0; count != 0; k++, count >>= 1)
            if ((count & 1) != 0) register = Multiply(ZeroPower[k], register);
        return ~register;
    }

    // polynomials over GF(2) in reflected order: bit 31 is x^0
    private static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (uint bit = 1u << 31; bit != 0; bit >>= 1)
        {
            if ((a & bit) != 0) product ^= b;
            b = TimesX(b);
        }
        return product;
    }

    private static uint TimesX(uint a) => (a & 1) != 0 ? (a >> 1) ^ Polynomial : a >> 1;

    private static uint[] MakeSlices()
    {
        uint[] slice = new uint[Slices * 256];
        for (uint b = 0; b < 256; b++)
        {
            uint register = b;
            for (int bit = 0; bit < 8; bit++) register = TimesX(register);
            slice[b] = register;
        }
        for (int at = 256; at < slice.Length; at++) slice[at] = (slice[at - 256] >> 8) ^ slice[slice[at - 256] & 0xFF];
        return slice;
    }

    private static uint[] MakeZeroPowers()
    {
        uint[] powers = new uint[63];
        uint power = 1u << (31 - 8);
        for (int k = 0; k < powers.Length; k++)
        {
            powers[k] = power;
            power = Multiply(power, power);
        }
        return powers;
    }
}
