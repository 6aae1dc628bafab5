using System.Linq.Expressions;
using System.Reflection;
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

    public static Column<TRow> Text(string name, Expression<Func<TRow, string>> property, ColumnText text) =>
        new TextColumn<TRow>(name, false, text, Get(property), Set<string?>(property)!);

    public static Column<TRow> OptionalText(string name, Expression<Func<TRow, string?>> property, ColumnText text) =>
        new TextColumn<TRow>(name, true, text, Get(property), Set<string?>(property));

    /// <param name="since">How the value follows from earlier columns, for files of a schema version that lacks this one.</param>
    public static Column<TRow> Number<T>(string name, Expression<Func<TRow, T>> property, ColumnText text, Func<TRow, T>? since = null) where T : struct
    {
        Action<TRow, T> set = Set<T>(property);
        return new NumberColumn<TRow, T>(name, text, Get(property), set) { Restore = since is null ? null : row => set(row, since(row)) };
    }

    public static Column<TRow> Optional<T>(string name, Expression<Func<TRow, T?>> property, ColumnText text) where T : struct =>
        new NullableNumberColumn<TRow, T>(name, text, Get(property), Set<T?>(property));

    public static Column<TRow> Listed<T>(string name, Expression<Func<TRow, IReadOnlyList<T>?>> property, ColumnText text) where T : struct =>
        new ListColumn<TRow, T>(name, text, Get(property), Set<IReadOnlyList<T>?>(property));

    public static Column<TRow> Severity(string name, Expression<Func<TRow, Severity>> property, ColumnText text)
    {
        Func<TRow, Severity> get = Get(property);
        Action<TRow, Severity> set = Set<Severity>(property);
        return new TextColumn<TRow>(name, false, text, row => get(row).Word(), (row, word) => set(row, Enum.Parse<Severity>(word!, ignoreCase: true)));
    }

    private static Func<TRow, T> Get<T>(Expression<Func<TRow, T>> property) => Property(property).GetGetMethod()!.CreateDelegate<Func<TRow, T>>();

    private static Action<TRow, T> Set<T>(LambdaExpression property) => Property(property).GetSetMethod()!.CreateDelegate<Action<TRow, T>>();

    private static PropertyInfo Property(LambdaExpression property) => (PropertyInfo)((MemberExpression)property.Body).Member;
}
