namespace VerseEtl.Transform.Tables;

/// <summary>
/// The table `clinical`: what files of the user's own say about the scans. Its columns are declared in pipelines.yaml and belong to one snapshot;
/// no other table has anything from it.
/// </summary>
/// <param name="Rows">In order of scan_key, one a scan of which at least one file has a row.</param>
public sealed record ClinicalTable(ClinicalDeclaration Declaration, IReadOnlyList<ClinicalRow> Rows);

/// <summary>What was declared, and what the files held.</summary>
public sealed record ClinicalDeclaration(IReadOnlyList<ClinicalSource> Files, IReadOnlyList<ClinicalColumn> Columns);

/// <summary>A file that clinical columns come from.</summary>
/// <param name="File">As pipelines.yaml writes it; the name alone of one with an absolute path.</param>
/// <param name="Sha256">Of the file as stored, hexadecimal; null where it could not be read.</param>
public sealed record ClinicalSource(string File, string? Sha256);

/// <summary>A declared column; all of its values may be null.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Type">One of <see cref="ClinicalTypes"/>.</param>
/// <param name="Meaning">In the words of whoever declared it.</param>
public sealed record ClinicalColumn(string Name, string Type, string Meaning)
{
    /// <summary>The file it comes from, as <see cref="ClinicalSource.File"/>.</summary>
    public required string File { get; init; }

    /// <summary>What the file's first line calls it.</summary>
    public required string Header { get; init; }

    public string? Unit { get; init; }

    /// <summary>One of <see cref="ClinicalRoles"/>: which published figures the audit holds it against; null for none.</summary>
    public string? Role { get; init; }
}

/// <summary>One scan's values, in the order of the declared columns: text, int, long, double, bool or null.</summary>
public sealed record ClinicalRow
{
    public required string ScanKey { get; init; }
    public required IReadOnlyList<object?> Values { get; init; }
}

/// <summary>The types a clinical column may have, in the words of docs/tables.md.</summary>
public static class ClinicalTypes
{
    public const string Text = "string", Whole32 = "int32", Whole64 = "int64", Real = "double", Truth = "boolean";

    public static IReadOnlyList<string> All { get; } = [Text, Whole32, Whole64, Real, Truth];
}

/// <summary>What a clinical column may be to the audit.</summary>
public static class ClinicalRoles
{
    public const string Age = "age", Sex = "sex", Contrast = "contrast", FractureGrade = "fracture_grade", Manufacturer = "manufacturer";

    public static IReadOnlyList<string> All { get; } = [Age, Sex, Contrast, FractureGrade, Manufacturer];

    /// <summary>The types a column of a role may have.</summary>
    public static IReadOnlyList<string> TypesOf(string role) => role switch
    {
        Age => [ClinicalTypes.Whole32, ClinicalTypes.Whole64, ClinicalTypes.Real],
        FractureGrade => [ClinicalTypes.Whole32],
        Contrast => [ClinicalTypes.Truth],
        _ => [ClinicalTypes.Text],
    };
}
