using System.Globalization;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Clinical;

/// <summary>
/// One cell of a clinical file as a value of its declared type, white space around it left out: numbers with a point, without thousands and
/// finite, `true`, `false`, `1` or `0` in any case, text without control characters. An empty cell is null.
/// </summary>
internal static class ClinicalCell
{
    /// <summary>A longer text is no code or name of a thing but somebody's prose.</summary>
    public const int LongestText = 200;

    private const NumberStyles Whole = NumberStyles.AllowLeadingSign;
    private const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <returns>False if the cell is not of the type.</returns>
    public static bool TryRead(ReadOnlySpan<char> cell, string type, out object? value)
    {
        cell = cell.Trim();
        value = null;
        if (cell.IsEmpty) return true;
        CultureInfo point = CultureInfo.InvariantCulture;
        value = type switch
        {
            ClinicalTypes.Whole32 => int.TryParse(cell, Whole, point, out int number) ? number : null,
            ClinicalTypes.Whole64 => long.TryParse(cell, Whole, point, out long number) ? number : null,
            ClinicalTypes.Real => double.TryParse(cell, Real, point, out double number) && double.IsFinite(number) ? number : null,
            ClinicalTypes.Truth => Truth(cell),
            ClinicalTypes.Text => IsText(cell) ? cell.ToString() : null,
            _ => throw new ArgumentException($"{type} is no type of a clinical column.", nameof(type)),
        };
        return value is not null;
    }

    private static bool? Truth(ReadOnlySpan<char> cell) =>
        cell is "1" || cell.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
        : cell is "0" || cell.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
        : null;

    private static bool IsText(ReadOnlySpan<char> cell)
    {
        if (cell.Length > LongestText) return false;
        foreach (char c in cell)
            if (char.IsControl(c)) return false;
        return true;
    }
}
