using VerseEtl.Transform.Geometry;

namespace VerseEtl.Transform.Tests.Geometry;

public class OrientationTests
{
    // nibabel.aff2axcodes of the same matrices
    [Theory]
    [InlineData("RAS", 1, 0, 0, 0, 1, 0, 0, 0, 1)]
    [InlineData("LPS", -3, 0, 0, 0, -1, 0, 0, 0, 1)]
    [InlineData("PIR", 0.05, 0.1, 2, -0.9, 0.1, 0.1, 0.1, -1.2, 0.2)]
    [InlineData("ARS", 0.3, 0.9, 0, 0.9, 0.3, 0, 0, 0, 1)]
    [InlineData("RSP", 0.8, 0.2, 0.1, 0.1, 0.3, -0.9, 0.2, 0.9, 0.4)]
    // so skewed that the zooms and each step of the decomposition count
    [InlineData("SPR", -0.4, 0.2, 0.7, 2.1, -1.1, -1.1, 2.0, 0.6, 2.0)]
    [InlineData("LIP", -0.5, -1.6, 0.5, 0.1, -1.2, -2.0, -0.1, -0.9, -0.3)]
    [InlineData("IAL", 0.5, 0.2, -2.8, 2.9, 0.9, -3.4, -0.8, 0.1, -4.7)]
    [InlineData("RIP", 1.0, -0.3, 1.7, -0.7, -1.4, -5.1, -0.6, -0.5, -1.9)]
    [InlineData("AIR", -0.9, -0.2, 1.1, 2.1, 0.9, -1.2, 1.3, -0.2, -2.4)]
    [InlineData("ARS", 0.8, 1.5, 3.6, 0.8, 0, -1.0, 0.6, 0.4, 0.7)]
    // exactly between two directions: the first one
    [InlineData("RAS", 1, -1, 0, 1, 1, 0, 0, 0, 1)]
    [InlineData("RAS", 1, 0, -1, 0, 1, 0, 1, 0, 1)]
    public void Axis_codes_are_nibabels(string expected, double a, double b, double c, double d, double e, double f, double g, double h, double i) =>
        Assert.Equal(expected, Orientation.Of(new Affine(new(a, d, g), new(b, e, h), new(c, f, i), new(0, 0, 0))).Codes);

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
