using System.Security.Cryptography;
using System.Text;
using VerseEtl.Extract.Clinical;
using VerseEtl.Extract.Tree;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tests.Clinical;

public sealed class ClinicalReaderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    private static readonly ScanFiles[] Scans = [Scan("verse004"), Scan("verse400", "verse155"), Scan("verse400", "verse156")];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Declared_columns_come_with_their_types_and_nothing_else_comes()
    {
        ClinicalContent content = Read("""
            id,note,age,bmd,contrast,sex
            sub-verse004,"fell, ""hard"" once",63,101.5,TRUE,f
            VERSE155,, 71 ,-1.5e2,0,"m, once"
            verse156,x,,,,
            """);
        Assert.Empty(content.Findings);
        Assert.Equal([63, 101.5, true, "f"], content.Values["verse004"]);
        Assert.Equal([71, -150.0, false, "m, once"], content.Values["verse155"]);
        Assert.Equal([null, null, null, null], content.Values["verse156"]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_temp["clinical.csv"]))), content.Sha256);
    }

    [Fact]
    public void A_row_by_subject_is_given_to_each_of_its_scans()
    {
        ClinicalContent content = Read("id,age,bmd,contrast,sex\nverse400,50,1,1,m\nverse004,40,1,1,m\n", file => file with { Key = ClinicalFile.SubjectId });
        ClinicalTable table = ClinicalJoin.Of([content], Scans)!;
        Assert.Equal([("a/test/sub-verse004", 40), ("a/test/sub-verse400_split-verse155", 50), ("a/test/sub-verse400_split-verse156", 50)],
            table.Rows.Select(row => (row.ScanKey, row.Values[0])));
    }

    [Fact]
    public void Files_stand_side_by_side_and_a_scan_that_none_knows_has_no_row()
    {
        ClinicalContent first = Read("id,age,bmd,contrast,sex\nverse004,40,1,1,m\n"), second = Read("id,age,bmd,contrast,sex\nverse155,50,2,0,f\n");
        ClinicalTable table = ClinicalJoin.Of([first, second], Scans)!;
        Assert.Equal(["a/test/sub-verse004", "a/test/sub-verse400_split-verse155"], table.Rows.Select(row => row.ScanKey));
        Assert.Equal([40, 1.0, true, "m", null, null, null, null], table.Rows[0].Values);
        Assert.Equal([null, null, null, null, 50, 2.0, false, "f"], table.Rows[1].Values);
        Assert.Null(ClinicalJoin.Of([], Scans));
    }

    [Theory]
    [InlineData("age", "63.5")]
    [InlineData("age", "99999999999")]
    [InlineData("age", "1e3")]
    [InlineData("bmd", "101,5")]
    [InlineData("bmd", "1 000")]
    [InlineData("bmd", "NaN")]
    [InlineData("bmd", "1e999")]
    [InlineData("contrast", "yes")]
    [InlineData("sex", "Jane\tDoe")]
    [InlineData("sex", "two\nlines")]
    public void A_cell_of_another_type_is_null_and_told_by_its_line_alone(string column, string cell)
    {
        string[] names = ["age", "bmd", "contrast", "sex"];
        string Row(string key, string value) => $"{key},{string.Join(',', names.Select(name => name == column ? $"\"{value}\"" : ""))}\n";
        ClinicalContent content = Read("id,age,bmd,contrast,sex\n" + Row("verse156", "") + Row("verse004", cell) + Row("verse155", ""));
        Finding finding = Assert.Single(content.Findings);
        Assert.Equal((Faults.ClnCell.Code, "clinical.csv", column, "1, in line 3"), (finding.Code, finding.Path, finding.Field, finding.Observed));
        Assert.DoesNotContain(cell, finding.Message, StringComparison.Ordinal);
        Assert.Equal([null, null, null, null], content.Values["verse004"]);
    }

    [Fact]
    public void A_text_that_is_prose_is_not_taken()
    {
        ClinicalContent content = Read($"id,age,bmd,contrast,sex\nverse004,1,,,{new string('x', 201)}\nverse155,2,,,{new string('x', 200)}\nverse156,3,,,\n");
        Assert.Equal(Faults.ClnCell.Code, Assert.Single(content.Findings).Code);
        Assert.Equal([1, null, null, null], content.Values["verse004"]);
        Assert.Equal(200, ((string)content.Values["verse155"][3]!).Length);
    }

    [Fact]
    public void Of_many_bad_cells_ten_lines_are_named_and_all_counted()
    {
        ScanFiles[] many = [.. Enumerable.Range(100, 12).Select(number => Scan($"verse{number}"))];
        string rows = string.Concat(many.Select(scan => $"{scan.SubjectId},x,,,\n"));
        Finding finding = Assert.Single(Read("id,age,bmd,contrast,sex\n" + rows, scans: many).Findings);
        Assert.Equal("12, in lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more", finding.Observed);
    }

    [Fact]
    public void Keys_that_match_nothing_are_told_once_in_each_direction_without_the_key()
    {
        ClinicalContent content = Read("id,age,bmd,contrast,sex\nJane Doe,1,,,\nverse155,2,,,\nverse999,x,,,\n");
        Assert.Equal([(Faults.ClnNoScan.Code, "2, in lines 2, 4"), (Faults.ClnNoRow.Code, "2 of 3, such as a/test/sub-verse004")],
            content.Findings.Select(finding => (finding.Code, finding.Observed!)));
        Assert.DoesNotContain(content.Findings, finding => finding.Message.Contains("Jane", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_rows_with_one_key_none_is_taken()
    {
        ClinicalContent content = Read("id,age,bmd,contrast,sex\nverse004,1,,,\nverse155,2,,,\nsub-verse004,1,,,\nverse004,3,,,\nverse156,4,,,\n");
        Finding finding = Assert.Single(content.Findings);
        Assert.Equal((Faults.ClnDuplicateKey.Code, "id", "3, in lines 2, 4, 5"), (finding.Code, finding.Field, finding.Observed));
        Assert.Equal(["verse155", "verse156"], content.Values.Keys.Order());
    }

    [Fact]
    public void Rows_that_are_short_or_long_are_left_out_and_empty_lines_mean_nothing()
    {
        ClinicalContent content = Read("id,age,bmd,contrast,sex\n\nverse004,1,,\nverse155,2,,,,9\n   \nverse156,4,,,\n");
        Assert.Equal([(Faults.ClnRow.Code, "2, in lines 3, 4"), (Faults.ClnNoRow.Code, "2 of 3, such as a/test/sub-verse004")],
            content.Findings.Select(finding => (finding.Code, finding.Observed!)));
        Assert.Equal([4, null, null, null], content.Values["verse156"]);
    }

    [Fact]
    public void Lines_are_those_of_an_editor_where_quoted_fields_hold_line_ends()
    {
        ClinicalContent content = Read("id,note,age,bmd,contrast,sex\r\nverse004,\"a\r\nb\",1,,,\r\nverse155,,x,,,\r\nverse156,,4,,,\r\n");
        Assert.Equal("1, in line 4", Assert.Single(content.Findings).Observed);
    }

    [Fact]
    public void A_column_that_is_missing_or_stands_twice_is_null_and_the_others_go_on()
    {
        ClinicalContent content = Read("id,age,age,contrast,sex\nverse004,1,2,1,f\nverse155,1,2,1,f\nverse156,1,2,1,f\n");
        Assert.Equal([(Faults.ClnColumn.Code, "age"), (Faults.ClnColumn.Code, "bmd")], content.Findings.Select(finding => (finding.Code, finding.Field!)));
        Assert.Equal([null, null, true, "f"], content.Values["verse004"]);
    }

    [Fact]
    public void Without_the_keys_column_there_is_nothing()
    {
        ClinicalContent content = Read("name,age,bmd,contrast,sex\nverse004,1,,,\n");
        Finding finding = Assert.Single(content.Findings);
        Assert.Equal((Faults.ClnColumn.Code, "id"), (finding.Code, finding.Field));
        Assert.Empty(content.Values);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public void A_file_without_a_line_has_no_columns(string text) => Assert.Equal(Faults.ClnFormat.Code, Assert.Single(Read(text).Findings).Code);

    [Fact]
    public void A_quote_that_never_ends_costs_the_file()
    {
        ClinicalContent content = Read("id,age,bmd,contrast,sex\nverse004,1,,,f\nverse155,2,,,\"f\nverse156,3,,,f\n");
        Finding finding = Assert.Single(content.Findings);
        Assert.Equal((Faults.ClnFormat.Code, "a quote in line 3 that does not end"), (finding.Code, finding.Observed));
        Assert.Empty(content.Values);
    }

    [Fact]
    public void Another_delimiter_and_a_byte_order_mark_are_fine()
    {
        ClinicalContent content = Read("\ufeffid;age;bmd;contrast;sex\nverse004;1;1.5;1;a,b\nverse155;;;;\nverse156;;;;\n",
            file => file with { Delimiter = ';' });
        Assert.Empty(content.Findings);
        Assert.Equal([1, 1.5, true, "a,b"], content.Values["verse004"]);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_cost_the_file_and_their_line_is_told()
    {
        byte[] latin = Encoding.Latin1.GetBytes("id,age,bmd,contrast,sex\nverse004,1,,,f\nverse155,2,,,weiblich für\n");
        Finding finding = Assert.Single(Read(latin).Findings);
        Assert.Equal((Faults.ClnEncoding.Code, "other bytes in line 3"), (finding.Code, finding.Observed));
        Finding wide = Assert.Single(Read([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("id,age\nverse004,1\n")]).Findings);
        Assert.Equal((Faults.ClnEncoding.Code, "other bytes in line 1"), (wide.Code, wide.Observed));
        Assert.Equal(Faults.ClnEncoding.Code, Assert.Single(Read(Encoding.Unicode.GetBytes("id,age\nverse004,1\n")).Findings).Code);
        byte[] late = [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("ä,1,,,\n", 5000))), 0xff];
        Assert.Equal("other bytes in line 5001", Assert.Single(Read(late).Findings).Observed);
    }

    [Fact]
    public void A_file_that_is_not_there_or_no_file_costs_its_columns()
    {
        ClinicalContent gone = ClinicalReader.Read(Declared(), Scans);
        Assert.Equal((Faults.ClnFile.Code, "no such file", null), (Assert.Single(gone.Findings).Code, gone.Findings[0].Observed, gone.Sha256));
        Directory.CreateDirectory(_temp["clinical.csv"]);
        Assert.Equal("a folder", Assert.Single(ClinicalReader.Read(Declared(), Scans).Findings).Observed);
        ClinicalTable table = ClinicalJoin.Of([gone], Scans)!;
        Assert.Equal(4, table.Declaration.Columns.Count);
        Assert.Empty(table.Rows);
    }

    private ClinicalContent Read(string text, Func<ClinicalFile, ClinicalFile>? with = null, ScanFiles[]? scans = null) =>
        Read(Encoding.UTF8.GetBytes(text), with, scans);

    private ClinicalContent Read(byte[] bytes, Func<ClinicalFile, ClinicalFile>? with = null, ScanFiles[]? scans = null)
    {
        File.WriteAllBytes(_temp["clinical.csv"], bytes);
        return ClinicalReader.Read(with is null ? Declared() : with(Declared()), scans ?? Scans);
    }

    private ClinicalFile Declared()
    {
        static ClinicalColumn Column(string name, string type) => new(name, type, "as told") { File = "clinical.csv", Header = name };
        return new()
        {
            Path = _temp["clinical.csv"],
            Name = "clinical.csv",
            Key = ClinicalFile.SeriesId,
            KeyHeader = "id",
            Columns = [Column("age", ClinicalTypes.Whole32), Column("bmd", ClinicalTypes.Real), Column("contrast", ClinicalTypes.Truth),
                Column("sex", ClinicalTypes.Text)],
        };
    }

    private static ScanFiles Scan(string subject, string? series = null) => new()
    {
        Key = new ScanKey("a", "test", series is null ? $"sub-{subject}" : $"sub-{subject}_split-{series}"),
        SubjectId = subject,
        SeriesId = series ?? subject,
    };
}
