namespace VerseEtl.Transform.Pictures;

/// <summary>An image of few colours.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Pixels">Place in the palette of each pixel, row by row from the top left.</param>
/// <param name="Palette">0xRRGGBB, at most 256.</param>
public sealed record Picture(int Width, int Height, ReadOnlyMemory<byte> Pixels, IReadOnlyList<int> Palette)
{
    /// <summary>The colour of a pixel, 0xRRGGBB.</summary>
    public int this[int column, int row] => Palette[Pixels.Span[row * Width + column]];
}
