using StbImageSharp;
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

        ImageResult png = ImageResult.FromMemory(PngFile.Of(picture), ColorComponents.RedGreenBlue);

        Assert.Equal((width, height), (png.Width, png.Height));
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++)
            {
                ReadOnlySpan<byte> pixel = png.Data.AsSpan(3 * (row * width + column), 3);
                Assert.Equal(picture[column, row], pixel[0] << 16 | pixel[1] << 8 | pixel[2]);
            }
    }
}
