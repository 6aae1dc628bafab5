using VerseEtl.Transform.Tables;
using static VerseEtl.Load.Tables.IdentityColumns;
using P = VerseEtl.Load.Tables.Columns<VerseEtl.Transform.Tables.PairRow>;
using S = VerseEtl.Load.Tables.Columns<VerseEtl.Transform.Tables.SpineRow>;

namespace VerseEtl.Load.Tables;

/// <summary>The columns of `pairs` and `spines`, in published order.</summary>
internal static class SpineColumns
{
    private const string MissingBetween = "a level is missing between the two";
    private const string NoPlates = $"{MissingBetween}, or one has no heights";
    private const string NotWhole = "fewer than two vertebrae below C1, or a level is missing between";

    private static readonly ColumnText Level = Vertebra with { Example = "T12" };

    public static readonly IReadOnlyList<Column<PairRow>> Pairs =
    [
        P.Text("scan_key", row => row.ScanKey, ScanKey),
        P.Text("dataset", row => row.Dataset, Dataset),
        P.Text("split", row => row.Split, Split),
        P.Text("subject_id", row => row.SubjectId, Subject),
        P.Text("scan_id", row => row.ScanId, Scan),
        P.Text("series_id", row => row.SeriesId, Series),
        P.Number("upper_label", row => row.UpperLabel, Label with { Definition = "label of the upper vertebra, as in `vertebrae`", Example = "19" }),
        P.Text("upper_vertebra", row => row.UpperVertebra, Level),
        P.Number("lower_label", row => row.LowerLabel, Label with { Definition = "label of the next vertebra below that the mask holds" }),
        P.Text("lower_vertebra", row => row.LowerVertebra, Vertebra),
        P.Number("upper_order", row => row.UpperOrder, Order with { Definition = "`anatomical_order` of the upper vertebra: sort by this", Example = "19" }),
        P.Number("levels_between", row => row.LevelsBetween,
            new("levels missing between the two; T12 (before L1), T13 and L6 may be absent by nature and do not count") { Example = "0" }),
        P.Optional("centroid_distance_mm", row => row.CentroidDistanceMm,
            new("between the centroids of the two masks, arches included") { Unit = "mm", NullMeaning = MissingBetween, Example = "29.8" }),
        P.Optional("annotated_distance_mm", row => row.AnnotatedDistanceMm,
            new("between the two annotated points, the middles of the bodies")
                { Unit = "mm", NullMeaning = $"{MissingBetween}, or one is not annotated", Example = "28.7" }),
        P.Optional("volume_ratio", row => row.VolumeRatio,
            new("volume of the lower vertebra / volume of the upper; 0.7 to 1.4 is normal") { NullMeaning = MissingBetween, Example = "1.06" }),
        P.Optional("height_ratio", row => row.HeightRatio,
            new("mean of the three heights of the lower body / that of the upper") { NullMeaning = NoPlates, Example = "1.04" }),
        P.Optional("gap_mm", row => row.GapMm,
            new("between the lower end plate of the upper body and the upper one of the lower, along the line through the annotated points: stands for "
                + "the height of the disc, which a mask does not show") { Unit = "mm", NullMeaning = NoPlates, Example = "8.1" }),
        P.Optional("endplate_angle_deg", row => row.EndplateAngleDeg,
            new("angle of these two end plates in the sagittal plane (y, z), positive where they open to the front")
                { Unit = "degree", Space = WorldSpace, NullMeaning = NoPlates, Example = "5.4" }),
    ];

