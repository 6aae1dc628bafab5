using System.Text.Json;
using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Tests.Geometry;

public class OrientationTests
{
    // aff2axcodes of the same matrices, as nibabel 5.4 and later have it
    [Theory]
    [InlineData("RAS", 1, 0, 0, 0, 1, 0, 0, 0, 1)]
    [InlineData("LPS", -3, 0, 0, 0, -1, 0, 0, 0, 1)]
    [InlineData("PIR", 0.05, 0.1, 2, -0.9, 0.1, 0.1, 0.1, -1.2, 0.2)]
    [InlineData("ARS", 0.3, 0.9, 0, 0.9, 0.3, 0, 0, 0, 1)]
    [InlineData("RSP", 0.8, 0.2, 0.1, 0.1, 0.3, -0.9, 0.2, 0.9, 0.4)]
    // so skewed that the zooms and each step of the decomposition count
    [InlineData("SPR", -0.4, 0.2, 0.7, 2.1, -1.1, -1.1, 2.0, 0.6, 2.0)]
    [InlineData("LIP", -0.5, -1.6, 0.5, 0.1, -1.2, -2.0, -0.1, -0.9, -0.3)]
    [InlineData("RAI", 0.5, 0.2, -2.8, 2.9, 0.9, -3.4, -0.8, 0.1, -4.7)]
    [InlineData("RIP", 1.0, -0.3, 1.7, -0.7, -1.4, -5.1, -0.6, -0.5, -1.9)]
    [InlineData("SAR", -0.9, -0.2, 1.1, 2.1, 0.9, -1.2, 1.3, -0.2, -2.4)]
    [InlineData("ARS", 0.8, 1.5, 3.6, 0.8, 0, -1.0, 0.6, 0.4, 0.7)]
    // so strongly rotated that the first column would take what another one follows more closely
    [InlineData("LPS", -0.69, 0.53, 0.8, -0.47, -1.19, -0.81, 0.16, -1.23, 1.13)]
    [InlineData("LPS", -1.11, -0.39, 0.33, 1.19, -0.71, 0.02, 1.01, 0.41, 0.35)]
    [InlineData("IRP", -1.22, 0.67, -1.39, 0.55, -1, -1.6, -1.28, -1.06, 0.63)]
    [InlineData("PRS", -0.16, 0.36, -0.77, -0.16, -0.26, -1.72, -0.22, -0.09, 1.84)]
    [InlineData("SLP", -1.73, -1.69, -0.94, 1.68, -0.23, -2.24, 1.59, -1.59, 1.33)]
    [InlineData("LIP", -0.59, 1.25, -0.22, -0.37, -1.19, -0.35, -0.15, -1.34, 0.23)]
    [InlineData("ALS", -1.09, -1.58, -0.21, 1.07, -1.71, 0.73, -1.12, 0.43, 0.99)]
    [InlineData("LSA", -1.23, 0.87, 0.67, 1.84, -0.6, 0.93, 1.48, 1.41, -0.25)]
    // exactly between two directions: the first one
    [InlineData("RAS", 1, -1, 0, 1, 1, 0, 0, 0, 1)]
    [InlineData("RAS", 1, 0, -1, 0, 1, 0, 1, 0, 1)]
    public void Axis_codes_are_nibabels(string expected, double a, double b, double c, double d, double e, double f, double g, double h, double i) =>
        Assert.Equal(expected, Orientation.Of(new Affine(new(a, d, g), new(b, e, h), new(c, f, i), new(0, 0, 0))).Codes);

    [Fact]
    public void Three_hundred_rotations_have_the_letters_of_nibabel_5_4()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(SharedFiles.Require("cases/axis_codes.json")));
        List<string> differences = [];
        foreach (JsonElement matrix in golden.RootElement.EnumerateArray())
        {
            double[][] rows = [.. matrix.GetProperty("rotation").EnumerateArray()
                .Select(row => row.EnumerateArray().Select(item => item.GetDouble()).ToArray())];
            Vector3d Column(int axis) => new(rows[0][axis], rows[1][axis], rows[2][axis]);
            string letters = Orientation.Of(new Affine(Column(0), Column(1), Column(2), new(0, 0, 0))).Codes;
            string expected = matrix.GetProperty("letters").GetString()!;
            if (letters != expected) differences.Add($"{letters}, expected {expected}");
        }
        Assert.Empty(differences);
        Assert.True(golden.RootElement.GetArrayLength() >= 300);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void An_affine_that_maps_a_volume_to_nothing_has_no_orientation(double step)
    {
        Affine affine = new(new(1, 0, 0), new(0, 1, 0), new(0, 0, step), new(0, 0, 0));
        Assert.Contains("singular or not finite", Assert.Throws<ArgumentException>(() => Orientation.Of(affine)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_permutation_and_flip_names_itself()
    {
        string letters = "RLAPSI";
        int found = 0;
        foreach (char x in letters)
            foreach (char y in letters)
                foreach (char z in letters)
                {
                    bool legal = Orientation.TryParse($"{x}{y}{z}", out Orientation parsed);
                    Assert.Equal(new[] { x, y, z }.Select(c => letters.IndexOf(c, StringComparison.Ordinal) / 2).Distinct().Count() == 3, legal);
                    if (!legal) continue;
                    found++;
                    Vector3d[] columns =
                        [.. Enumerable.Range(0, 3).Select(axis => Unit(parsed.WorldAxis(axis), parsed.IncreasesTowardsPositive(axis) ? 0.7 : -0.7))];
                    Assert.Equal(parsed.Codes, Orientation.Of(new Affine(columns[0], columns[1], columns[2], new(1, 2, 3))).Codes);
                    for (int axis = 0; axis < 3; axis++)
                    {
                        Assert.Equal(parsed.Codes[axis], parsed.Face(axis, high: true));
                        Assert.Equal(axis, parsed.StoredAxis(parsed.WorldAxis(axis)));
                        Assert.NotEqual(parsed.Face(axis, high: true), parsed.Face(axis, high: false));
                    }
                }
        Assert.Equal(48, found);
    }

    [Theory]
    [InlineData("RA")]
    [InlineData("RLS")]
    [InlineData("ras")]
    [InlineData("XYZ")]
    [InlineData("")]
    public void Other_words_are_no_orientation(string text) => Assert.False(Orientation.TryParse(text, out _));

    private static Vector3d Unit(int axis, double length) => new(axis == 0 ? length : 0, axis == 1 ? length : 0, axis == 2 ? length : 0);
}
