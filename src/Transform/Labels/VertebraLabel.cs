namespace VerseEtl.Transform.Labels;

/// <summary>VerSe's label codes: 1..7 = C1..C7, 8..19 = T1..T12, 20..25 = L1..L6, 26 sacrum, 27 coccyx (both reserved), 28 = T13.</summary>
public static class VertebraLabel
{
    public const int Highest = 28;
    public const int C1 = 1;
    public const int T12 = 19;
    public const int L1 = 20;
    public const int L5 = 24;
    public const int L6 = 25;
    public const int Sacrum = 26;
    public const int Coccyx = 27;
    public const int T13 = 28;

    /// <summary>Every label in anatomical order, head to tail: 1..19, 28, 20..27.</summary>
    public static IReadOnlyList<int> Anatomical { get; } = [.. Enumerable.Range(1, 28).OrderBy(AnatomicalOrder)];

    public static bool IsKnown(long label) => label is >= 1 and <= Highest;

    public static bool IsReserved(long label) => label is Sacrum or Coccyx;

    /// <summary>C3 to the last lumbar: a body between two end plates, which C1, C2, sacrum and coccyx do not have.</summary>
    public static bool HasHeight(int label) => label is > 2 and not (Sacrum or Coccyx);

    /// <summary>Rank from head to tail, 1..28; T13 stands between T12 and L1. Sort by this, not by label.</summary>
    public static int AnatomicalOrder(int label) => label switch
    {
        >= 1 and <= T12 => label,
        T13 => 20,
        >= L1 and <= Coccyx => label + 1,
        _ => throw Unknown(label),
    };

    public static string Name(int label) => label switch
    {
        >= 1 and <= 7 => $"C{label}",
        >= 8 and <= T12 => $"T{label - 7}",
        >= L1 and <= L6 => $"L{label - 19}",
        Sacrum => "sacrum",
        Coccyx => "coccyx",
        T13 => "T13",
        _ => throw Unknown(label),
    };

    public static string Region(int label) => label switch
    {
        >= 1 and <= 7 => "cervical",
        >= 8 and <= T12 or T13 => "thoracic",
        >= L1 and <= L6 => "lumbar",
        Sacrum or Coccyx => "sacral",
        _ => throw Unknown(label),
    };

    /// <summary>Whether a label may come next below another: T12 and T13 may be absent before L1, L6 before the sacrum.</summary>
    public static bool Follows(int above, int below) => (above, below) switch
    {
        (T12 - 1, L1) => true,
        (T12, L1) => true,
        (L5, Sacrum) => true,
        _ => AnatomicalOrder(below) == AnatomicalOrder(above) + 1,
    };

    private static ArgumentOutOfRangeException Unknown(int label) => new(nameof(label), label, "Labels are 1 to 28.");
}
