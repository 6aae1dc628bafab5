namespace VerseEtl.Host.Flow;

/// <summary>One of so many parts of the scans, from 1.</summary>
public readonly record struct Shard(int Number, int Count)
{
    public const int Most = 1_000_000;

    public static Shard Whole => new(1, 1);

    /// <summary>As in `3/8`; null for anything else.</summary>
    public static Shard? Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length != 2 || Number(parts[0]) is not int number || Number(parts[1]) is not int count || number > count) return null;
        return new Shard(number, count);

        static int? Number(string digits) =>
            int.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int value)
                && value is >= 1 and <= Most ? value : null;
    }

    /// <summary>
    /// The scans of this part. Every scan is in exactly one part, and the parts differ in bytes by at most the largest scan: the largest first, each to
    /// the part that has the least. The same on every host that sees the same scans.
    /// </summary>
    /// <param name="bytes">Of each scan, in key order.</param>
    /// <returns>Places in that order, ascending.</returns>
    public int[] Of(IReadOnlyList<long> bytes)
    {
        int[] places = [.. Enumerable.Range(0, bytes.Count)];
        if (Count == 1) return places;
        Array.Sort(places, (one, other) => bytes[other].CompareTo(bytes[one]) is var order && order != 0 ? order : one.CompareTo(other));
        PriorityQueue<int, (long Bytes, int Scans, int Part)> parts = new(Enumerable.Range(1, Count).Select(part => (part, (0L, 0, part))));
        List<int> mine = [];
        foreach (int place in places)
        {
            parts.TryPeek(out int part, out (long Bytes, int Scans, int Part) load);
            parts.DequeueEnqueue(part, (load.Bytes + bytes[place], load.Scans + 1, part));
            if (part == Number) mine.Add(place);
        }
        mine.Sort();
        return [.. mine];
    }

    public override string ToString() => Invariant($"{Number}/{Count}");
}
