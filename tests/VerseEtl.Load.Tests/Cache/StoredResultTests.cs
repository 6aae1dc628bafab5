using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using VerseEtl.Load.Cache;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Cache;

public sealed class StoredResultTests
{
    [Fact]
    public void The_columns_of_a_table_are_all_that_its_rows_hold()
    {
        Assert.Equal(Properties<ScanRow>(), PublishedSchema.Scans.TypedColumns.Select(column => column.Property!).Order());
        Assert.Equal(Properties<VertebraRow>(), PublishedSchema.Vertebrae.TypedColumns.Select(column => column.Property!).Order());
        Assert.Equal(Properties<Finding>(), PublishedSchema.Findings.TypedColumns.Select(column => column.Property!).Order());
        Assert.Equal([nameof(ScanResult.Findings), nameof(ScanResult.PicturePng), nameof(ScanResult.Scan), nameof(ScanResult.Vertebrae)],
            Properties<ScanResult>());
    }

    [Fact]
    public void A_result_comes_back_from_both_forms_to_the_last_bit()
    {
        Random random = new(1);
        for (int n = 0; n < 100; n++)
        {
            ScanResult result = new(Row<ScanRow>(random), Rows<VertebraRow>(random), Rows<Finding>(random));
            byte[] json = Json(result);
            // the way of what is written here, not the way around it
            Assert.Equal(json, Json(StoredResult.AsWritten(json)!));
            Assert.Equal(json, Json(StoredResult.OfBytes(StoredResult.BytesOf(result))));
        }
    }

    [Fact]
    public void Json_of_another_form_is_read_as_the_library_reads_it()
    {
        Random random = new(2);
        ScanResult result = new(Row<ScanRow>(random), [Row<VertebraRow>(random), Row<VertebraRow>(random)], []);
        Assert.NotNull(StoredResult.AsWritten(Json(result)));
        Same(node => node["Later"] = "text");
        Same(node => node["Vertebrae"]![1]!["Later"] = 1);
        Same(node => node["Scan"] = new JsonObject(node["Scan"]!.AsObject().Reverse().Select(each => KeyValuePair.Create(each.Key, each.Value?.DeepClone()))));
        Same(node => node["Vertebrae"]![1]!.AsObject().Remove(nameof(VertebraRow.OutlierZ)));
        Same(node => node["Scan"]!["ScanKey"] = null);
        Fails(node => node["Vertebrae"]![1]!.AsObject().Remove(nameof(VertebraRow.VoxelCount)));
        Fails(node => node["Vertebrae"]![0]!["Label"] = 1.5);
        Fails(node => node["Vertebrae"]![0]!["TouchesBorder"] = 1);
        Fails(node => node["Scan"]!["Affine"] = "none");
        Fails(node => node["Scan"]!["Labels"] = new JsonArray(1L << 40));
        Assert.ThrowsAny<JsonException>(() => StoredResult.OfJson([.. Json(result), (byte)'1']));
        Assert.ThrowsAny<JsonException>(() => StoredResult.OfJson(Json(result).AsSpan()[..^1]));
        Assert.Null(StoredResult.OfJson("null"u8));

        byte[] Changed(Action<JsonNode> change)
        {
            JsonNode node = JsonNode.Parse(Json(result))!;
            change(node);
            byte[] json = Encoding.UTF8.GetBytes(node.ToJsonString());
            Assert.Null(StoredResult.AsWritten(json));
            return json;
        }

        void Same(Action<JsonNode> change)
        {
            byte[] json = Changed(change);
            Assert.Equal(Json(JsonSerializer.Deserialize(json, CacheJson.Default.ScanResult)!), Json(StoredResult.OfJson(json)!));
        }

        void Fails(Action<JsonNode> change)
        {
            byte[] json = Changed(change);
            Assert.ThrowsAny<JsonException>(() => StoredResult.OfJson(json));
        }
    }

    private static IEnumerable<string> Properties<T>() =>
        typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).Select(property => property.Name).Order();

    private static byte[] Json(ScanResult result) => JsonSerializer.SerializeToUtf8Bytes(result, CacheJson.Default.ScanResult);

    private static T[] Rows<T>(Random random) where T : class
    {
        T[] rows = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Row<T>(random))];
        // a text that stands twice, one row after the other
        foreach (PropertyInfo text in typeof(T).GetProperties().Where(property => property.PropertyType == typeof(string) && random.Next(2) == 0))
            for (int at = 1; at < rows.Length; at++) text.SetValue(rows[at], text.GetValue(rows[at - 1]));
        return rows;
    }

    /// <summary>A row with something, or nothing where that may be, in each of its properties.</summary>
    private static T Row<T>(Random random) where T : class
    {
        T row = Activator.CreateInstance<T>();
        NullabilityInfoContext nullability = new();
        foreach (PropertyInfo property in typeof(T).GetProperties().Where(property => property.CanWrite))
        {
            bool isNull = nullability.Create(property).WriteState == NullabilityState.Nullable && random.Next(4) == 0;
            property.SetValue(row, isNull ? null : Value(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, random));
        }
        return row;
    }

    private static object Value(Type type, Random random) => type switch
    {
        _ when type == typeof(string) => Text(random),
        _ when type == typeof(int) => random.Next(3) == 0 ? int.MinValue : random.Next(),
        _ when type == typeof(long) => random.NextInt64(long.MinValue, long.MaxValue),
        _ when type == typeof(bool) => random.Next(2) == 0,
        _ when type == typeof(Severity) => (Severity)random.Next(3),
        _ when type == typeof(double) => Number(random),
        _ when type == typeof(IReadOnlyList<double>) => Enumerable.Range(0, random.Next(4)).Select(_ => Number(random)).ToArray(),
        _ when type == typeof(IReadOnlyList<int>) => Enumerable.Range(0, random.Next(4)).Select(_ => random.Next()).ToArray(),
        _ => throw new NotSupportedException(type.Name),
    };

    private static double Number(Random random) => random.Next(4) switch
    {
        0 => random.Next(-3, 4),
        1 => new[] { -0.0, double.Epsilon, double.MaxValue, 0.1, 1e21, -5e-324 }[random.Next(6)],
        2 => random.NextDouble(),
        _ => BitConverter.Int64BitsToDouble(random.NextInt64()) is double any && double.IsFinite(any) ? any : 0,
    };

    private static string Text(Random random) =>
        new[] { "", "verse019", "a \"b\" \\ \n\u0001", "\u00e9 \u4e2d \ud83d\ude00 <&>", new string('x', 5000) }[random.Next(5)];
}