    public static readonly IReadOnlyList<Column<SpineRow>> Spines =
    [
        S.Text("scan_key", row => row.ScanKey, ScanKey),
        S.Text("dataset", row => row.Dataset, Dataset),
        S.Text("split", row => row.Split, Split),
        S.Text("subject_id", row => row.SubjectId, Subject),
        S.Text("scan_id", row => row.ScanId, Scan),
        S.Text("series_id", row => row.SeriesId, Series),
        S.Number("vertebra_count", row => row.VertebraCount, new("vertebrae of the scan in `vertebrae`") { Example = "9" }),
        S.OptionalText("first_vertebra", row => row.FirstVertebra, Level with { Definition = "the uppermost", NullMeaning = "the mask holds no label" }),
        S.OptionalText("last_vertebra", row => row.LastVertebra,
            Level with { Definition = "the lowermost", NullMeaning = "the mask holds no label", Example = "L5" }),
        S.Text("levels_present", row => row.LevelsPresent, new("names from head to tail, a space between; empty without a label") { Example = "T12 L1 L3" }),
        S.Text("levels_missing", row => row.LevelsMissing,
            new("levels absent between two that are present, likewise; T12 (before L1), T13 and L6 may be absent by nature and do not count")
                { Example = "L2" }),
        S.Text("variants", row => row.Variants,
            new("signs of an unusual number of vertebrae: `T13`, `L6`, `no-T12` (L1 right below T11), `no-L5` (sacrum right below L4), a space between; "
                + "empty where none is seen, which says nothing of levels outside the scan") { Example = "L6" }),
        S.OptionalText("curve_through", row => row.CurveThrough,
            new("points that the curve runs through, C1 and sacrum left out: `annotated` where every vertebra has its point, else `centroids` of the masks, "
                + "which lie further back; compare like with like") { NullMeaning = "no vertebra below C1", Example = "annotated" }),
        S.Optional("curve_length_mm", row => row.CurveLengthMm, Length("along straight pieces from each point to the next") with { Example = "232.2" }),
        S.Optional("chord_length_mm", row => row.ChordLengthMm, Length("from the first point of the curve to the last") with { Example = "227.1" }),
        S.Optional("coronal_deviation_mm", row => row.CoronalDeviationMm,
            Length("greatest component along x of a perpendicular from the chord to a point of the curve; positive to the right")
                with { Space = WorldSpace, Example = "-4.1" }),
        S.Optional("sagittal_deviation_mm", row => row.SagittalDeviationMm,
            Length("greatest component along y of a perpendicular from the chord to a point of the curve; positive to the front")
                with { Space = WorldSpace, Example = "12.6" }),
        S.Optional("coronal_angle_deg", row => row.CoronalAngleDeg,
            new("greatest angle between two tangents of the curve in the coronal plane (x, z); a tangent runs through the two neighbours")
                { Unit = "degree", Space = WorldSpace, NullMeaning = NotWhole, Example = "5.4" }),
        S.Optional("lordosis_tangent_deg", row => row.LordosisTangentDeg,
            Angle("between the lines through the points of L1 and L2 and of L4 and L5, in the sagittal plane (y, z); positive where hollow behind",
                "L1 to L5")
                with { Example = "39.8" }),
        S.Optional("kyphosis_tangent_deg", row => row.KyphosisTangentDeg,
            Angle("between the lines through the points of T4 and T5 and of T11 and T12, in the sagittal plane (y, z); positive where round behind",
                "T4 to T12")
                with { Example = "36.2" }),
        S.Optional("lordosis_endplate_deg", row => row.LordosisEndplateDeg,
            Angle("between the upper end plate of L1 and the lower one of L5, in the sagittal plane (y, z); positive where hollow behind", "L1, L5")
                with { NullMeaning = "L1 or L5 has no heights", Example = "52.2" }),
        S.Optional("kyphosis_endplate_deg", row => row.KyphosisEndplateDeg,
            Angle("between the upper end plate of T4 and the lower one of T12, in the sagittal plane (y, z); positive where round behind", "T4, T12")
                with { NullMeaning = "T4 or T12 has no heights", Example = "38.5" }),
    ];

    private static ColumnText Length(string what) => new(what) { Unit = "mm", NullMeaning = NotWhole };

    private static ColumnText Angle(string what, string levels) =>
        new($"{what}; lying down, not as on a standing film") { Unit = "degree", Space = WorldSpace, NullMeaning = $"a level of {levels} is not there" };
}
