using VerseEtl.Transform.Findings;
using static VerseEtl.Load.Tables.IdentityColumns;
using C = VerseEtl.Load.Tables.Columns<VerseEtl.Transform.Findings.Finding>;

namespace VerseEtl.Load.Tables;

/// <summary>The columns of `findings`, in published order.</summary>
internal static class FindingColumns
{
    private const string NoScan = "concerns no single scan";
    private const string DoesNotApply = "does not apply";

    public static readonly IReadOnlyList<Column<Finding>> All =
    [
        C.Text("code", row => row.Code, new("stable name of the kind of finding: filter on it") { Example = "GZ_TRUNCATED" }),
        C.Severity("severity", row => row.Severity, new("`error`, `warning` or `info`") { Example = "error" }),
        C.OptionalText("scan_key", row => row.ScanKey, ScanKey with { NullMeaning = NoScan }),
        C.OptionalText("dataset", row => row.Dataset, Dataset with { NullMeaning = NoScan }),
        C.OptionalText("split", row => row.Split, Split with { NullMeaning = NoScan }),
        C.OptionalText("scan_id", row => row.ScanId, Scan with { NullMeaning = NoScan }),
        C.Optional("label", row => row.Label, Label with { NullMeaning = "concerns no single vertebra" }),
        C.OptionalText("path", row => row.Path,
            new("file, relative to the source root; a clinical file as pipelines.yaml names it")
                { NullMeaning = DoesNotApply, Example = "dataset-verse19training/derivatives/sub-verse004/sub-verse004_seg-vert_msk.nii.gz" }),
        C.OptionalText("field", row => row.Field, new("header field, JSON key or quantity looked at") { NullMeaning = DoesNotApply, Example = "dim[3]" }),
        C.OptionalText("observed", row => row.Observed, new("what was found") { NullMeaning = DoesNotApply, Example = "0" }),
        C.OptionalText("expected", row => row.Expected, new("what was expected") { NullMeaning = DoesNotApply, Example = "1 to 32767" }),
        C.Text("message", row => row.Message,
            new("one line: what was found, what was expected, where, and what to do") { Example = "the gzip stream ends early; copy the file again" }),
    ];
}
