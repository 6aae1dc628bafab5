using System.Globalization;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Pages;

/// <summary>Numbers as people read them.</summary>
internal static class Numbers
{
    /// <summary>As in the tables: whole, or with two decimals (more where two would hide a difference).</summary>
    public static string Number(double? value) => value switch
    {
        null => "none",
        double number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => number.ToString("0", CultureInfo.InvariantCulture),
        double number => number.ToString("0.00##", CultureInfo.InvariantCulture),
    };

    /// <summary>With the decimals that the row's figure was published with: none for counts, two otherwise.</summary>
    public static string Number(AuditRow row, double? value) => value switch
    {
        null => "none",
        double number when row.Tolerance == 0 => Number(number),
        double number => number.ToString("0.00", CultureInfo.InvariantCulture),
    };

    /// <summary>With so many decimals; nothing where there is no number.</summary>
    public static string Fixed(double? value, int decimals) =>
        // no minus before a nought
        value is double number ? (Math.Round(number, decimals) + 0.0).ToString("F" + decimals, CultureInfo.InvariantCulture) : "";

    public static string Signed(double? value) => value is double number ? (number > 0 ? "+" : "") + Number(number) : "";
}
