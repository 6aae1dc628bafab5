using VerseEtl.Extract.Tests.Bytes;

namespace VerseEtl.Extract.Tests.Differential;

/// <summary>
/// Valid DEFLATE that no encoder would write: blocks of all types in any order, Huffman codes of any shape up to 15 bits, matches of any
/// length and distance whether or not they pay, lengths of codes stated with and without repeats. The content is known by construction.
/// </summary>
internal sealed class RandomDeflate
{
    private const int EndOfBlock = 256, Longest = 258;

    private static readonly int[] CodeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    private static readonly (int Base, int Extra)[] Lengths = Ranges(28, first: 3, perStep: 4), Distances = Ranges(30, first: 1, perStep: 2);

    private readonly Random _random;
    private readonly bool _spoilt;
    private readonly DeflateWriter _bits = new();
    private readonly List<byte> _content = [];

    private readonly record struct Token(int Symbol, int Extra, int ExtraBits, int DistanceSymbol, int DistanceExtra, int DistanceBits);

    private RandomDeflate(Random random, bool spoilt) => (_random, _spoilt) = (random, spoilt);

    /// <param name="random">Where everything comes from.</param>
    /// <param name="mostContent">About how many bytes it unpacks to at most.</param>
    /// <param name="spoilt">Gives one symbol of each dynamic code another length, which makes most of them no code at all; the content is then void.</param>
    public static (byte[] Deflated, byte[] Content) Of(Random random, int mostContent, bool spoilt = false)
    {
        RandomDeflate made = new(random, spoilt);
        int blocks = random.Next(1, 6);
        for (int block = 0; block < blocks; block++)
        {
            bool last = block == blocks - 1;
            switch (random.Next(5))
            {
                case 0: made.Stored(last); break;
                case 1: made.Fixed(last, mostContent); break;
                default: made.Dynamic(last, mostContent); break;
            }
        }
        return (made._bits.ToArray(), [.. made._content]);
    }

    private void Stored(bool last)
    {
        byte[] bytes = new byte[_random.Next(4) == 0 ? 0 : _random.Next(100)];
        _random.NextBytes(bytes);
        _content.AddRange(bytes);
        _bits.Stored(bytes, last);
    }

    private void Fixed(bool last, int mostContent)
    {
        _bits.Block(1, last);
        foreach (Token token in Tokens(mostContent))
        {
            _bits.Fixed(token.Symbol);
            if (token.Symbol <= EndOfBlock) continue;
            _bits.Number(token.Extra, token.ExtraBits).FixedDistance(token.DistanceSymbol).Number(token.DistanceExtra, token.DistanceBits);
        }
        _bits.FixedEnd();
    }

    private void Dynamic(bool last, int mostContent)
    {
        List<Token> tokens = Tokens(mostContent);
        int[] literalLengths = Code([EndOfBlock, .. tokens.Select(token => token.Symbol)], 286, 15);
        int[] distanceLengths = Code(tokens.Where(token => token.Symbol > EndOfBlock).Select(token => token.DistanceSymbol), 30, 15);
        if (_spoilt)
        {
            int[] spoilt = _random.Next(2) == 0 ? literalLengths : distanceLengths;
            spoilt[_random.Next(spoilt.Length)] = _random.Next(2) == 0 ? 15 : _random.Next(16);
        }
        int literals = Stated(literalLengths, 257), distances = Stated(distanceLengths, 1);
        List<(int Symbol, int Extra, int Bits)> stated = Repeats([.. literalLengths[..literals], .. distanceLengths[..distances]]);
        // a code of code lengths has to be complete, so it has two symbols at least
        int[] codeLengths = Code([stated[0].Symbol == 0 ? 1 : 0, .. stated.Select(entry => entry.Symbol)], 19, 7);
        int order = CodeLengthOrder.Length;
        while (order > 4 && codeLengths[CodeLengthOrder[order - 1]] == 0) order--;

        _bits.Block(2, last).Number(literals - 257, 5).Number(distances - 1, 5).Number(order - 4, 4);
        foreach (int symbol in CodeLengthOrder.AsSpan(0, order)) _bits.Number(codeLengths[symbol], 3);
        int[] codes = Canonical(codeLengths);
        foreach ((int symbol, int extra, int bits) in stated) _bits.Code(codes[symbol], codeLengths[symbol]).Number(extra, bits);

        int[] literalCodes = Canonical(literalLengths), distanceCodes = Canonical(distanceLengths);
        foreach (Token token in tokens)
        {
            _bits.Code(literalCodes[token.Symbol], literalLengths[token.Symbol]);
            if (token.Symbol <= EndOfBlock) continue;
            _bits.Number(token.Extra, token.ExtraBits).Code(distanceCodes[token.DistanceSymbol], distanceLengths[token.DistanceSymbol])
                .Number(token.DistanceExtra, token.DistanceBits);
        }
        _bits.Code(literalCodes[EndOfBlock], literalLengths[EndOfBlock]);
    }

