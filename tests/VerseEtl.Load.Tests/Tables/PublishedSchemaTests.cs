using System.Globalization;
using VerseEtl.Load.Export;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Tables;

public sealed class PublishedSchemaTests
{
    /// <summary>Changes only together with <see cref="PublishedSchema.Version"/>, unless columns were added at an end.</summary>
    private const string Contract =
        """
        vertebrae: scan_key string, dataset string, split string, subject_id string, scan_id string, series_id string, label int32, vertebra string, region string, anatomical_order int32, voxel_count int64, volume_mm3 double, volume_cm3 double, bbox_min_i int32, bbox_min_j int32, bbox_min_k int32, bbox_max_i int32, bbox_max_j int32, bbox_max_k int32, extent_lr_mm double, extent_ap_mm double, extent_si_mm double, centroid_i double, centroid_j double, centroid_k double, centroid_x_mm double, centroid_y_mm double, centroid_z_mm double, axis_major_mm double, axis_middle_mm double, axis_minor_mm double, component_count int32, largest_component_fraction double, touches_border boolean, border_faces string, annotated_i double?, annotated_j double?, annotated_k double?, annotated_x_mm double?, annotated_y_mm double?, annotated_z_mm double?, annotation_distance_mm double?, annotation_label int32?, mask_hu_mean double?, mask_hu_std double?, mask_hu_min double?, mask_hu_p05 double?, mask_hu_p25 double?, mask_hu_median double?, mask_hu_p75 double?, mask_hu_p95 double?, mask_hu_max double?, body_hu_mean double?, body_hu_std double?, body_hu_median double?, body_hu_voxels int32?
        scans: scan_key string, dataset string, split string, subject_id string, scan_id string, series_id string, direction string?, series string?, status string, ct_path string?, mask_path string?, centroid_path string?, preview_path string?, ct_bytes int64?, mask_bytes int64?, ct_sha256 string?, mask_sha256 string?, centroid_sha256 string?, shape_i int32?, shape_j int32?, shape_k int32?, spacing_i_mm double?, spacing_j_mm double?, spacing_k_mm double?, spacing_lr_mm double?, spacing_ap_mm double?, spacing_si_mm double?, orientation string?, affine list of double?, affine_source string?, mask_datatype string?, ct_datatype string?, centroid_direction string?, vertebra_count int32?, labels list of int32?, annotated_labels list of int32?, manufacturer string?, manufacturer_model string?, kvp string?, licence string?, mask_content_sha256 string?, duplicate_of string?
        label_statistics: dataset string, split string, label int32, vertebra string, region string, anatomical_order int32, cases int32, scan_count int32, percentage double?, volume_cm3_min double?, volume_cm3_median double?, volume_cm3_max double?, volume_cm3_mean double?, volume_cm3_std double?
        dataset_statistics: dataset string, split string, metric string, value double?
        findings: code string, severity string, scan_key string?, dataset string?, split string?, scan_id string?, label int32?, path string?, field string?, observed string?, expected string?, message string
        audit: table string, dataset string, split string, item string, field string, published double?, recomputed double?, difference double?, tolerance double?, verdict string, note string?
        """;

    [Fact]
    public void Names_types_and_order_of_the_columns_are_the_contract()
    {
        string actual = string.Join("\n", PublishedSchema.All.Select(table =>
            $"{table.Name}: " + string.Join(", ", table.Columns.Select(column => $"{column.Name} {column.TypeName}{(column.Nullable ? "?" : "")}"))));
        Assert.Equal(1, PublishedSchema.Version);
        Assert.Equal(Contract.ReplaceLineEndings("\n"), actual);
    }

    [Fact]
    public void Every_column_says_what_it_is_and_every_nullable_one_what_null_means()
    {
        foreach (TableSchema table in PublishedSchema.All)
        {
            Assert.All(table.Key, key => Assert.Contains(table.Columns, column => column.Name == key));
            Assert.All(table.Columns, column =>
            {
                Assert.False(string.IsNullOrWhiteSpace(column.Text.Definition));
                Assert.NotNull(column.Text.Example);
                Assert.Equal(column.Nullable, column.Text.NullMeaning is not null);
                Assert.Equal(column.Name.EndsWith("_mm", StringComparison.Ordinal), column.Text.Unit == "mm" && column.Type != ColumnType.RealList);
            });
        }
    }

    [Fact]
    public void The_documented_tables_are_the_schema()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "VerseEtl.sln"))) root = Path.GetDirectoryName(root);
        string path = Path.Combine(root!, "docs", "tables.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(path, TableDocs.Markdown());
        Assert.Equal(TableDocs.Markdown(), File.ReadAllText(path));
    }

    [Fact]
    public void Csv_quotes_by_the_rfc_guards_formulas_and_keeps_numbers_exact()
    {
        PublishedTables tables = SampleTables.Empty with
        {
            Audit = [new AuditRow { Table = "a,b", Dataset = "say \"hi\"", Split = "", Item = "-x", Field = "@f", Published = 0.1, Recomputed = -1e-300, Verdict = "two\nlines", Note = "=1+1" }],
        };
        using StringWriter text = new(CultureInfo.InvariantCulture);
        CsvExport.Write(PublishedSchema.Audit, tables, text);
        Assert.Equal("table,dataset,split,item,field,published,recomputed,difference,tolerance,verdict,note\r\n"
            + "\"a,b\",\"say \"\"hi\"\"\",\"\",'-x,'@f,0.1,-1E-300,,,\"two\nlines\",'=1+1\r\n", text.ToString());
    }
}
