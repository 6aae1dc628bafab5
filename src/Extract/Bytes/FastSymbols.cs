using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using VerseEtl.Transform.Kernels;

namespace VerseEtl.Extract.Bytes;

/// <summary>
/// The loop that decodes nearly all symbols. It is the one place with pointers.
/// What keeps it in bounds:
/// <list type="bullet">
/// <item>Input: a turn begins only while at least <see cref="InputMargin"/> bytes are left in the buffer. It refills once, which loads
/// 8 bytes and moves on by at most 7. The loop over repeated tokens makes the same check before each refill of its own and is followed
/// by one more, so a turn reads less than 3 * 7 + 8 = 29 bytes.</item>
/// <item>Output: a turn begins only below <see cref="Limit"/>. It writes at most four literals (a store is 4 bytes wide) and one match of
/// 258 bytes whose last step ends less than 64 bytes beyond it, so it stays within <see cref="Slack"/>. Longer repeats go through
/// <see cref="WriteRepeat"/>, which is checked.</item>
/// <item>History: a distance beyond <see cref="_low"/> is never followed. A match reads from its source up to 63 bytes beyond its end,
/// which lie within <see cref="Slack"/> too.</item>
/// <item>Bits: a turn begins with 56. A length takes at most 20 of them, a distance 28, a packed entry at most the 12 that index the
/// table; a turn takes one length and one distance, or two packed entries and one distance.</item>
/// <item>Tables: the index has as many bits as the table; subtables lie within the table's capacity by construction.</item>
/// </list>
/// At least 10 bytes of input follow every symbol here, so what is not valid is so whatever comes.
/// </summary>
internal sealed unsafe partial class Inflater
{
    private const int InputMargin = 32;
    private const ulong SymbolIndexMask = (1 << PrimaryBits) - 1;
    private const ulong SymbolSubtableMask = (1 << (HuffmanTable.LongestCode - PrimaryBits)) - 1;
    private const ulong DistanceIndexMask = (1 << DistanceBits) - 1;
    private const ulong DistanceSubtableMask = (1 << (HuffmanTable.LongestCode - DistanceBits)) - 1;

    // a distance below this is made up for by a pattern of so many bytes
    private const int PatternSize = 16;

    // Patterns[PatternSize * d + t] = t modulo d, and Patterns[d] = the least multiple of d that is not below PatternSize
    private static readonly byte[] Patterns = MakePatterns();

