using System.Globalization;
using DuckDB.NET.Data;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Transform.Tests.Cohort;

/// <summary>The statistics written as SQL and computed by DuckDB, as an oracle that shares no code with ours.</summary>
internal sealed class DuckDbCohort : IDisposable
{
    private const string Cells = """
        create view cells as
        select d.dataset, s.split
        from (select distinct dataset from scans union select unnest(['verse19', 'verse20', 'all'])) d,
             (select unnest(['training', 'validation', 'test', 'all']) as split) s;
        create view distinct_scans as
        select * from (
            select c.dataset as cell_dataset, c.split as cell_split, s.*,
                   row_number() over (partition by c.dataset, c.split, coalesce(s.digest, s.scan_key) order by s.scan_key) as place
            from cells c join scans s
              on (c.dataset = s.dataset or c.dataset = 'all' and s.dataset in ('verse19', 'verse20')) and c.split in (s.split, 'all'))
        where place = 1;
        """;

    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckDbCohort(IReadOnlyList<ScanRow> scans, IReadOnlyList<VertebraRow> vertebrae)
    {
        _connection.Open();
        Execute("create table scans (scan_key varchar, dataset varchar, split varchar, "
            + "subject_id varchar, status varchar, digest varchar, spacing_lr_mm double)");
        Execute("create table vertebrae (scan_key varchar, label int, region varchar, volume_cm3 double)");
        using (DuckDBAppender appender = _connection.CreateAppender("scans"))
        {
            foreach (ScanRow scan in scans)
            {
                appender.CreateRow().AppendValue(scan.ScanKey).AppendValue(scan.Dataset).AppendValue(scan.Split).AppendValue(scan.SubjectId)
                    .AppendValue(scan.Status).AppendValue(scan.MaskContentSha256).AppendValue(scan.SpacingLrMm).EndRow();
            }
        }
        using (DuckDBAppender appender = _connection.CreateAppender("vertebrae"))
        {
            foreach (VertebraRow vertebra in vertebrae)
            {
                appender.CreateRow().AppendValue(vertebra.ScanKey).AppendValue(vertebra.Label).AppendValue(vertebra.Region)
                    .AppendValue(vertebra.VolumeCm3).EndRow();
            }
        }
        Execute(Cells);
    }

    public Dictionary<(string, string, int), LabelStatisticRow> LabelStatistics() => Rows("""
        with counted as (
            select c.dataset, c.split, count(*) filter (where s.status <> 'failed') as n
            from cells c left join distinct_scans s on s.cell_dataset = c.dataset and s.cell_split = c.split group by all)
        select c.dataset, c.split, l.label, count(v.label), c.n,
               case when c.n = 0 then null else count(v.label) * 100.0::double / c.n end,
               min(v.volume_cm3), quantile_cont(v.volume_cm3, 0.5), max(v.volume_cm3), avg(v.volume_cm3), stddev_samp(v.volume_cm3)
        from counted c cross join (select unnest(range(1, 29)) as label) l
        left join (select s.cell_dataset, s.cell_split, v.* from vertebrae v join distinct_scans s using (scan_key)) v
          on v.cell_dataset = c.dataset and v.cell_split = c.split and v.label = l.label
        group by c.dataset, c.split, l.label, c.n
        """).Select(Statistic).ToDictionary(row => (row.Dataset, row.Split, row.Label));

    public Dictionary<(string, string), (long Patients, long Scans, long Vertebrae, long Lumbar, double? SpacingMedian)> DatasetStatistics() => Rows("""
        select c.dataset, c.split, count(distinct s.subject_id), count(s.scan_key),
               (select count(*) from vertebrae v join distinct_scans x using (scan_key) where x.cell_dataset = c.dataset and x.cell_split = c.split),
               (select count(*) from vertebrae v join distinct_scans x using (scan_key) where x.cell_dataset = c.dataset and x.cell_split = c.split
                and v.region = 'lumbar'),
               quantile_cont(s.spacing_lr_mm, 0.5)
        from cells c left join distinct_scans s on s.cell_dataset = c.dataset and s.cell_split = c.split
        group by c.dataset, c.split
        """).ToDictionary(
            row => ((string)row[0]!, (string)row[1]!),
            row => (Whole(row[2]), Whole(row[3]), Whole(row[4]), Whole(row[5]), (double?)row[6]));

    public void Dispose() => _connection.Dispose();

    private static LabelStatisticRow Statistic(object?[] row)
    {
        int label = (int)Whole(row[2]);
        return new LabelStatisticRow
        {
            Dataset = (string)row[0]!,
            Split = (string)row[1]!,
            Label = label,
            Vertebra = VertebraLabel.Name(label),
            Region = VertebraLabel.Region(label),
            AnatomicalOrder = VertebraLabel.AnatomicalOrder(label),
            Cases = (int)Whole(row[3]),
            ScanCount = (int)Whole(row[4]),
            Percentage = (double?)row[5],
            VolumeCm3Min = (double?)row[6],
            VolumeCm3Median = (double?)row[7],
            VolumeCm3Max = (double?)row[8],
            VolumeCm3Mean = (double?)row[9],
            VolumeCm3Std = (double?)row[10],
        };
    }

    private static long Whole(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private List<object?[]> Rows(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        List<object?[]> rows = [];
        while (reader.Read()) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(at => reader.IsDBNull(at) ? null : reader.GetValue(at))]);
        return rows;
    }

    private void Execute(string sql)
    {
        using DuckDBCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
