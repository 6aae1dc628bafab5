using System.Globalization;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Tables;

public sealed class TableWriterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TableFile.Names), MemberType = typeof(TableFile))]
    public void The_same_rows_give_the_same_bytes_whatever_their_order_the_culture_and_the_thread(string name)
    {
        TableSchema table = TableFile.Named(name);
        PublishedTables tables = SampleTables.Of(9);
        PublishedTables reversed = new()
        {
            Vertebrae = [.. tables.Vertebrae.Reverse()], Scans = [.. tables.Scans.Reverse()], LabelStatistics = [.. tables.LabelStatistics.Reverse()],
            Pairs = [.. tables.Pairs.Reverse()], Spines = [.. tables.Spines.Reverse()],
            DatasetStatistics = [.. tables.DatasetStatistics.Reverse()], Findings = [.. tables.Findings.Reverse()], Audit = [.. tables.Audit.Reverse()],
        };
        byte[] first = TableFile.Bytes(table, tables);
        byte[] second = [];
        Thread thread = new(() => second = TableFile.Bytes(table, reversed)) { CurrentCulture = Comma() };
        thread.Start();
        thread.Join();
        Assert.Equal(first, second);
    }

    [Fact]
    public void NaN_infinity_and_a_null_key_are_refused()
    {
        PublishedTables tables = SampleTables.Of(2);
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            Assert.Throws<InvalidDataException>(() =>
                TableFile.Bytes(PublishedSchema.Vertebrae, tables with { Vertebrae = [tables.Vertebrae[0] with { VolumeMm3 = bad }] }));
            Assert.Throws<InvalidDataException>(() =>
                TableFile.Bytes(PublishedSchema.Vertebrae, tables with { Vertebrae = [tables.Vertebrae[0] with { MaskHuMean = bad }] }));
            Assert.Throws<InvalidDataException>(() =>
                TableFile.Bytes(PublishedSchema.Scans, tables with { Scans = [tables.Scans[0] with { Affine = [bad] }] }));
        }
        Assert.Throws<InvalidDataException>(() =>
            TableFile.Bytes(PublishedSchema.Vertebrae, tables with { Vertebrae = [tables.Vertebrae[0] with { ScanKey = null! }] }));
    }

    [Fact]
    public async Task The_library_still_keeps_its_footer_where_the_corrections_look_for_it()
    {
        DataField field = new("x", typeof(double), isNullable: true);
        using MemoryStream stream = new();
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), stream, cancellationToken: Token);
        using (ParquetRowGroupWriter group = writer.CreateRowGroup())
            await group.WriteAsync<double>(field, new double?[] { null, null }.AsMemory(), cancellationToken: Token);
        FileMetaData footer = FooterCorrections.FooterOf(writer);
        Assert.Null(footer.ColumnOrders);
        Assert.NotNull(footer.RowGroups[0].Columns[0].MetaData!.Statistics!.MinValue);
        FooterCorrections.Apply(writer, 1, [[true]]);
        Assert.Single(footer.ColumnOrders!);
        Assert.Null(footer.RowGroups[0].Columns[0].MetaData!.Statistics!.MinValue);
    }

    [Fact]
    public async Task Every_footer_has_column_orders_and_no_bounds_for_columns_without_values()
    {
        using MemoryStream stream = new(TableFile.Bytes(PublishedSchema.Vertebrae, SampleTables.Of(1)));
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream, cancellationToken: Token);
        FileMetaData footer = reader.Metadata!;
        Assert.Equal(PublishedSchema.Vertebrae.Columns.Count, footer.ColumnOrders!.Count);
        Statistics Of(string column) => footer.RowGroups[0].Columns.Single(chunk => chunk.MetaData!.PathInSchema[0] == column).MetaData!.Statistics!;
        Assert.Null(Of("mask_hu_mean").MinValue);
        Assert.Equal(4, Of("mask_hu_mean").NullCount);
        Assert.NotNull(Of("label").MinValue);
        Assert.Null(Of("scan_key").Min);
        Assert.Equal(BitConverter.GetBytes(-0.0), Statistics(0.0).MinValue);
        static Statistics Statistics(double volume)
        {
            using MemoryStream one = new(TableFile.Bytes(PublishedSchema.Vertebrae,
                SampleTables.Empty with { Vertebrae = [SampleTables.Of(1).Vertebrae[0] with { VolumeMm3 = volume }] }));
            ParquetReader reader = ParquetReader.CreateAsync(one).GetAwaiter().GetResult();
            return reader.Metadata!.RowGroups[0].Columns.Single(chunk => chunk.MetaData!.PathInSchema[0] == "volume_mm3").MetaData!.Statistics!;
        }
    }

    private static CultureInfo Comma()
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NegativeSign = "~";
        return culture;
    }
}