    // decodes until the block ends, the chunk is full, the input is nearly used up or a long repeat is due
    [MethodImpl(Hot.Method)]
    private void DecodeFast()
    {
        if (input.End - input.At < InputMargin) return;
        string? invalid = null;
        fixed (byte* stored = input.Buffer, unpacked = _window, patterns = Patterns)
        fixed (uint* packedTable = _packed, symbolTable = _symbols, distanceTable = _distances)
        {
            byte* next = stored + input.At;
            byte* lastStart = stored + input.End - InputMargin;
            byte* output = unpacked + _at;
            byte* outputLimit = unpacked + Limit;
            byte* history = unpacked + _low;
            ulong bits = input.Bits;
            int count = input.BitCount;

            Refill(ref next, ref bits, ref count);
            while (output < outputLimit && next <= lastStart)
            {
                int length;
                ulong lengthBits = bits;
                int lengthSize = 0;
                uint entry = packedTable[bits & SymbolIndexMask];
                if ((entry & HuffmanTable.Unpacked) == 0)
                {
                    WriteLiterals(entry, ref output, ref bits, ref count);
                    length = (int)(entry >> HuffmanTable.MatchShift);
                    if (length == 0)
                    {
                        entry = packedTable[bits & SymbolIndexMask];
                        if ((entry & HuffmanTable.Unpacked) != 0)
                        {
                            Refill(ref next, ref bits, ref count);
                            continue;
                        }
                        WriteLiterals(entry, ref output, ref bits, ref count);
                        length = (int)(entry >> HuffmanTable.MatchShift);
                        if (length == 0)
                        {
                            Refill(ref next, ref bits, ref count);
                            continue;
                        }
                    }
                }
                else
                {
                    entry &= ~HuffmanTable.Unpacked;
                    if ((entry & HuffmanTable.Exceptional) != 0)
                    {
                        if ((entry & HuffmanTable.Subtable) != 0)
                            entry = symbolTable[(entry >> HuffmanTable.BaseShift) + ((bits >> PrimaryBits) & SymbolSubtableMask)];
                        if ((entry & HuffmanTable.AnyLiteral) != 0)
                        {
                            WriteLiterals(entry, ref output, ref bits, ref count);
                            Refill(ref next, ref bits, ref count);
                            continue;
                        }
                        if ((entry & HuffmanTable.Exceptional) != 0)
                        {
                            if ((entry & HuffmanTable.EndOfBlock) == 0) invalid = NoSuchLength;
                            Drop(entry, ref bits, ref count);
                            _part = Part.BlockHeader;
                            break;
                        }
                    }
                    lengthSize = (int)(entry & HuffmanTable.DropMask);
                    length = TakeValue(entry, ref bits, ref count);
                }

                ulong distanceBits = bits;
                entry = distanceTable[bits & DistanceIndexMask];
                if ((entry & HuffmanTable.Exceptional) != 0)
                {
                    if ((entry & HuffmanTable.Subtable) != 0)
                        entry = distanceTable[(entry >> HuffmanTable.BaseShift) + ((bits >> DistanceBits) & DistanceSubtableMask)];
                    if ((entry & HuffmanTable.Exceptional) != 0)
                    {
                        invalid = NoSuchDistance;
                        break;
                    }
                }
                int distance = TakeValue(entry, ref bits, ref count);
                Refill(ref next, ref bits, ref count);
                if (distance > output - history)
                {
                    invalid = TooFar;
                    break;
                }

                if (length == LongestMatch)
                {
                    // whole tokens equal to this one, as many of them at once as fit the 56 bits
                    int size = lengthSize + (int)(entry & HuffmanTable.DropMask);
                    ulong sameToken = ulong.MaxValue >> (64 - size);
                    ulong token = (lengthBits & (ulong.MaxValue >> (64 - lengthSize)) | distanceBits << lengthSize) & sameToken;
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
                        Refill(ref next, ref bits, ref count);

                        _at = (int)(output - unpacked);
                        TakeRepeat(LongestMatch * (tokens + more), distance);
                        output = unpacked + _at;
                        if (_repeatLeft > 0 || _zerosPending > 0) break;
                        continue;
                    }
                }
                output = Copy(output, distance, length, patterns);
            }
            _at = (int)(output - unpacked);
            input.At = (int)(next - stored);
            input.BitCount = count;
            input.Bits = bits & ((1UL << count) - 1);
        }
        if (invalid is not null) throw Invalid(invalid);
    }

    // a long repeat of zeros is left to be counted, any other is written as far as there is room
    [MethodImpl(Hot.Method)]
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
        ulong codeAndExtra = Bmi2.X64.IsSupported ? Bmi2.X64.ZeroHighBits(bits, entry & HuffmanTable.DropMask) : bits & ~(ulong.MaxValue << (int)entry);
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

    // a match in steps that never read what the same step writes: one of 32 bytes, nearly always enough, then two at a time, since a wrong
    // guess about the length costs more than a step. Up to 63 bytes beyond the match's end are overwritten
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* Copy(byte* output, int distance, int length, byte* patterns)
    {
        byte* end = output + length;
        byte* source = output - distance;
        if (distance >= 32)
        {
            Vector256.Load(source).Store(output);
            while (length > 32)
            {
                Vector256.Load(source + 32).Store(output + 32);
                Vector256.Load(source + 64).Store(output + 64);
                source += 64;
                output += 64;
                length -= 64;
            }
            return end;
        }
        if (distance < PatternSize)
        {
            // once a pattern is there, what lies whole periods back is far enough
            Vector128.Shuffle(Vector128.Load(source), Vector128.Load(patterns + PatternSize * distance)).Store(output);
            output += PatternSize;
            source = output - patterns[distance];
        }
        while (output < end)
        {
            Vector128.Load(source).Store(output);
            source += 16;
            output += 16;
        }
        return end;
    }

    private static byte[] MakePatterns()
    {
        byte[] patterns = new byte[PatternSize * PatternSize];
        for (int at = PatternSize; at < patterns.Length; at++) patterns[at] = (byte)(at % PatternSize % (at / PatternSize));
        for (int distance = 1; distance < PatternSize; distance++) patterns[distance] = (byte)((PatternSize + distance - 1) / distance * distance);
        return patterns;
    }
}
