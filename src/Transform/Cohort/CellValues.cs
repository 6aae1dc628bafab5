namespace VerseEtl.Transform.Cohort;

/// <summary>What the statistics of a cell are made from: its distinct scans, counted, and their values.</summary>
/// <param name="Scans">Distinct scans.</param>
/// <param name="Readable">Those of them whose mask could be read: the denominator of every percentage.</param>
/// <param name="Patients">People whose scans they are.</param>
internal sealed record CellValues(string Dataset, string Split, int Scans, int Readable, int Patients)
{
    /// <summary>Values of a column of <see cref="CohortFrame"/> without nulls.</summary>
    public required Func<string, int> Count { get; init; }

    /// <summary>The same values, ascending.</summary>
    public required Func<string, double[]> Ascending { get; init; }

    public static IEnumerable<CellValues> Of(CohortFrame cohort)
    {
        foreach (CohortCell cell in cohort.Cells)
        {
            Microsoft.Data.Analysis.DataFrame scans = cohort.Of(cell);
            yield return new CellValues(cell.Dataset, cell.Split, cell.DistinctScans.Count, cell.DistinctScans.Count(CohortCell.HasReadableMask),
                cell.DistinctScans.Select(scan => scan.SubjectId).Distinct(StringComparer.Ordinal).Count())
            {
                Count = column => checked((int)(scans[column].Length - scans[column].NullCount)),
                Ascending = column => CohortFrame.Ascending(scans, column),
            };
        }
    }
}
