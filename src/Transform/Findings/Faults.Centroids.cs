namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Centroids = new("centroid file");

    public static readonly Fault CtdMissing = Centroids.Declare("CTD_MISSING", Severity.Info,
        "there is no centroid file; annotated columns are null", "nothing needs doing if none exists");

    public static readonly Fault CtdEmpty = Centroids.Declare("CTD_EMPTY", Severity.Error,
        "the centroid file has 0 bytes; annotated columns are null", "copy it again");

    public static readonly Fault CtdNotJson = Centroids.Declare("CTD_NOT_JSON", Severity.Error,
        "the centroid file is not valid JSON; annotated columns are null", "copy it again");

    public static readonly Fault CtdEncoding = Centroids.Declare("CTD_ENCODING", Severity.Error,
        "the centroid file is not UTF-8; annotated columns are null", "save it as UTF-8");

    public static readonly Fault CtdBom = Centroids.Declare("CTD_ENCODING", Severity.Info,
        "the centroid file starts with a byte order mark", "nothing needs doing");

    public static readonly Fault CtdTooBig = Centroids.Declare("CTD_TOO_BIG", Severity.Error,
        "the centroid file is larger or deeper than a centroid file can be; annotated columns are null", "check that it is the right file");

    public static readonly Fault CtdNan = Centroids.Declare("CTD_NAN", Severity.Warning,
        "a centroid has a coordinate that is not a finite number; it was left out", "nothing needs doing if it was not annotated");

    public static readonly Fault CtdNoDirection = Centroids.Declare("CTD_NO_DIRECTION", Severity.Error,
        "the centroid file names no direction; annotated columns are null", "add the direction, axes are never guessed");

    public static readonly Fault CtdDirectionPlace = Centroids.Declare("CTD_NO_DIRECTION", Severity.Info,
        "the direction is not the first entry", "nothing needs doing");

    public static readonly Fault CtdAxes = Centroids.Declare("CTD_AXES", Severity.Error,
        "the centroid file's direction is not one letter each of L/R, P/A, I/S; annotated columns are null", "repair the direction");

    public static readonly Fault CtdAxesCase = Centroids.Declare("CTD_AXES", Severity.Info,
        "the direction is in lower case", "nothing needs doing");

    public static readonly Fault CtdDupLabel = Centroids.Declare("CTD_DUP_LABEL", Severity.Warning,
        "a label is annotated more than once; it was left out", "keep the right entry alone");

    public static readonly Fault CtdDupKey = Centroids.Declare("CTD_DUP_KEY", Severity.Error,
        "a key stands twice in one object; annotated columns are null", "repair the file");

    public static readonly Fault CtdType = Centroids.Declare("CTD_TYPE", Severity.Error,
        "an entry is not a label with X, Y and Z; it was left out", "repair the entry");

    public static readonly Fault CtdLabelText = Centroids.Declare("CTD_TYPE", Severity.Warning,
        "a label is written as text; it was read as a number", "write it as a number");

    public static readonly Fault CtdUnknownKey = Centroids.Declare("CTD_TYPE", Severity.Info,
        "an entry has other keys than label, X, Y and Z; they were ignored", "nothing needs doing");

    public static readonly Fault CtdLabelUnknown = Centroids.Declare("CTD_TYPE", Severity.Info,
        "the centroid file has labels outside 1 to 28; they were ignored", "nothing needs doing");

    public static readonly Fault CtdFormat = Centroids.Declare("CTD_FORMAT", Severity.Error,
        "the centroid file has a form that is not read; annotated columns are null", "save it with its direction, in voxels of the mask");

    public static readonly Fault CtdGrid = Centroids.Declare("CTD_GRID", Severity.Error,
        "the centroid file's points lie on a grid of their own; annotated columns are null", "save the points on the mask's grid");

    public static readonly Fault CtdConverted = Centroids.Declare("CTD_GRID", Severity.Info,
        "the centroid file's points lie on a grid of their own; they were converted", "nothing needs doing");

    public static readonly Fault CtdSubregion = Centroids.Declare("CTD_SUBREGION", Severity.Info,
        "the centroid file has points of other places than vertebral bodies; they were left out", "nothing needs doing");

    public static readonly Fault CtdRange = Centroids.Declare("CTD_RANGE", Severity.Warning,
        "an annotated point lies outside the volume", "check the direction and the point");

    public static readonly Fault CtdNotInMask = Centroids.Declare("CTD_RANGE", Severity.Warning,
        "a label is annotated but not in the mask", "check mask and centroid file");

    public static readonly Fault CtdNotAnnotated = Centroids.Declare("CTD_RANGE", Severity.Warning,
        "a label of the mask is not annotated", "check mask and centroid file");

    public static readonly Fault CtdOutsideLabel = Centroids.Declare("CTD_OUTSIDE_LABEL", Severity.Warning,
        "an annotated point lies outside its own label", "check mask and centroid file");

    public static readonly Fault CtdFar = Centroids.Declare("CTD_FAR", Severity.Warning,
        "an annotated point is more than 20 mm from the label's centroid", "check mask and centroid file");

    public static readonly Fault SidecarUnreadable = Centroids.Declare("SIDECAR_UNREADABLE", Severity.Warning,
        "the CT's JSON sidecar cannot be read; its columns are null", "repair it, or move it out of the source");

    public static readonly Fault SidecarUnknown = Centroids.Declare("SIDECAR_UNKNOWN", Severity.Info,
        "the CT's JSON sidecar has a text that is no known scanner or voltage; it was not published, its column is null",
        "remove it if it names a person; report the scanner if it is one");
}