    private List<Token> Tokens(int mostContent)
    {
        List<Token> tokens = [];
        int alphabet = _random.Next(3) == 0 ? 256 : _random.Next(1, 6), count = _random.Next(60);
        while (count-- > 0 && _content.Count < mostContent)
        {
            if (_content.Count == 0 || _random.Next(2) == 0)
            {
                byte literal = (byte)(_random.Next(3) == 0 ? 0 : _random.Next(alphabet));
                _content.Add(literal);
                tokens.Add(new(literal, 0, 0, 0, 0, 0));
                continue;
            }
            int length = _random.Next(2) == 0 ? Longest : _random.Next(3, Longest + 1);
            int furthest = Math.Min(_content.Count, 32768);
            int distance = _random.Next(3) switch { 0 => 1, 1 => Math.Min(1 << _random.Next(5), furthest), _ => _random.Next(1, furthest + 1) };
            // the longest match at one distance, again and again: what background packs to
            for (int times = _random.Next(6) == 0 ? _random.Next(1, 200) : 1; times > 0 && _content.Count < mostContent; times--)
            {
                for (int k = 0; k < length; k++) _content.Add(_content[^distance]);
                tokens.Add(Match(length, distance));
            }
        }
        return tokens;
    }

    private Token Match(int length, int distance)
    {
        int far = Array.FindLastIndex(Distances, range => range.Base <= distance);
        if (length == Longest && _random.Next(8) != 0) return new(285, 0, 0, far, distance - Distances[far].Base, Distances[far].Extra);
        int at = Array.FindLastIndex(Lengths, range => range.Base <= length);
        return new(257 + at, length - Lengths[at].Base, Lengths[at].Extra, far, distance - Distances[far].Base, Distances[far].Extra);
    }

    /// <summary>Lengths of a complete code for the used symbols and some more; one of a single bit, or none, where that is allowed.</summary>
    private int[] Code(IEnumerable<int> used, int symbols, int longest)
    {
        int[] lengths = new int[symbols];
        List<int> coded = [.. used.Distinct()];
        for (int more = _random.Next(3) == 0 ? _random.Next(symbols) : _random.Next(3); more > 0; more--) coded.Add(_random.Next(symbols));
        coded = [.. coded.Distinct()];
        if (coded.Count <= 1)
        {
            foreach (int symbol in coded) lengths[symbol] = 1;
            return lengths;
        }
        List<int> leaves = [0];
        bool slanted = _random.Next(2) == 0;
        while (leaves.Count < coded.Count)
        {
            int leaf = slanted && _random.Next(4) != 0 ? leaves.Count - 1 : _random.Next(leaves.Count);
            // a code may be too slanted to hold all symbols: then the shortest is split
            if (leaves[leaf] == longest) leaf = leaves.IndexOf(leaves.Min());
            leaves[leaf]++;
            leaves.Add(leaves[leaf]);
        }
        int[] order = [.. coded];
        _random.Shuffle(order);
        for (int at = 0; at < order.Length; at++) lengths[order[at]] = leaves[at];
        return lengths;
    }

    // trailing zeros need not be stated, but may
    private int Stated(int[] lengths, int least)
    {
        int count = lengths.Length;
        while (count > least && lengths[count - 1] == 0) count--;
        return _random.Next(3) == 0 ? _random.Next(count, lengths.Length + 1) : count;
    }

    private List<(int Symbol, int Extra, int Bits)> Repeats(int[] lengths)
    {
        List<(int, int, int)> stated = [];
        for (int at = 0; at < lengths.Length;)
        {
            int run = 1;
            while (at + run < lengths.Length && lengths[at + run] == lengths[at]) run++;
            bool plain = _random.Next(6) == 0;
            if (!plain && lengths[at] == 0 && run >= 3)
            {
                run = _random.Next(3, Math.Min(run, 138) + 1);
                stated.Add(run <= 10 ? (17, run - 3, 3) : (18, run - 11, 7));
            }
            else if (!plain && at > 0 && lengths[at] == lengths[at - 1] && run >= 3)
            {
                run = _random.Next(3, Math.Min(run, 6) + 1);
                stated.Add((16, run - 3, 2));
            }
            else
            {
                run = 1;
                stated.Add((lengths[at], 0, 0));
            }
            at += run;
        }
        return stated;
    }

    private static int[] Canonical(int[] lengths)
    {
        int[] codes = new int[lengths.Length];
        int code = 0;
        for (int length = 1; length <= 15; length++, code <<= 1)
            for (int symbol = 0; symbol < lengths.Length; symbol++)
                if (lengths[symbol] == length) codes[symbol] = code++;
        return codes;
    }

    private static (int Base, int Extra)[] Ranges(int count, int first, int perStep)
    {
        (int, int)[] ranges = new (int, int)[count];
        for (int at = 0; at < count; at++)
        {
            int extra = Math.Max(0, at / perStep - 1);
            ranges[at] = (first, extra);
            first += 1 << extra;
        }
        return ranges;
    }
}
