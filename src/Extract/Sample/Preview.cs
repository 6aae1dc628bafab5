using VerseEtl.Extract.Pictures;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Pictures;

namespace VerseEtl.Extract.Sample;

/// <summary>A small grey PNG of the middle sagittal plane, standing for VerSe's preview pictures: annotated bone bright, other bone dim.</summary>
internal static class Preview
{
    private const int Step = 3;

    public static byte[] Png(PhantomVolume volume)
    {
        VoxelGrid grid = volume.Grid;
        int side = grid.Orientation.StoredAxis(0), front = grid.Orientation.StoredAxis(1), up = grid.Orientation.StoredAxis(2);
        int width = (grid.Shape[front] + Step - 1) / Step, height = (grid.Shape[up] + Step - 1) / Step;
        byte[] pixels = new byte[height * width];
        Span<int> index = stackalloc int[3];
        index[side] = grid.Shape[side] / 2;
        for (int row = 0; row < height; row++)
            for (int column = 0; column < width; column++)
            {
                // head at the top, front of the body to the left
                index[up] = grid.Orientation.IncreasesTowardsPositive(up) ? grid.Shape[up] - 1 - row * Step : row * Step;
                index[front] = grid.Orientation.IncreasesTowardsPositive(front) ? grid.Shape[front] - 1 - column * Step : column * Step;
                byte code = volume.Codes[(index[2] * grid.Shape.J + index[1]) * grid.Shape.I + index[0]];
                byte label = PhantomVolume.LabelOf(code);
                pixels[row * width + column] = (byte)(label > 0 ? 130 + 18 * (label % 7) : code != 0 ? 70 : 25);
            }
        return PngFile.Of(new Picture(width, height, pixels, [.. Enumerable.Range(0, 256).Select(grey => grey << 16 | grey << 8 | grey)]));
    }
}
