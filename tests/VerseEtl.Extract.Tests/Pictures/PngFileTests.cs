using BigGustave;
using VerseEtl.Extract.Pictures;
using VerseEtl.Transform.Pictures;

namespace VerseEtl.Extract.Tests.Pictures;

public sealed class PngFileTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(37, 21, 5)]
    [InlineData(300, 200, 256)]
    public void Another_reader_sees_the_same_pixels(int width, int height, int colours)
    {
        Random random = new(3);
        byte[] pixels = [.. Enumerable.Range(0, width * height).Select(_ => (byte)random.Next(colours))];
        Picture picture = new(width, height, pixels, [.. Enumerable.Range(0, colours).Select(_ => random.Next(1 << 24))]);

        Png png = Png.Open(PngFile.Of(picture));

        Assert.Equal((width, height), (png.Width, png.Height));
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++)
            {
                Pixel pixel = png.GetPixel(column, row);
                Assert.Equal(picture[column, row], pixel.R << 16 | pixel.G << 8 | pixel.B);
            }
    }
}
