namespace VerseEtl.Load.Tables;

internal static class ColumnTypes
{
    public static ColumnType Of(Type type) =>
        type == typeof(int) ? ColumnType.Whole32
        : type == typeof(long) ? ColumnType.Whole64
        : type == typeof(double) ? ColumnType.Real
        : type == typeof(bool) ? ColumnType.Truth
        : throw new ArgumentException($"No published column has the type {type.Name}.", nameof(type));

    /// <summary>The value itself; NaN and infinities are never published, neither as a number nor silently as null.</summary>
    public static T Finite<T>(T value, string column) where T : struct =>
        value is double number && !double.IsFinite(number)
            ? throw NotFinite(column)
            : value;

    private static InvalidDataException NotFinite(string column) => new($"{column} is not a finite number; it is a defect to publish one.");
}
