namespace VerseEtl.Transform.Findings;

public static partial class Faults
{
    private static readonly FaultGroup Clinical = new("clinical file");

    public static readonly Fault ClnFile = Clinical.Declare("CLN_FILE", Severity.Error,
        "a clinical file cannot be read; its columns are null", "check the path, the permissions and the disk");

    public static readonly Fault ClnEncoding = Clinical.Declare("CLN_ENCODING", Severity.Error,
        "a clinical file is not UTF-8; its columns are null", "save it as UTF-8");

    public static readonly Fault ClnFormat = Clinical.Declare("CLN_FORMAT", Severity.Error,
        "a clinical file is no CSV; its columns are null", "check its quotes and its delimiter");

    public static readonly Fault ClnColumn = Clinical.Declare("CLN_COLUMN", Severity.Error,
        "a declared column is missing from the first line of a clinical file, or stands there twice; it is null", "correct the file or its declaration");

    public static readonly Fault ClnRow = Clinical.Declare("CLN_ROW", Severity.Error,
        "rows of a clinical file have another number of fields than its first line; they were left out", "correct the rows");

    public static readonly Fault ClnCell = Clinical.Declare("CLN_CELL", Severity.Error,
        "cells of a clinical column are not of its type; they are null", "correct the cells or declare another type");

    public static readonly Fault ClnDuplicateKey = Clinical.Declare("CLN_DUP_KEY", Severity.Error,
        "a key stands in several rows of a clinical file; none was taken", "leave one row a key");

    public static readonly Fault ClnNoScan = Clinical.Declare("CLN_NO_SCAN", Severity.Warning,
        "rows of a clinical file have a key that no scan has", "check the key's column, or fetch the scans");

    public static readonly Fault ClnNoRow = Clinical.Declare("CLN_NO_ROW", Severity.Warning,
        "scans have no row in a clinical file; its columns are null for them", "nothing needs doing if none exists");
}
