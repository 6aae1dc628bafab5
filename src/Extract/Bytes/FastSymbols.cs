using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// The loop that decodes nearly all symbols. It is the one place with pointers.
/// What keeps it in bounds:
/// <list type="bullet">
/// <item>Input: an iteration begins only while at least <see cref="InputMargin"/> bytes are left in the buffer. It refills at most three
/// times, each refill loads 8 bytes and moves on by at most 7, so it reads less than 3 * 7 + 8 = 29 bytes. The loop over repeated tokens
/// makes the same check before each refill of its own.</item>
/// <item>Output: an iteration begins only below <see cref="Limit"/>. It writes at most three times three literals (the last store is 4
/// bytes wide) and one match of 258 bytes in steps of at most 32, so it ends less than 9 + 258 + 31 bytes further, within
/// <see cref="Slack"/>. Longer repeats go through <see cref="WriteRepeat"/>, which is checked.</item>
/// <item>History: a distance beyond <see cref="_low"/> is never followed.</item>
/// <item>Tables: the index has as many bits as the table; subtables lie within the table's capacity by construction.</item>
/// </list>
/// Nothing is reported from here: at whatever is not valid the loop stops before the symbol, and the careful path says what is wrong.
/// </summary>
internal sealed unsafe partial class Inflater
{
    private const int InputMargin = 32;
    private const ulong LiteralIndexMask = (1 << PrimaryBits) - 1;
    private const ulong LiteralSubtableMask = (1 << (HuffmanTable.LongestCode - PrimaryBits)) - 1;
    private const ulong DistanceIndexMask = (1 << DistanceBits) - 1;
    private const ulong DistanceSubtableMask = (1 << (HuffmanTable.LongestCode - DistanceBits)) - 1;

    // decodes until the block ends, the chunk is full, the input is nearly used up, a long repeat is due or a symbol is not valid
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DecodeFast()
    {
        if (input.End - input.At < InputMargin) return;
        fixed (byte* stored = input.Buffer, unpacked = _window)
        fixed (uint* literalTable = _packed, symbolTable = _symbols, distanceTable = _distances)
        {
            byte* next = stored + input.At;
            byte* lastStart = stored + input.End - InputMargin;
            byte* output = unpacked + _at;
            byte* outputLimit = unpacked + Limit;
            byte* history = unpacked + _low;
            ulong bits = input.Bits;
            int count = input.BitCount;

            while (output < outputLimit && next <= lastStart)
            {
                Refill(ref next, ref bits, ref count);
                uint entry = literalTable[bits & LiteralIndexMask];
                if ((entry & HuffmanTable.AnyLiteral) != 0)
                {
                    WriteLiterals(entry, ref output, ref bits, ref count);
                    entry = literalTable[bits & LiteralIndexMask];
                    if ((entry & HuffmanTable.AnyLiteral) != 0)
                    {
                        WriteLiterals(entry, ref output, ref bits, ref count);
                        entry = literalTable[bits & LiteralIndexMask];
                        if ((entry & HuffmanTable.AnyLiteral) != 0)
                        {
                            WriteLiterals(entry, ref output, ref bits, ref count);
                            continue;
                        }
                    }
                    Refill(ref next, ref bits, ref count);
                }

                if ((entry & HuffmanTable.Exceptional) != 0)
                {
                    if ((entry & HuffmanTable.Subtable) != 0)
                        entry = symbolTable[(entry >> HuffmanTable.BaseShift) + ((bits >> PrimaryBits) & LiteralSubtableMask)];
                    if ((entry & HuffmanTable.AnyLiteral) != 0)
                    {
                        WriteLiterals(entry, ref output, ref bits, ref count);
                        continue;
                    }
                    if ((entry & HuffmanTable.Exceptional) != 0)
                    {
                        if ((entry & HuffmanTable.EndOfBlock) == 0) break;
                        Drop(entry, ref bits, ref count);
                        _part = Part.BlockHeader;
                        break;
                    }
                }

                // a length and its distance take at most 48 of the 56 bits there are
                ulong tokenBits = bits;
                int tokenCount = count;
                int length = TakeValue(entry, ref bits, ref count);
                entry = distanceTable[bits & DistanceIndexMask];
                if ((entry & HuffmanTable.Exceptional) != 0)
                {
                    if ((entry & HuffmanTable.Subtable) != 0)
                        entry = distanceTable[(entry >> HuffmanTable.BaseShift) + ((bits >> DistanceBits) & DistanceSubtableMask)];
                    if ((entry & HuffmanTable.Exceptional) != 0)
                    {
                        bits = tokenBits;
                        count = tokenCount;
                        break;
                    }
                }
                int distance = TakeValue(entry, ref bits, ref count);
                if (distance > output - history)
                {
                    bits = tokenBits;
                    count = tokenCount;
                    break;
                }

                if (length == LongestMatch)
                {
                    int size = tokenCount - count;
                    Refill(ref next, ref bits, ref count);
                    // whole tokens equal to this one, as many of them at once as fit the 56 bits; lastStart is checked before each refill
                    ulong sameToken = ulong.MaxValue >> (64 - size);
                    ulong token = tokenBits & sameToken;
                    if (((bits ^ token) & sameToken) == 0)
                    {
                        ulong pattern = token;
                        for (int filled = size; filled < 64; filled *= 2) pattern |= pattern << filled;
                        int tokensAtOnce = 56 / size;
                        int bitsAtOnce = tokensAtOnce * size;
                        ulong allSame = ulong.MaxValue >> (64 - bitsAtOnce);
                        long tokens = 1;
                        while (((bits ^ pattern) & allSame) == 0 && next <= lastStart)
                        {
                            tokens += tokensAtOnce;
                            bits >>= bitsAtOnce;
                            count -= bitsAtOnce;
                            Refill(ref next, ref bits, ref count);
                        }
                        int more = Math.Min(BitOperations.TrailingZeroCount(bits ^ pattern), 56) / size;
                        bits >>= more * size;
                        count -= more * size;

                        _at = (int)(output - unpacked);
                        TakeRepeat(LongestMatch * (tokens + more), distance);
                        output = unpacked + _at;
                        if (_repeatLeft > 0 || _zerosPending > 0) break;
                        continue;
                    }
                }
                output = Copy(output, distance, length);
            }
            _at = (int)(output - unpacked);
            input.At = (int)(next - stored);
            input.BitCount = count;
            input.Bits = bits & ((1UL << count) - 1);
        }
    }

