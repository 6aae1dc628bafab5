using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using C = VerseEtl.Load.Tables.Columns<VerseEtl.Host.Flow.ScanNote>;

namespace VerseEtl.Host.Flow;

/// <summary>That something was noticed about a scan, without the words: a few columns of `findings`.</summary>
internal sealed record ScanNote
{
    public required string Code { get; init; }
    public required Severity Severity { get; init; }
    public string? ScanKey { get; init; }

    public static TableSchema<ScanNote> Table { get; } = TableSchema<ScanNote>.Narrow(PublishedSchema.Findings,
        C.Text("code", row => row.Code, None), C.Severity("severity", row => row.Severity, None), C.OptionalText("scan_key", row => row.ScanKey, None));

    // what the columns mean stands with the published ones
    private static ColumnText None => new("");
}
