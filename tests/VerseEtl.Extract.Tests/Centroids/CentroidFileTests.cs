using System.Text;
using VerseEtl.Extract.Centroids;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Tests.Centroids;

public sealed class CentroidFileTests
{
    private const string Pir = """{"direction":["P","I","R"]}""", L20 = """{"label":20,"X":1.5,"Y":2,"Z":3}""", L21 = """{"label":21,"X":4,"Y":5,"Z":6}""";

    [Fact]
    public void A_file_has_a_direction_and_a_point_for_each_label()
    {
        CentroidFile file = Read($"[{Pir}, {L21}, {L20}]");
        Assert.Equal("PIR", file.Direction.Codes);
        Assert.Equal([20, 21], file.AnnotatedLabels);
        Assert.Equal(new Vector3d(1.5, 2, 3), file.Points[20]);
        Assert.Equal(new Vector3d(4, 5, 6), file.Points[21]);
        Assert.Empty(file.Notes);
        using MemoryStream stream = new(Encoding.UTF8.GetBytes($"[{Pir}, {L20}]"));
        Assert.Equal([20], CentroidFile.Read(stream).AnnotatedLabels);
    }

    /// <summary>Each row: the content, which labels are left, and the notes as severity, code and what was found.</summary>
    [Theory]
    [InlineData("[D, {'label':20,'X':NaN,'Y':2,'Z':3}, B]", "21", "W CTD_NAN labels 20")]
    [InlineData("[D, {'label':20,'X':1,'Y':-Infinity,'Z':Infinity}, B]", "21", "W CTD_NAN labels 20")]
    [InlineData("[D, {'label':20,'X':1,'Y':null,'Z':3}, {'label':19,'X':1e999,'Y':1,'Z':3}, B]", "21", "W CTD_NAN labels 19, 20")]
    [InlineData("[D, {'label':20,'X':NaN,'Y':NaN,'Z':NaN}, A]", "20", "W CTD_NAN labels 20")]
    [InlineData("[A, D, B]", "20 21", "I CTD_NO_DIRECTION entry 1")]
    [InlineData("[{'direction':['p','I','r']}, A]", "20", "I CTD_AXES pIr")]
    [InlineData("[{'direction':'PIR'}, A]", "20", "")]
    [InlineData("[D]", "", "")]
    [InlineData("[D, A, B, {'label':20.0,'X':9,'Y':9,'Z':9}, A]", "21", "W CTD_DUP_LABEL labels 20")]
    [InlineData("[D, {'label':'20','X':1,'Y':2,'Z':3}]", "20", "W CTD_TYPE text in entries 1")]
    [InlineData("[D, {'label':2e1,'X':1,'Y':2,'Z':3}]", "20", "")]
    [InlineData("[D, {'label':20.5,'X':1,'Y':2,'Z':3}, B]", "21", "E CTD_TYPE entry 1 has no whole number as label")]
    [InlineData("[D, {'label':true,'X':1,'Y':2,'Z':3}, {'label':'T13','X':1,'Y':2,'Z':3}, B]", "21",
        "E CTD_TYPE entry 1 has no whole number as label, entry 2 has no whole number as label")]
    [InlineData("[D, {'label':NaN,'X':1,'Y':2,'Z':3}, {'X':1,'Y':2,'Z':3}, {'label':1e999,'X':1,'Y':2,'Z':3}]", "",
        "E CTD_TYPE entry 1 has no whole number as label, entry 2 has no whole number as label, entry 3 has no whole number as label")]
    [InlineData("[D, {'label':20,'X':1,'Z':3}, B]", "21", "E CTD_TYPE entry 1 lacks a coordinate")]
    [InlineData("[D, {'label':20,'X':'1','Y':2,'Z':3}, B]", "21", "E CTD_TYPE entry 1 has a coordinate that is no number or beyond any volume")]
    [InlineData("[D, {'label':20,'x':1,'Y':2,'Z':3}, B]", "21", "E CTD_TYPE entry 1 lacks a coordinate; I CTD_TYPE other keys in entries 1")]
    [InlineData("[D, 7, null, [], {}, B]", "21", "E CTD_TYPE entry 1 is a number, entry 2 is null, entry 3 is a list, entry 4 is empty")]
    [InlineData("[D, {'label':20,'X':1,'Y':2,'Z':3,'size':{'a':[1,{'b':2}]}}, {'50':[1,2,3]}]", "20", "I CTD_TYPE other keys in entries 1, 2")]
    [InlineData("[D, {'label':50,'X':1,'Y':2,'Z':3}, {'label':0,'X':1,'Y':2,'Z':3}, {'label':-1,'X':1,'Y':2,'Z':3}, A]", "20", "I CTD_TYPE labels -1, 0, 50")]
    [InlineData("[D, {'label':20,'X':1,'Y':2,'Z':3,'note':'a NaN, \\' Infinity'}]", "20", "I CTD_TYPE other keys in entries 1")]
    [InlineData("\ufeff[D, A]", "20", "I CTD_ENCODING UTF-8 with a byte order mark")]
    public void What_cannot_be_used_is_left_out_and_noted(string content, string labels, string notes)
    {
        CentroidFile file = Read(Expand(content));
        Assert.Equal(labels, string.Join(' ', file.AnnotatedLabels));
        Assert.Equal(notes,
            string.Join("; ", file.Notes.Select(note => $"{(note.Severity ?? note.Fault.Severity).ToString()[0]} {note.Fault.Code} {note.Observed}")));
        Assert.Equal(file.Notes.Count, file.Notes.DistinctBy(note => (note.Fault.Code, note.Field)).Count());
    }

