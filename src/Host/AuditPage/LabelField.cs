namespace VerseEtl.Host.AuditPage;

/// <summary>A column of the published label table: the field of the audit, and its heading.</summary>
internal readonly record struct LabelField(string Field, string Heading)
{
    public static readonly LabelField[] All =
    [
        new("cases", "cases"),
        new("percentage", "% of scans"),
        new("volume_cm3_min", "min cm³"),
        new("volume_cm3_median", "median cm³"),
        new("volume_cm3_max", "max cm³"),
    ];
}
