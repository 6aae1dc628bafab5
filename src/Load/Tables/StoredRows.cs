using System.Buffers;
using System.Text;
using System.Text.Json;

namespace VerseEtl.Load.Tables;

/// <summary>
/// Rows of a table in the two forms that a run keeps them in for itself: its own bytes, column by column, and JSON with a property a column. Both are
/// read many times as fast as a JSON library reads rows with a hundred properties. The columns must be all that a row holds.
/// </summary>
internal sealed class StoredRows<TRow>(TableSchema<TRow> table) where TRow : class
{
    private readonly Lazy<byte[][]> _names = new(() => [.. table.TypedColumns.Select(column => Encoding.UTF8.GetBytes(column.Property!))]);

    /// <summary>Appends a row; what it has in common with the row before it is not said again.</summary>
    /// <param name="before">Null for the first row.</param>
    public void Put(ArrayBufferWriter<byte> bytes, TRow row, TRow? before)
    {
        foreach (Column<TRow> column in table.TypedColumns) column.Put(bytes, row, before);
    }

    /// <summary>Takes what <see cref="Put"/> appended, in the same order.</summary>
    /// <param name="bytes">Moved behind the row.</param>
    public TRow Take(ref ReadOnlySpan<byte> bytes, TRow? before)
    {
        TRow row = table.NewRow();
        foreach (Column<TRow> column in table.TypedColumns) column.Take(ref bytes, row, before);
        return row;
    }

    /// <summary>Takes the object whose beginning a reader has read.</summary>
    /// <param name="before">A row that may say the same; its texts are taken where it does.</param>
    /// <returns>Null unless the object has a property for each column and no other, in the order of the columns, and each of its type.</returns>
    public TRow? TakeJson(ref Utf8JsonReader json, TRow? before)
    {
        if (json.TokenType != JsonTokenType.StartObject) return null;
        TRow row = table.NewRow();
        byte[][] names = _names.Value;
        for (int at = 0; at < names.Length; at++)
        {
            if (!json.Read() || json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals(names[at])) return null;
            if (!json.Read() || !table.TypedColumns[at].TakeJson(ref json, row, before)) return null;
        }
        return json.Read() && json.TokenType == JsonTokenType.EndObject ? row : null;
    }
}
