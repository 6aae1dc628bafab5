using System.Runtime.CompilerServices;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Load.Tables;

/// <summary>
/// Makes the columns of one table from the properties of its row, and rows for a reader to fill. A row's properties are `required` and
/// `init`, so that nobody else leaves one out or changes it later, while a file is read column by column: here alone that is gone around.
/// </summary>
internal static class Columns<TRow> where TRow : class
{
    /// <summary>A row without values; every column is to be set before anybody sees it.</summary>
    public static TRow NewRow() => Activator.CreateInstance<TRow>();

    public static Column<TRow> Text(
        string name, Func<TRow, string> property, ColumnText text, [CallerArgumentExpression(nameof(property))] string said = "") =>
        new TextColumn<TRow>(name, false, text, property, Set<string?>(said)) { Property = Named(said) };

    public static Column<TRow> OptionalText(
        string name, Func<TRow, string?> property, ColumnText text, [CallerArgumentExpression(nameof(property))] string said = "") =>
        new TextColumn<TRow>(name, true, text, property, Set<string?>(said)) { Property = Named(said) };

    /// <param name="since">How the value follows from earlier columns, for files of a schema version that lacks this one.</param>
    public static Column<TRow> Number<T>(
        string name, Func<TRow, T> property, ColumnText text, Func<TRow, T>? since = null, [CallerArgumentExpression(nameof(property))] string said = "")
        where T : struct
    {
        Action<TRow, T> set = Set<T>(said);
        return new NumberColumn<TRow, T>(name, text, property, set)
        {
            Property = Named(said), Restore = since is null ? null : row => set(row, since(row)),
        };
    }

    public static Column<TRow> Optional<T>(
        string name, Func<TRow, T?> property, ColumnText text, [CallerArgumentExpression(nameof(property))] string said = "") where T : struct =>
        new NullableNumberColumn<TRow, T>(name, text, property, Set<T?>(said)) { Property = Named(said) };

    public static Column<TRow> Listed<T>(
        string name, Func<TRow, IReadOnlyList<T>?> property, ColumnText text, [CallerArgumentExpression(nameof(property))] string said = "")
        where T : struct =>
        new ListColumn<TRow, T>(name, text, property, Set<IReadOnlyList<T>?>(said)) { Property = Named(said) };

    public static Column<TRow> Severity(
        string name, Func<TRow, Severity> property, ColumnText text, [CallerArgumentExpression(nameof(property))] string said = "")
    {
        Action<TRow, Severity> set = Set<Severity>(said);
        return new TextColumn<TRow>(name, false, text, row => property(row).Word(), (row, word) => set(row, Enum.Parse<Severity>(word!, ignoreCase: true)))
        {
            Property = Named(said),
        };
    }

    /// <summary>Sets the property that was said as `row => row.Property`; looked up at the first value, as a run writes more than it reads.</summary>
    private static Action<TRow, T> Set<T>(string said)
    {
        Action<TRow, T>? set = null;
        return (row, value) => (set ??= Setter<T>(said))(row, value);
    }

    private static string Named(string said) => said[(said.LastIndexOf('.') + 1)..];

    private static Action<TRow, T> Setter<T>(string said) =>
        typeof(TRow).GetProperty(Named(said))!.GetSetMethod()!.CreateDelegate<Action<TRow, T>>();
}
