using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// CRC-32 as gzip has it (RFC 1952, 8; polynomial 0xEDB88320, bits reflected). Values are finished ones: 0 for no bytes. The
/// register is carried over zeros that were never written. Bytes are folded by carry-less multiplication
/// (Gopal et al., Fast CRC Computation for Generic Polynomials Using PCLMULQDQ, Intel 2009), 128 at a time.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;
    private const int FoldedBytes = 128;

    // Slice[s * 256 + b]: register after byte b and s zero bytes
    private static readonly uint[] Slice = MakeSlices();

    // ZeroPower[k] = x^(8 * 2^k) modulo the polynomial: what 2^k zero bytes multiply the register by
    private static readonly uint[] ZeroPower = MakeZeroPowers();

    // what the low and the high half of a vector are multiplied by to stand 128 or 16 bytes further on
    private static readonly Vector128<ulong> By128Bytes = Vector128.Create((ulong)PowerOfX(1024 + 32) << 1, (ulong)PowerOfX(1024 - 32) << 1);
    private static readonly Vector128<ulong> By16Bytes = Vector128.Create((ulong)PowerOfX(128 + 32) << 1, (ulong)PowerOfX(128 - 32) << 1);

    [MethodImpl(Hot.Method)]
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint register = ~crc;
        if (Pclmulqdq.V256.IsSupported && bytes.Length >= 2 * FoldedBytes)
        {
            register = Fold(register, bytes);
            bytes = bytes[(bytes.Length & ~(16 - 1))..];
        }
        return ~AppendToRegister(register, bytes);
    }

    /// <summary>The CRC after <paramref name="count"/> more zero bytes: one multiplication for each bit of the count.</summary>
    [MethodImpl(Hot.Method)]
    public static uint AppendZeros(uint crc, long count)
    {
        uint register = ~crc;
        for (int k = 0; count != 0; k++, count >>= 1)
            if ((count & 1) != 0) register = Pclmulqdq.IsSupported ? MultiplyCarryless(ZeroPower[k], register) : Multiply(ZeroPower[k], register);
        return ~register;
    }

    [MethodImpl(Hot.Method)]
    private static uint AppendToRegister(uint register, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> slice = Slice;
        while (bytes.Length >= 8)
        {
            ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ register;
            register = slice[7 * 256 + (int)(eight & 0xFF)] ^ slice[6 * 256 + (int)(eight >> 8 & 0xFF)]
                ^ slice[5 * 256 + (int)(eight >> 16 & 0xFF)] ^ slice[4 * 256 + (int)(eight >> 24 & 0xFF)]
                ^ slice[3 * 256 + (int)(eight >> 32 & 0xFF)] ^ slice[2 * 256 + (int)(eight >> 40 & 0xFF)]
                ^ slice[256 + (int)(eight >> 48 & 0xFF)] ^ slice[(int)(eight >> 56)];
            bytes = bytes[8..];
        }
        foreach (byte b in bytes) register = (register >> 8) ^ slice[(int)((register ^ b) & 0xFF)];
        return register;
    }

    // all whole 16 bytes, of which there are at least 8; the rest is left to the caller
    [MethodImpl(Hot.Method)]
    private static uint Fold(uint register, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector256<ulong>> wide = MemoryMarshal.Cast<byte, Vector256<ulong>>(bytes[..(bytes.Length / FoldedBytes * FoldedBytes)]);
        Vector256<ulong> factor = Vector256.Create(By128Bytes, By128Bytes);
        Vector256<ulong> a = wide[0] ^ Vector256.Create(register, 0ul, 0, 0);
        Vector256<ulong> b = wide[1];
        Vector256<ulong> c = wide[2];
        Vector256<ulong> d = wide[3];
        for (wide = wide[4..]; wide.Length >= 4; wide = wide[4..])
        {
            a = Advance(a, factor) ^ wide[0];
            b = Advance(b, factor) ^ wide[1];
            c = Advance(c, factor) ^ wide[2];
            d = Advance(d, factor) ^ wide[3];
        }

        Vector128<ulong> narrow = By16Bytes;
        Vector128<ulong> folded = a.GetLower();
        folded = Advance(folded, narrow) ^ a.GetUpper();
        folded = Advance(folded, narrow) ^ b.GetLower();
        folded = Advance(folded, narrow) ^ b.GetUpper();
        folded = Advance(folded, narrow) ^ c.GetLower();
        folded = Advance(folded, narrow) ^ c.GetUpper();
        folded = Advance(folded, narrow) ^ d.GetLower();
        folded = Advance(folded, narrow) ^ d.GetUpper();
        foreach (Vector128<ulong> sixteen in MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes[(bytes.Length / FoldedBytes * FoldedBytes)..]))
            folded = Advance(folded, narrow) ^ sixteen;

        Span<byte> last = stackalloc byte[16];
        folded.AsByte().CopyTo(last);
        return AppendToRegister(0, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Advance(Vector256<ulong> value, Vector256<ulong> factor) =>
        Pclmulqdq.V256.CarrylessMultiply(value, factor, 0x00) ^ Pclmulqdq.V256.CarrylessMultiply(value, factor, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Advance(Vector128<ulong> value, Vector128<ulong> factor) =>
        Pclmulqdq.CarrylessMultiply(value, factor, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, factor, 0x11);

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

    // the same: the 63-bit product, then its lower half reduced as four bytes that pass through the register
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint MultiplyCarryless(uint a, uint b)
    {
        ulong product = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar((ulong)a), Vector128.CreateScalar((ulong)b), 0).ToScalar() << 1;
        uint low = (uint)product;
        return (uint)(product >> 32) ^ Slice[3 * 256 + (int)(low & 0xFF)] ^ Slice[2 * 256 + (int)(low >> 8 & 0xFF)]
            ^ Slice[256 + (int)(low >> 16 & 0xFF)] ^ Slice[(int)(low >> 24)];
    }

    private static uint TimesX(uint a) => (a & 1) != 0 ? (a >> 1) ^ Polynomial : a >> 1;

    private static uint PowerOfX(int exponent)
    {
        uint power = 1u << 31;
        for (int k = 0; k < exponent; k++) power = TimesX(power);
        return power;
    }

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
        uint power = PowerOfX(8);
        for (int k = 0; k < powers.Length; k++)
        {
            powers[k] = power;
            power = Multiply(power, power);
        }
        return powers;
    }
}
