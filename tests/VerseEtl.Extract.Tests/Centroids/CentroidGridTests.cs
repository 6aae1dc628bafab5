using System.Text;
using System.Text.Json;
using VerseEtl.Extract.Centroids;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Extract.Tests.Centroids;

/// <summary>Centroid files that describe the grid of their points, and the forms in which TPTBox writes them.</summary>
public sealed class CentroidGridTests
{
    /// <summary>Oblique, LPS, 3 mm by 1 mm by 1 mm.</summary>
    private static readonly VoxelGrid Mask = Grid(new VoxelShape(35, 194, 252), new(3, 1, 1), new(40, -20, 700));

    private static readonly Vector3d Body = new(11.25, 101.5, 77);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 0.5)]
    [InlineData(0.7, 1, 1)]
    public void Points_of_another_zoom_are_converted_through_the_world(double x, double y, double z)
    {
        Vector3d zoom = new(x, y, z);
        VoxelGrid own = Grid(new VoxelShape((int)(105 / x), (int)(194 / y), (int)(252 / z)), zoom, Mask.Affine.Origin);
        AssertConverted(own, own.Affine.Invert(Mask.Affine.Apply(Body)));
    }

    [Fact]
    public void A_crop_in_another_axis_order_is_converted_through_the_world()
    {
        VoxelGrid upright = Grid(new VoxelShape(30, 100, 90), new(3, 1, 1), Mask.Affine.Apply(new(2, 50, 20)));
        Affine affine = new(upright.Affine.K, -1 * upright.Affine.I, upright.Affine.J, upright.Affine.Apply(new(29, 0, 0)));
        VoxelGrid own = new(new VoxelShape(90, 30, 100), affine, AffineSource.Sform, new(1, 3, 1));
        Assert.NotEqual(Mask.Orientation, own.Orientation);
        AssertConverted(own, own.Affine.Invert(Mask.Affine.Apply(Body)));
    }

    [Fact]
    public void Points_on_the_masks_own_grid_stay_what_they_are_to_the_last_bit_and_without_a_word()
    {
        List<FileNote> notes = [];
        CentroidFile file = Read($$"""[{{Header(Mask)}}, {"label":20,"X":11.1,"Y":101.7,"Z":77.3}]""");
        Assert.Equal(new Vector3d(11.1, 101.7, 77.3), file.ToVoxelIndex(Mask, notes.Add)[20]);
        Assert.Empty(notes);
        Assert.Empty(file.Notes);
    }

    [Theory]
    [InlineData("""{"direction":["L","P","S"],"zoom":[3,1,1],"shape":[35,194,252]}""")]
    [InlineData("""{"direction":["L","P","S"],"zoom":[3.0004,1,0.9999]}""")]
    [InlineData("""{"direction":["L","P","S"],"shape":[35,194,252],"origin":null,"rotation":null}""")]
    [InlineData("""{"direction":["L","P","S"],"origin":[1,2,3]}""")]
    public void A_zoom_and_shape_of_the_mask_say_nothing_else(string header) =>
        Assert.Equal(Body, Read($$"""[{{header}}, {"label":20,"X":11.25,"Y":101.5,"Z":77}]""").ToVoxelIndex(Mask)[20]);

    [Fact]
    public void Another_zoom_alone_is_converted_where_the_axes_are_the_masks()
    {
        CentroidFile file = Read("""[{"direction":["L","P","S"],"zoom":[1,1,2],"shape":[105,194,126]}, {"label":20,"X":33.75,"Y":101.5,"Z":38.5}]""");
        Assert.Equal(Body, file.ToVoxelIndex(Mask)[20]);
    }

    [Theory]
    [InlineData("""{"direction":["P","I","R"],"zoom":[1,1,1]}""")]
    [InlineData("""{"direction":["L","P","S"],"zoom":[1,1,1],"shape":[90,194,252]}""")]
    [InlineData("""{"direction":["L","P","S"],"shape":[35,194,100]}""")]
    [InlineData("""{"direction":["L","P","S"],"zoom":[1,1,1],"shape":[105,194,252],"origin":[0,0,0]}""")]
    [InlineData("""{"direction":["L","P","S"],"zoom":[1,1,1],"origin":[0,0,0],"rotation":[[1,0,0],[0,1,0],[0,0,1]]}""")]
    public void A_grid_that_is_not_the_masks_and_cannot_be_placed_is_refused_by_name(string header)
    {
        CentroidFile file = Read($$"""[{{header}}, {"label":20,"X":1,"Y":2,"Z":3}]""");
        BadFileException bad = Assert.Throws<BadFileException>(() => file.ToVoxelIndex(Mask));
        Assert.Equal(Faults.CtdGrid, bad.Fault);
        Assert.Contains("35x194x252 along LPS", bad.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"direction":["L","P","S"],"zoom":[1,1]}""", "zoom")]
    [InlineData("""{"direction":["L","P","S"],"zoom":[1,0,1]}""", "zoom")]
    [InlineData("""{"direction":["L","P","S"],"shape":"John"}""", "shape")]
    [InlineData("""{"direction":["L","P","S"],"origin":[1,2,NaN]}""", "origin")]
    [InlineData("""{"direction":["L","P","S"],"rotation":[[1,0,0],null,[0,0,1]]}""", "rotation")]
    public void A_grid_that_is_none_names_its_key(string header, string field) =>
        Assert.Equal((Faults.CtdGrid, field), Assert.Throws<BadFileException>(() => Read($"[{header}]")) is { } bad ? (bad.Fault, bad.Field) : default);

    /// <summary>Each form holds T10 and L1, a point of another place, and the sacrum or none.</summary>
    [Theory]
    [InlineData("docker", """, {"label":12817,"X":1,"Y":2,"Z":3}, {"label":12820,"X":4,"Y":5,"Z":6}, {"label":10516,"X":9,"Y":9,"Z":9}""")]
    [InlineData("guber", """, {"label":"TH10_WK","X":1,"Y":2,"Z":3}, {"label":"L1_WK","X":4,"Y":5,"Z":6}, {"label":"L1_ALL_CR_S","X":9,"Y":9,"Z":9}""")]
    [InlineData("POI", """, {"T10":{"Vertebra_Corpus":[1,2,3]},"L1":{"Vertebra_Corpus":[4,5,6],"Spinosus_Process":[9,9,9]}}""")]
    [InlineData("POI", """, {"17":{"50":[1,2,3]},"20":{"50":[4,5,6],"85":[9,9,9]}}""")]
    public void The_forms_of_TPTBox_are_read_for_the_body(string form, string points)
    {
        CentroidFile file = Read(
            $$"""[{"direction":["L","P","S"],"format":"{{form}}","level_one_info":"Vertebra_Instance","level_two_info":"Location"}{{points}}]""");
        Assert.Equal([17, 20], file.AnnotatedLabels);
        Assert.Equal((new Vector3d(1, 2, 3), new Vector3d(4, 5, 6)), (file.Points[17], file.Points[20]));
        FileNote note = Assert.Single(file.Notes);
        Assert.Equal(("CTD_SUBREGION", Severity.Info, "1 other points"), (note.Fault.Code, note.Severity, note.Observed));
    }

    [Fact]
    public void A_file_of_other_places_only_is_a_warning()
    {
        CentroidFile file = Read(
            """[{"direction":["L","P","S"],"format":"POI"}, {"T10":{"Spinosus_Process":[1,2,3]},"Sacrum_left":{"Vertebra_Corpus":[4,5,6]}}]""");
        Assert.Empty(file.AnnotatedLabels);
        FileNote note = Assert.Single(file.Notes);
        Assert.Equal(("CTD_SUBREGION", Severity.Warning, "2 other points"), (note.Fault.Code, note.Severity, note.Observed));
    }

    [Theory]
    [InlineData("nib", 1)]
    [InlineData("itk", -1)]
    public void Points_in_world_millimetres_are_turned_into_voxels(string system, int side)
    {
        Vector3d world = Mask.Affine.Apply(Body);
        string point = JsonSerializer.Serialize(new[] { side * world.X, side * world.Y, world.Z });
        CentroidFile file = Read($$"""[{"coordinate_system":"{{system}}","format":"POI_GLOBAL"}, {"L1": {"Vertebra_Corpus": {{point}} } }]""");
        Assert.Equal(0, (file.ToVoxelIndex(Mask)[20] - Body).Length, 1e-9);
        Assert.Equal(side > 0 ? "RAS" : "LPS", file.Direction.Codes);
    }

    [Fact]
    public void The_old_list_without_a_grid_is_named()
    {
        BadFileException bad = Assert.Throws<BadFileException>(() =>
            Read("""[{"vert_label":"17","50":"(1.0, 2.0, 3.0)"},{"vert_label":"20","50":"(4, 5, 6)"}]"""));
        Assert.Equal(Faults.CtdFormat, bad.Fault);
        Assert.Contains("TPTBox", bad.Observed, StringComparison.Ordinal);
    }

    private static void AssertConverted(VoxelGrid own, Vector3d point)
    {
        List<FileNote> notes = [];
        CentroidFile file = Read(
            $$"""[{{Header(own)}}, {"label":20,"X":{{Json(point.X)}},"Y":{{Json(point.Y)}},"Z":{{Json(point.Z)}}}]""");
        Assert.Equal(0, (file.ToVoxelIndex(Mask, notes.Add)[20] - Body).Length, 1e-9);
        Assert.Equal((Faults.CtdConverted, Severity.Info), Assert.Single(notes) is { } note ? (note.Fault, note.Fault.Severity) : default);
        static string Json(double value) => JsonSerializer.Serialize(value);
    }

    private static string Header(VoxelGrid grid)
    {
        Vector3d zoom = grid.Affine.ColumnNorms;
        double[] m = grid.Affine.ToRowMajor();
        return JsonSerializer.Serialize(new
        {
            direction = grid.Orientation.Codes.Select(letter => letter.ToString()),
            zoom = new[] { zoom.X, zoom.Y, zoom.Z },
            shape = new[] { grid.Shape.I, grid.Shape.J, grid.Shape.K },
            origin = new[] { m[3], m[7], m[11] },
            rotation = Enumerable.Range(0, 3).Select(row => Enumerable.Range(0, 3).Select(axis => m[4 * row + axis] / zoom[axis])),
        });
    }

    private static VoxelGrid Grid(VoxelShape shape, Vector3d zoom, Vector3d origin)
    {
        (double sin, double cos) = Math.SinCos(0.2);
        return new VoxelGrid(shape, new(zoom.X * new Vector3d(-1, 0, 0), zoom.Y * new Vector3d(0, -cos, sin), zoom.Z * new Vector3d(0, sin, cos), origin),
            AffineSource.Sform, zoom);
    }

    private static CentroidFile Read(string text) => CentroidFile.Read(Encoding.UTF8.GetBytes(text));
}