    [Theory]
    [InlineData("", "CTD_EMPTY")]
    [InlineData("  \n", "CTD_NOT_JSON")]
    [InlineData("[D, A", "CTD_NOT_JSON")]
    [InlineData("[D, A,]", "CTD_NOT_JSON")]
    [InlineData("[D, A]]", "CTD_NOT_JSON")]
    [InlineData("[D, A] // no", "CTD_NOT_JSON")]
    [InlineData("[D, {'label':20,'X':-NaN,'Y':2,'Z':3}]", "CTD_NOT_JSON")]
    [InlineData("[D, {'label':20,'X':1NaN,'Y':2,'Z':3}]", "CTD_NOT_JSON")]
    [InlineData("[D, {'label':20,'X':NaN1,'Y':2,'Z':3}]", "CTD_NOT_JSON")]
    [InlineData("[D, {'label':20,'X':nan,'Y':2,'Z':3}]", "CTD_NOT_JSON")]
    [InlineData("[D, {NaN:20}]", "CTD_NOT_JSON")]
    [InlineData("[D, {'\\ud800':20}]", "CTD_NOT_JSON")]
    [InlineData("[A, B]", "CTD_NO_DIRECTION")]
    [InlineData("[]", "CTD_NO_DIRECTION")]
    [InlineData("[D, A, D]", "CTD_AXES")]
    [InlineData("[{'direction':['P','I','I']}, A]", "CTD_AXES")]
    [InlineData("[{'direction':['P','I','S']}, A]", "CTD_AXES")]
    [InlineData("[{'direction':['X','Y','Z']}, A]", "CTD_AXES")]
    [InlineData("[{'direction':['P','I']}, A]", "CTD_AXES")]
    [InlineData("[{'direction':['P','I','R','P']}, A]", "CTD_AXES")]
    [InlineData("[{'direction':['PI','R','']}, A]", "CTD_AXES")]
    [InlineData("[{'direction':[1,2,3]}, A]", "CTD_AXES")]
    [InlineData("[{'direction':null}, A]", "CTD_AXES")]
    [InlineData("[{'direction':'Name of a patient'}, A]", "CTD_AXES")]
    [InlineData("[D, {'label':20,'X':1,'X':2,'Y':2,'Z':3}]", "CTD_DUP_KEY")]
    [InlineData("[D, {'label':20,'X':1,'\\u0058':2,'Y':2,'Z':3}]", "CTD_DUP_KEY")]
    [InlineData("{'direction':['P','I','R']}", "CTD_TYPE")]
    [InlineData("20", "CTD_TYPE")]
    [InlineData("[D, [[[[[[[[]]]]]]]]]", "CTD_TOO_BIG")]
    public void A_file_that_cannot_be_trusted_is_void(string content, string code)
    {
        BadFileException bad = Assert.Throws<BadFileException>(() => Read(Expand(content)));
        Assert.Equal(code, bad.Fault.Code);
        Assert.Equal(Severity.Error, bad.Fault.Severity);
        Assert.DoesNotContain("patient", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_encodings_than_utf8_are_void()
    {
        string text = $"[{Pir},{L20}]";
        Encoding[] others = [Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32];
        foreach (Encoding encoding in others)
            foreach (byte[] content in new[] { encoding.GetBytes(text), [.. encoding.GetPreamble(), .. encoding.GetBytes(text)] })
                Assert.Equal("CTD_ENCODING", Assert.Throws<BadFileException>(() => CentroidFile.Read(content)).Fault.Code);
        Assert.Equal("CTD_ENCODING", Assert.Throws<BadFileException>(() => CentroidFile.Read([.. "[{\"direction\":\"M"u8, 0xfc, .. "ller\"}]"u8])).Fault.Code);
    }

    [Fact]
    public void Size_depth_and_entries_are_bounded()
    {
        string full = string.Join(',', Enumerable.Repeat("{\"other\":1}", 199));
        Assert.Empty(Read($"[{Pir},{full}]").Points);
        Assert.Equal("entries", Assert.Throws<BadFileException>(() => Read($"[{Pir},{full},{L20}]")).Field);
        Assert.Equal([20], Read($"[{Pir},{L20}]".PadRight(CentroidFile.LongestBytes)).AnnotatedLabels);
        Assert.Equal("length", Assert.Throws<BadFileException>(() => Read($"[{Pir},{L20}]".PadRight(CentroidFile.LongestBytes + 1))).Field);
        Assert.Equal("depth", Assert.Throws<BadFileException>(() => Read(new string('[', 1 << 19) + new string(']', 1 << 19))).Field);
        using MemoryStream endless = new(new byte[16 << 20]);
        Assert.Equal("length", Assert.Throws<BadFileException>(() => CentroidFile.Read(endless)).Field);
        Assert.Equal(CentroidFile.LongestBytes + 1, endless.Position);
    }

    /// <summary>Against the definition spelled out: walk from the low end of an axis, or from the high end where it runs the other way.</summary>
    [Fact]
    public void Points_turn_into_voxels_for_every_pair_of_orientations()
    {
        string[] orders = ["012", "021", "102", "120", "201", "210"];
        string[] all =
            [.. from a in "LR" from b in "PA" from c in "IS" from order in orders select string.Concat(order.Select(axis => $"{a}{b}{c}"[axis - '0']))];
        Assert.Equal(48, all.Length);
        const string axes = "LRPAIS";
        foreach (string file in all)
        {
            CentroidFile centroids = Read($$"""[{"direction":["{{file[0]}}","{{file[1]}}","{{file[2]}}"]},{{L20}}]""");
            foreach (string image in all)
            {
                VoxelGrid grid = GridOf(image);
                Vector3d index = centroids.ToVoxelIndex(grid)[20];
                for (int stored = 0; stored < 3; stored++)
                {
                    int from = Enumerable.Range(0, 3)
                        .Single(axis => axes.IndexOf(file[axis], StringComparison.Ordinal) / 2 == axes.IndexOf(image[stored], StringComparison.Ordinal) / 2);
                    double written = new[] { 1.5, 2, 3 }[from];
                    Assert.Equal(file[from] == image[stored] ? written : grid.Shape[stored] - 1 - written, index[stored]);
                }
            }
        }
    }

    [Fact]
    public void The_same_direction_leaves_points_alone_and_a_flip_of_both_ends_maps_them_onto_each_other()
    {
        CentroidFile file = Read($$"""[{{Pir}},{"label":20,"X":0,"Y":0,"Z":0},{"label":21,"X":9,"Y":19,"Z":29}]""");
        Assert.Equal(file.Points, file.ToVoxelIndex(GridOf("PIR")));
        IReadOnlyDictionary<int, Vector3d> flipped = file.ToVoxelIndex(GridOf("ASL"));
        Assert.Equal((file.Points[21], file.Points[20]), (flipped[20], flipped[21]));
    }

    /// <summary>
    /// Golden values of sub-verse010's own file: nibabel 5.0.0 (axcodes2ornt, ornt_transform) onto images of the given orientation, shape 186 x 206 x
    /// 186.
    /// </summary>
    [Theory]
    [InlineData("PIR", 91.1, 40.0, 95.0)]
    [InlineData("LPS", 90.0, 91.1, 145.0)]
    [InlineData("RAS", 95.0, 113.9, 145.0)]
    [InlineData("PSR", 91.1, 165.0, 95.0)]
    public void A_genuine_point_lands_where_nibabel_puts_it(string orientation, double i, double j, double k)
    {
        CentroidFile file = Read($$"""[{{Pir}},{"label":20,"X":91.1,"Y":40.0,"Z":95.0}]""");
        Assert.Equal(new Vector3d(i, j, k), file.ToVoxelIndex(GridOf(orientation, new VoxelShape(186, 206, 186)))[20]);
    }

    [Fact]
    public void No_prefix_and_no_flipped_bit_fails_otherwise_than_as_a_bad_file()
    {
        byte[] content = Encoding.UTF8.GetBytes($$"""[{{Pir}}, {{L20}}, {"label": "21", "X": NaN, "Y": -1e-3, "Z": null, "k\u00e9": [{"a": "\"\\"}]}]""");
        int read = 0;
        for (int length = 0; length < content.Length; length++)
            Assert.Throws<BadFileException>(() => CentroidFile.Read(content.AsSpan(0, length)));
        for (int bit = 0; bit < content.Length * 8; bit++)
        {
            byte[] flipped = [.. content];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            try
            {
                CentroidFile file = CentroidFile.Read(flipped);
                Assert.All(file.Points, point => Assert.True(point.Key is >= 1 and <= 28 && point.Value.IsFinite));
                read++;
            }
            catch (BadFileException)
            {
                // the other allowed outcome
            }
        }
        Assert.InRange(read, 1, content.Length * 8 - 1);
    }

    private static CentroidFile Read(string text) => CentroidFile.Read(Encoding.UTF8.GetBytes(text));

    /// <summary>D, A and B stand for a direction and two good entries; ' for ", and \' for an escaped ".</summary>
    private static string Expand(string content) =>
        content.Replace("[D", $"[{Pir}", StringComparison.Ordinal).Replace(", D", $", {Pir}", StringComparison.Ordinal)
            .Replace("[A", $"[{L20}", StringComparison.Ordinal).Replace(", A", $", {L20}", StringComparison.Ordinal)
            .Replace(", B", $", {L21}", StringComparison.Ordinal).Replace('\'', '"');

    private static VoxelGrid GridOf(string codes) => GridOf(codes, new VoxelShape(10, 20, 30));

    private static VoxelGrid GridOf(string codes, VoxelShape shape)
    {
        Vector3d[] columns = [.. codes.Select(code => code switch
        {
            'R' => new Vector3d(1, 0, 0), 'L' => new Vector3d(-1, 0, 0), 'A' => new Vector3d(0, 1, 0),
            'P' => new Vector3d(0, -1, 0), 'S' => new Vector3d(0, 0, 1), _ => new Vector3d(0, 0, -1),
        })];
        VoxelGrid grid = new(shape, new Affine(columns[0], columns[1], columns[2], default), AffineSource.Sform, new Vector3d(1, 1, 1));
        Assert.Equal(codes, grid.Orientation.Codes);
        return grid;
    }
}
