using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>Turns a reference into cells, each with the recomputed value beside the published one.</summary>
internal static class PublishedCells
{
    private const string AnyAxis = "any_axis";
    private static readonly string[] StoredAxes = ["i", "j", "k"];

    /// <param name="small">The copy's statistics.</param>
    public static IReadOnlyList<AuditCell> Of(Reference reference, CohortSurvey survey, PublishedTables small)
    {
        Dictionary<(string, string, string), double?> metrics =
            small.DatasetStatistics.ToDictionary(row => (row.Dataset, row.Split, row.Metric), row => row.Value);
        List<AuditCell> cells = [];
        if (reference.LabelTable is PublishedLabelTable table)
            cells.AddRange(LabelCells(reference, table, survey, small.LabelStatistics));
        cells.AddRange(reference.Figures.Select(figure => FigureCell(figure, metrics)));
        foreach (PublishedFolder folder in reference.Folders.GroupBy(folder => (folder.Dataset, folder.Split)).Select(Merged))
        {
            AuditCell scansCell = new(Audit.FolderTable, folder.Dataset, folder.Split, "scans", "value", StatisticKind.Count, folder.Scans.Count,
                metrics.GetValueOrDefault((folder.Dataset, folder.Split, "scans")));
            cells.Add(scansCell);
            cells.Add(scansCell with
            {
                Item = "patients",
                Published = folder.Scans.Select(Subject).Distinct(StringComparer.Ordinal).Count(),
                Recomputed = metrics.GetValueOrDefault((folder.Dataset, folder.Split, "patients")),
            });
        }
        return cells;
    }

    private static IEnumerable<AuditCell> LabelCells(Reference reference, PublishedLabelTable table, CohortSurvey survey,
        IReadOnlyList<LabelStatisticRow> statistics)
    {
        foreach (LabelStatisticRow row in statistics.Where(row => row.Dataset == table.Dataset && row.Split == table.Split))
        {
            if (reference.Label(row.Label) is not PublishedLabel published) continue;
            // a contradiction about the cases leaves open which number is right: the larger leaves more to the missing scans
            double? otherCases = reference.Contradictions.SelectMany(contradiction => contradiction.Cells)
                .Where(cell => cell.Table == Audit.LabelTable && cell.Item == row.Vertebra && cell.Field == "cases").Max(cell => cell.To);
            AuditCell cell = new(Audit.LabelTable, table.Dataset, table.Split, row.Vertebra, "cases", StatisticKind.Count, published.Cases, row.Cases)
            {
                Label = row.Label,
                Cases = (row.Cases, (int)Math.Max(published.Cases, otherCases ?? 0)),
            };
            yield return cell;
            yield return cell with { Field = "percentage", Kind = StatisticKind.Percentage, Published = published.Percentage, Recomputed = row.Percentage };
            if (published.VolumeCm3Min is double least)
                yield return cell with { Field = "volume_cm3_min", Kind = StatisticKind.Least, Published = least, Recomputed = row.VolumeCm3Min };
            if (published.VolumeCm3Median is double median)
                yield return cell with
                {
                    Field = "volume_cm3_median",
                    Kind = StatisticKind.Median,
                    Published = median,
                    Recomputed = row.VolumeCm3Median,
                    Ascending = () => survey.Volumes(table.Dataset, table.Split, row.Label),
                };
            if (published.VolumeCm3Max is double greatest)
                yield return cell with { Field = "volume_cm3_max", Kind = StatisticKind.Greatest, Published = greatest, Recomputed = row.VolumeCm3Max };
        }
    }

    private static AuditCell FigureCell(PublishedFigure figure, Dictionary<(string, string, string), double?> metrics)
    {
        StatisticKind kind = figure.Metric switch
        {
            _ when figure.Metric.EndsWith("_min", StringComparison.Ordinal) => StatisticKind.Least,
            _ when figure.Metric.EndsWith("_median", StringComparison.Ordinal) => StatisticKind.Median,
            _ when figure.Metric.EndsWith("_max", StringComparison.Ordinal) => StatisticKind.Greatest,
            _ => StatisticKind.Count,
        };
        double? Of(string metric) => metrics.GetValueOrDefault((figure.Dataset, figure.Split, metric));
        double? recomputed = Of(figure.Metric);
        if (figure.Metric.Contains(AnyAxis, StringComparison.Ordinal))
        {
            IEnumerable<double?> axes = StoredAxes.Select(axis => Of(figure.Metric.Replace(AnyAxis, axis, StringComparison.Ordinal)));
            recomputed = kind == StatisticKind.Least ? axes.Min() : axes.Max();
        }
        return new AuditCell(Audit.DatasetTable, figure.Dataset, figure.Split, figure.Metric, "value", kind, figure.Value, recomputed)
        {
            NotComparable = figure.NotComparable,
            MostPerScan = figure.Metric switch
            {
                "vertebrae_cervical" => Labels("cervical"),
                "vertebrae_thoracic" => Labels("thoracic"),
                "vertebrae_lumbar" => Labels("lumbar"),
                "vertebrae" => VertebraLabel.Highest,
                _ => 1,
            },
        };
    }

    private static int Labels(string region) => VertebraLabel.Anatomical.Count(label => VertebraLabel.Region(label) == region);

    private static PublishedFolder Merged(IGrouping<(string Dataset, string Split), PublishedFolder> folders) =>
        folders.First() with { Scans = [.. folders.SelectMany(folder => folder.Scans)] };

    private static string Subject(string scanId) => scanId.Split('_')[0];
}
