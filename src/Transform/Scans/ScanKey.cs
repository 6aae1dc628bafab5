namespace VerseEtl.Transform.Scans;

/// <summary>Identity of a scan: `dataset/split/scan_id`. Ordered by ordinal comparison of that text, the row order of every table.</summary>
public sealed record ScanKey(string Dataset, string Split, string ScanId) : IComparable<ScanKey>
{
    public string Text { get; } = $"{Dataset}/{Split}/{ScanId}";

    public int CompareTo(ScanKey? other) => string.CompareOrdinal(Text, other?.Text);

    public override string ToString() => Text;
}
