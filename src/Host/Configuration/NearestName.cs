namespace VerseEtl.Host.Configuration;

/// <summary>Finds what a misspelt name was meant to be.</summary>
public static class NearestName
{
    private const int ShortestStem = 3;

    /// <summary>The known name with the fewest edits or that the name begins; null if none is within a third of the name's length (at least 2 edits).</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        int allowed = Math.Max(2, name.Length / 3);
        return known
            .Select(candidate => (candidate, edits: IsStem(name, candidate) ? 1 : Edits(name, candidate)))
            .Where(pair => pair.edits <= allowed && pair.edits < pair.candidate.Length)
            .OrderBy(pair => pair.edits).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>`; did you mean 'x'?` or, without a near name, the known names.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> known) =>
        Of(name, known) is string near ? $"; did you mean '{near}'?" : $"; known are {string.Join(", ", known.Order(StringComparer.Ordinal))}";

    private static bool IsStem(string name, string candidate) => name.Length >= ShortestStem && candidate.StartsWith(name, StringComparison.Ordinal);

    // Levenshtein distance with swapped neighbours as one edit (optimal string alignment)
    private static int Edits(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 20 || a.Length > 100) return int.MaxValue;
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) edits[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) edits[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int change = a[i - 1] == b[j - 1] ? 0 : 1;
                edits[i, j] = Math.Min(Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, edits[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        }
        return edits[a.Length, b.Length];
    }
}