    // a long repeat of zeros is left to be counted, any other is written as far as there is room
    private void TakeRepeat(long length, int distance)
    {
        if (length >= LeastZeros && !_window.AsSpan(_at - distance, distance).ContainsAnyExcept((byte)0))
        {
            _zerosPending = length;
            return;
        }
        _repeatLeft = length;
        _repeatDistance = distance;
        WriteRepeat();
    }

    // leaves 56 to 63 bits; those above the count are the stream's own, so that setting them again at the next refill changes nothing
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Refill(ref byte* next, ref ulong bits, ref int count)
    {
        bits |= *(ulong*)next << count;
        next += (63 - count) >> 3;
        count |= 56;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteLiterals(uint entry, ref byte* output, ref ulong bits, ref int count)
    {
        *(uint*)output = entry >> HuffmanTable.LiteralShift;
        output += (entry >> HuffmanTable.LiteralCountShift) & HuffmanTable.LiteralCountMask;
        Drop(entry, ref bits, ref count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int TakeValue(uint entry, ref ulong bits, ref int count)
    {
        ulong codeAndExtra = bits & ~(ulong.MaxValue << (int)(entry & HuffmanTable.DropMask));
        int value = (int)(entry >> HuffmanTable.BaseShift) + (int)(codeAndExtra >> (int)((entry >> HuffmanTable.CodeBitsShift) & HuffmanTable.CodeBitsMask));
        Drop(entry, ref bits, ref count);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Drop(uint entry, ref ulong bits, ref int count)
    {
        bits >>= (int)entry; // a shift takes its count modulo 64, which is the entry's drop field
        count -= (int)(entry & HuffmanTable.DropMask);
    }

    // a match in steps that never read what the same step writes; up to 31 bytes beyond its end are overwritten
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Copy(byte* output, int distance, int length)
    {
        byte* source = output - distance;
        byte* end = output + length;
        if (distance >= 32)
        {
            do
            {
                Vector256.Load(source).Store(output);
                source += 32;
                output += 32;
            }
            while (output < end);
        }
        else if (distance >= 16)
        {
            do
            {
                Vector128.Load(source).Store(output);
                source += 16;
                output += 16;
            }
            while (output < end);
        }
        else if (distance == 1)
        {
            Vector256<byte> repeated = Vector256.Create(*source);
            do
            {
                repeated.Store(output);
                output += 32;
            }
            while (output < end);
        }
        else
        {
            CopyShortPeriod(output, distance, length);
        }
        return end;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyShortPeriod(byte* output, int distance, int length)
    {
        byte* end = output + length;
        byte* source = output - distance;
        // with a period below 8 the first bytes are written one by one, until what lies whole periods back is 8 bytes or more away
        int period = distance;
        if (distance < 8)
        {
            period = distance * ((8 + distance - 1) / distance);
            byte* whole = source + period;
            while (output < whole && output < end) *output++ = *source++;
            source = output - period;
        }
        while (output < end)
        {
            *(ulong*)output = *(ulong*)source;
            output += 8;
            source += 8;
        }
    }
}
