using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// What was published about patients and scanners beside what the clinical columns with a role give, as cells of the audit. Age and sex are of
/// patients (the first of a patient's scans that has a value), contrast and manufacturers of scans, fracture grades of vertebrae.
/// </summary>
internal static class ClinicalCells
{
    private const string Mean = "_mean", Deviation = "_std", Least = "_min", Median = "_median", Greatest = "_max", Number = "_count";

    // papers round ages to whole years
    private const double HalfUnit = 0.5;

    /// <summary>The role whose columns a metric is made from; null for one that nobody knows.</summary>
    public static string? RoleOf(string metric) => metric switch
    {
        "age" + Mean or "age" + Deviation or "age" + Least or "age" + Median or "age" + Greatest => ClinicalRoles.Age,
        "sex_female" or "sex_male" => ClinicalRoles.Sex,
        "contrast" => ClinicalRoles.Contrast,
        "fracture_grade_0" or "fracture_grade_1" or "fracture_grade_2" or "fracture_grade_3" => ClinicalRoles.FractureGrade,
        _ when metric.StartsWith("manufacturer_", StringComparison.Ordinal) => ClinicalRoles.Manufacturer,
        _ => null,
    };

    /// <param name="small">With the copy's clinical rows.</param>
    public static IEnumerable<AuditCell> Of(Reference reference, CohortSurvey survey, PublishedTables small)
    {
        if (reference.Clinical.Count == 0) yield break;
        Dictionary<string, IReadOnlyList<object?>> rows = (small.Clinical?.Rows ?? [])
            .ToDictionary(row => row.ScanKey, row => row.Values, StringComparer.Ordinal);
        foreach (ClinicalFigure figure in reference.Clinical)
        {
            string role = RoleOf(figure.Metric)!;
            int[] columns = [.. (small.Clinical?.Declaration.Columns ?? []).Index().Where(column => column.Item.Role == role).Select(column => column.Index)];
            AuditCell cell = new(Audit.ClinicalTable, figure.Dataset, figure.Split, figure.Metric, "value", KindOf(figure.Metric), figure.Value, null)
            {
                HalfUnit = KindOf(figure.Metric) == StatisticKind.Count ? 0 : figure.Tolerance ?? HalfUnit,
                NotComparable = columns.Length == 0 ? $"not given: no clinical column has the role {role}" : figure.NotComparable,
                MostPerScan = Math.Max(1, columns.Length),
            };
            bool known = columns.Length > 0 && survey.Has(figure.Dataset, figure.Split);
            yield return !known ? cell : Filled(cell, role, survey.Copy!.DistinctScans(figure.Dataset, figure.Split), scan =>
                rows.TryGetValue(scan.ScanKey, out IReadOnlyList<object?>? values) ? [.. columns.Select(column => values[column]).OfType<object>()] : []);
        }
    }

    private static AuditCell Filled(AuditCell cell, string role, IReadOnlyList<CountedScan> scans, Func<CountedScan, object[]> valuesOf)
    {
        (CountedScan Scan, object[] Values)[] all = [.. scans.Select(scan => (scan, valuesOf(scan)))];
        if (role is ClinicalRoles.Age or ClinicalRoles.Sex)
            all = [.. all.GroupBy(each => each.Scan.SubjectId).Select(same => same.FirstOrDefault(each => each.Values.Length > 0, same.First()))];
        object[] values = [.. all.SelectMany(each => each.Values)];
        return cell with { Recomputed = Value(cell.Item, role, values), Silent = all.Count(each => each.Values.Length == 0) };
    }

    private static double? Value(string metric, string role, object[] values)
    {
        string which = metric == role ? "" : metric[(role.Length + 1)..];
        if (role == ClinicalRoles.Age) return Age(metric[role.Length..], [.. values.Select(Convert.ToDouble).Order()]);
        return role switch
        {
            ClinicalRoles.Sex => values.Count(value => Is(value, which) || Is(value, which[..1])),
            ClinicalRoles.Contrast => values.Count(value => value is true),
            ClinicalRoles.FractureGrade => values.Count(value => value is int grade && Invariant($"{grade}") == which),
            _ when metric == role + Number => values.Select(Maker).Distinct().Count(),
            _ => values.Count(value => Maker(value) == which),
        };
    }

    private static double? Age(string statistic, double[] ascending) => (statistic, ascending.Length) switch
    {
        (_, 0) or (Deviation, 1) => null,
        (Mean, _) => ascending.Average(),
        (Deviation, int count) => Math.Sqrt(ascending.Sum(age => (age - ascending.Average()) * (age - ascending.Average())) / (count - 1)),
        (Least, _) => ascending[0],
        (Greatest, _) => ascending[^1],
        (Median, _) => OrderStatistics.Median(ascending),
        _ => null,
    };

    private static StatisticKind KindOf(string metric) => RoleOf(metric) != ClinicalRoles.Age ? StatisticKind.Count
        : metric.EndsWith(Least, StringComparison.Ordinal) ? StatisticKind.Least
        : metric.EndsWith(Greatest, StringComparison.Ordinal) ? StatisticKind.Greatest
        : StatisticKind.Median;

    private static bool Is(object value, string word) => value is string text && text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>`siemens` of "SIEMENS Healthineers".</summary>
    private static string Maker(object value) => ((string)value).Split(' ')[0].ToLowerInvariant();
}
