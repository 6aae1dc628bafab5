using System.Globalization;
using VerseEtl.Load.Export;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Load.Tests.Tables;

public sealed class PublishedSchemaTests
{
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
        string path = Path.Join(Repository.Root, "docs/tables.md");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(path, TableDocs.Markdown());
        Assert.Equal(TableDocs.Markdown(), File.ReadAllText(path));
    }

    [Fact]
    public void Csv_quotes_by_the_rfc_guards_formulas_and_keeps_numbers_exact()
    {
        PublishedTables tables = SampleTables.Empty with
        {
            Audit = [new AuditRow { Table = "a,b", Dataset = "say \"hi\"", Split = "", Item = "-x",
                Field = "@f", Published = 0.1, Recomputed = -1e-300, Verdict = "two\nlines", Note = "=1+1" }],
        };
        using StringWriter text = new(CultureInfo.InvariantCulture);
        CsvExport.Write(PublishedSchema.Audit, tables, text);
        Assert.Equal("table,dataset,split,item,field,published,recomputed,difference,tolerance,verdict,note\r\n"
            + "\"a,b\",\"say \"\"hi\"\"\",\"\",'-x,'@f,0.1,-1E-300,,,\"two\nlines\",'=1+1\r\n", text.ToString());
    }

    [Theory]
    [InlineData("", "a,,\"\",\\N")]
    [InlineData("\\N", "a,\\N,\"\",\"\\N\"")]
    [InlineData("a", "\"a\",a,\"\",\\N")]
    public void CSV_tells_null_from_empty_text_and_from_the_word_for_null(string nullText, string expected)
    {
        PublishedTables tables = SampleTables.Empty with
        {
            Findings = [new Finding { Code = "a", Severity = Severity.Info, ScanKey = null, Path = "", Field = "\\N", Message = "m" }],
        };
        using StringWriter text = new(CultureInfo.InvariantCulture);
        CsvExport.Write(PublishedSchema.Findings, tables, text, nullText);
        string[] fields = text.ToString().Split("\r\n")[1].Split(',');
        Assert.Equal(expected, string.Join(',', fields[0], fields[2], fields[7], fields[8]));
    }
}
