namespace VerseEtl.Transform.Scans;

/// <summary>The splits of every dataset.</summary>
public static class Splits
{
    public const string Training = "training";
    public const string Validation = "validation";
    public const string Test = "test";

    public static IReadOnlyList<string> All { get; } = [Training, Validation, Test];

    /// <summary>Of several splits with the same content, the one in which it is to be held out: test, else validation, else the last by name.</summary>
    public static string HeldOut(IReadOnlyCollection<string> splits) =>
        splits.Contains(Test) ? Test : splits.Contains(Validation) ? Validation : splits.Max(StringComparer.Ordinal)!;
}
