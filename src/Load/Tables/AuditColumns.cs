using VerseEtl.Transform.Tables;
using C = VerseEtl.Load.Tables.Columns<VerseEtl.Transform.Tables.AuditRow>;

namespace VerseEtl.Load.Tables;

/// <summary>The columns of `audit`, in published order.</summary>
internal static class AuditColumns
{
    public static readonly IReadOnlyList<Column<AuditRow>> All =
    [
        C.Text("table", row => row.Table, new("the published table that is audited") { Example = "label_statistics" }),
        C.Text("dataset", row => row.Dataset, new("`verse19`, `verse20` or `all`") { Example = "all" }),
        C.Text("split", row => row.Split, new("`training`, `validation`, `test` or `all`") { Example = "all" }),
        C.Text("item", row => row.Item, new("row of the published table: a vertebra or a metric") { Example = "L1" }),
        C.Text("field", row => row.Field, new("column of the published table") { Example = "cases" }),
        C.Optional("published", row => row.Published, new("the published number") { NullMeaning = "not published", Example = "220" }),
        C.Optional("recomputed", row => row.Recomputed, new("the number recomputed from the scans") { NullMeaning = "cannot be computed", Example = "220" }),
        C.Optional("difference", row => row.Difference, new("recomputed - published") { NullMeaning = "one of the two is null", Example = "0" }),
        C.Optional("tolerance", row => row.Tolerance,
            new("largest difference that counts as a match: 0 for counts, 0.005 for volumes and percentages")
                { NullMeaning = "not comparable", Example = "0.005" }),
        C.Text("verdict", row => row.Verdict,
            new("`match`, `differs`, `incomplete copy`, `reference contradicts itself` or `not comparable`") { Example = "match" }),
        C.OptionalText("note", row => row.Note, new("why, in one line") { NullMeaning = "nothing to add", Example = "12 scans are missing in this copy" }),
    ];
}
