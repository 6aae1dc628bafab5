using VerseEtl.Host.Display;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Tables;

namespace VerseEtl.Host.DiffPage;

/// <summary>What changed between two snapshots, for a page.</summary>
/// <param name="Tables">Those that differ.</param>
public sealed record DiffView(Snapshot Before, Snapshot After, IReadOnlyList<TableDiff> Tables)
{
    // what people look at first, of a size, of the bone and of the shape
    private static readonly (string Column, string Name)[] Drawn =
    [
        ("volume_cm3", "volume"), ("body_hu_median", "Hounsfield units of the body, median"), ("mask_hu_mean", "Hounsfield units of the mask, mean"),
        ("height_middle_mm", "middle height"), ("extent_si_mm", "extent from head to tail"),
    ];

    public IReadOnlyList<string> Summary => DiffText.Summary(Tables);

    /// <summary>What is drawn: of each column that changed in a vertebra both snapshots have, the changes with their levels.</summary>
    public IEnumerable<(string Name, IReadOnlyList<LevelChange> Changes)> Plots()
    {
        IReadOnlyList<RowChange> rows = Tables.FirstOrDefault(table => table.Table == PublishedSchema.Vertebrae.Name)?.Changed ?? [];
        foreach ((string column, string name) in Drawn)
        {
            LevelChange[] changes =
            [
                .. from row in rows
                   from cell in row.Cells
                   where cell.Column == column && cell.RelativeChange is not null && row.Key.Columns["label"] is int
                   select new LevelChange((int)row.Key.Columns["label"]!, 100 * cell.RelativeChange!.Value, $"{DiffText.Key(row.Key)}: {DiffText.Cell(cell)}"),
            ];
            if (changes.Length > 0) yield return (name, changes);
        }
    }
}

/// <summary>A value of one vertebra that changed.</summary>
/// <param name="Percent">Relative change.</param>
public sealed record LevelChange(int Label, double Percent, string Told);
