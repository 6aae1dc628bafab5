using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// Holds a copy's statistics against the published ones, cell by cell. A scan that is missing from the copy is never taken for a wrong
/// statistic: a cell `differs` only if no values of the missing scans could make it equal.
/// </summary>
internal static class Audit
{
    public const string LabelTable = "label_statistics";
    public const string DatasetTable = "dataset_statistics";

    /// <summary>The number of scans and patients in each folder of the release, which the card does not state.</summary>
    public const string FolderTable = "folders";

    /// <summary>What was published about patients, scanners and fractures.</summary>
    public const string ClinicalTable = "clinical";

    /// <summary>The reference's own contradictions, which need no copy.</summary>
    public const string ReferenceTable = "reference";

    /// <summary>The rows of `audit` and what stands behind them; no rows for a tree without any published scan.</summary>
    public static AuditReport Compare(Reference reference, PublishedTables tables)
    {
        using CohortSurvey survey = CohortSurvey.Of(reference, tables);
        return Compare(reference, survey, tables);
    }

    /// <param name="survey">Of the copy, with this reference.</param>
    /// <param name="small">Its statistics and clinical rows.</param>
    /// <param name="unread">Scan ids that lie in folders that were not read, with the folder.</param>
    public static AuditReport Compare(Reference reference, CohortSurvey survey, PublishedTables small, IReadOnlyDictionary<string, string>? unread = null)
    {
        CopyFacts facts = survey.Copy!;
        Inventory inventory = facts.Inventory.Finish(unread);
        if (!inventory.IsPublishedDataset) return new AuditReport([], inventory, new Dictionary<AuditRow, ScansBehind>());

        Dictionary<(string, string), CopyState> copies = [];
        CopyState CopyOf(AuditCell cell) => copies.TryGetValue((cell.Dataset, cell.Split), out CopyState? state)
            ? state
            : copies[(cell.Dataset, cell.Split)] = facts.Of(cell.Dataset, cell.Split);
        List<(AuditCell Cell, string Verdict)> judged =
        [
            .. from cell in PublishedCells.Of(reference, survey, small).Concat(ClinicalCells.Of(reference, survey, small))
               select (cell, cell.Judge(CopyOf(cell), Contradicted(reference, cell)?.Cell)),
        ];
        AuditCause cause = new(facts.Extreme, judged);
        List<AuditRow> rows = [.. reference.Contradictions.Select(FromReference)];
        Dictionary<AuditRow, ScansBehind> evidence = [];
        foreach ((AuditCell cell, string verdict) in judged)
        {
            CopyState copy = CopyOf(cell);
            AuditRow row = new()
            {
                Table = cell.Table,
                Dataset = cell.Dataset,
                Split = cell.Split,
                Item = cell.Item,
                Field = cell.Field,
                Published = cell.Published,
                Recomputed = cell.Recomputed,
                Difference = cell.Recomputed - cell.Published,
                Tolerance = cell.Tolerance,
                Verdict = verdict,
                Note = cause.Note(cell, verdict, copy, Contradicted(reference, cell)?.Contradiction),
            };
            rows.Add(row);
            if (verdict != Verdict.Match && verdict != Verdict.NotComparable)
                evidence.Add(row, new ScansBehind(cause.Extreme(cell)?.ScanKey, copy.Unexpected, copy.NotRead));
        }
        rows.Sort(CompareByKey);
        return new AuditReport(rows, inventory, evidence);
    }

    /// <summary>The reference's contradictions alone, as rows: no copy is needed to find them.</summary>
    public static IReadOnlyList<AuditRow> Contradictions(Reference reference) => [.. reference.Contradictions.Select(FromReference)];

    private static AuditRow FromReference(Contradiction contradiction) => new()
    {
        Table = ReferenceTable,
        Dataset = CohortCell.All,
        Split = CohortCell.All,
        Item = contradiction.Id,
        Field = "claim",
        Published = contradiction.Claimed,
        Recomputed = contradiction.Derived,
        Difference = contradiction.Derived - contradiction.Claimed,
        Verdict = Verdict.ReferenceContradictsItself,
        Note = $"{contradiction.Claim}: {contradiction.Check}",
    };

    private static (Contradiction Contradiction, ContradictedCell Cell)? Contradicted(Reference reference, AuditCell cell)
    {
        foreach (Contradiction contradiction in reference.Contradictions)
        {
            foreach (ContradictedCell touched in contradiction.Cells)
            {
                if ((touched.Table, touched.Dataset, touched.Split, touched.Item, touched.Field)
                    == (cell.Table, cell.Dataset, cell.Split, cell.Item, cell.Field))
                    return (contradiction, touched);
            }
        }
        return null;
    }

    private static int CompareByKey(AuditRow a, AuditRow b)
    {
        int order = string.CompareOrdinal(a.Table, b.Table);
        if (order == 0) order = string.CompareOrdinal(a.Dataset, b.Dataset);
        if (order == 0) order = string.CompareOrdinal(a.Split, b.Split);
        if (order == 0) order = string.CompareOrdinal(a.Item, b.Item);
        if (order == 0) order = string.CompareOrdinal(a.Field, b.Field);
        return order;
    }
}
