
namespace VerseEtl.Load.Tables;

/// <summary>Words that several tables share, said once.</summary>
internal static class IdentityColumns
{
    public const string VoxelSpace = "voxel index";
    public const string WorldSpace = "world (RAS+)";

    public static readonly ColumnText ScanKey = new("`dataset/split/scan_id`: joins every table") { Example = "verse19/training/sub-verse004" };
    public static readonly ColumnText Dataset =
        new("the edition given to the folder: `verse19`, `verse20` or an identifier from pipelines.yaml") { Example = "verse19" };
    public static readonly ColumnText Split = new("`training`, `validation` or `test`") { Example = "training" };
    public static readonly ColumnText Subject = new("BIDS subject without `sub-`, lower-cased") { Example = "verse004" };
    public static readonly ColumnText Scan =
        new("the full entity chain, lower-cased; unique within dataset and split") { Example = "sub-verse400_split-verse155" };
    public static readonly ColumnText Series =
        new("the `split-` value (the original scan id), else subject_id: joins clinical tables") { Example = "verse155" };
    public static readonly ColumnText Label =
        new("value in the mask: 1..7 = C1..C7, 8..19 = T1..T12, 20..25 = L1..L6, 26 sacrum, 27 coccyx, 28 T13") { Example = "20" };
    public static readonly ColumnText Vertebra = new("`C1`..`C7`, `T1`..`T12`, `T13`, `L1`..`L6`, `sacrum`, `coccyx`") { Example = "L1" };
    public static readonly ColumnText Region = new("`cervical`, `thoracic`, `lumbar` or `sacral`") { Example = "lumbar" };
    public static readonly ColumnText Order =
        new("rank from head to tail: 1..19 = C1..T12, 20 = T13, 21..26 = L1..L6, 27 sacrum, 28 coccyx; sort by this, not by label") { Example = "21" };
}
