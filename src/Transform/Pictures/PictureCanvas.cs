namespace VerseEtl.Transform.Pictures;

/// <summary>Pixels to draw on: text, lines and discs in colours of a palette. What lies outside is left out.</summary>
internal sealed class PictureCanvas
{
    private readonly byte[] _pixels;

    /// <param name="pixels">Room for them, or more.</param>
    public PictureCanvas(int width, int height, byte[] pixels)
    {
        (Width, Height, _pixels) = (width, height, pixels);
        pixels.AsSpan(0, width * height).Clear();
    }

    public int Width { get; }

    public int Height { get; }

    public ReadOnlyMemory<byte> Pixels => _pixels.AsMemory(0, Width * Height);

    public void Set(int column, int row, byte colour)
    {
        if (column >= 0 && row >= 0 && column < Width && row < Height) _pixels[row * Width + column] = colour;
    }

    /// <summary>The pixels of a row from a column on.</summary>
    public Span<byte> Row(int column, int row, int count) => _pixels.AsSpan(row * Width + column, count);

    public void Box(int column, int row, int columns, int rows, byte colour)
    {
        for (int y = row; y < row + rows; y++)
            for (int x = column; x < column + columns; x++) Set(x, y, colour);
    }

    public void Disc(int column, int row, int radius, byte colour)
    {
        for (int y = -radius; y <= radius; y++)
            for (int x = -radius; x <= radius; x++)
                if (x * x + y * y <= radius * radius + radius / 2) Set(column + x, row + y, colour);
    }

    /// <summary>A line between two pixels, both included.</summary>
    public void Line((int Column, int Row) from, (int Column, int Row) to, byte colour)
    {
        int steps = Math.Max(1, Math.Max(Math.Abs(to.Column - from.Column), Math.Abs(to.Row - from.Row)));
        for (int step = 0; step <= steps; step++)
            Set(from.Column + (to.Column - from.Column) * step / steps, from.Row + (to.Row - from.Row) * step / steps, colour);
    }

    /// <summary>One line of text; what the font has no sign for becomes a question mark.</summary>
    /// <param name="column">Left edge.</param>
    /// <param name="row">Upper edge.</param>
    public void Text(string text, int column, int row, byte colour)
    {
        foreach (char c in text)
        {
            for (int y = 0; y < PictureFont.Height; y++)
            {
                int bits = PictureFont.Row(c, y);
                for (int x = 0; bits != 0 && x < PictureFont.Width; x++)
                    if ((bits >> (PictureFont.Width - 1 - x) & 1) != 0) Set(column + x, row + y, colour);
            }
            column += PictureFont.Width;
        }
    }

    /// <summary>The same, with a border so that it can be read on anything.</summary>
    public void BorderedText(string text, int column, int row, byte colour)
    {
        for (int y = -1; y <= 1; y++)
            for (int x = -1; x <= 1; x++)
                if (x != 0 || y != 0) Text(text, column + x, row + y, 0);
        Text(text, column, row, colour);
    }
}
