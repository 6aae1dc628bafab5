using Spectre.Console;
using VerseEtl.Transform.Pictures;

namespace VerseEtl.Host.Display;

/// <summary>A picture on a terminal with colours, two pixels a character: the upper half of a block in front of the lower one's colour.</summary>
internal static class BlockPicture
{
    private const int MostColumns = 72, MostRows = 40;

    /// <summary>Writes nothing where colours cannot be shown.</summary>
    public static void Write(Picture picture, IAnsiConsole console)
    {
        if (!console.Profile.Capabilities.Ansi || console.Profile.Capabilities.ColorSystem < ColorSystem.EightBit) return;
        double side = Math.Max((double)picture.Width / Math.Min(MostColumns, console.Profile.Width - 1), picture.Height / (2.0 * MostRows));
        int columns = Math.Max(1, (int)(picture.Width / side)), rows = Math.Max(1, (int)(picture.Height / side / 2));
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                console.Write(new Text("▀", new Style(Mean(picture, column, 2 * row, side), Mean(picture, column, 2 * row + 1, side))));
            console.WriteLine();
        }
    }

    private static Color Mean(Picture picture, int column, int row, double side)
    {
        long red = 0, green = 0, blue = 0, count = 0;
        for (int y = (int)(row * side); y < Math.Min(picture.Height, Math.Max((int)(row * side) + 1, (int)((row + 1) * side))); y++)
            for (int x = (int)(column * side); x < Math.Min(picture.Width, Math.Max((int)(column * side) + 1, (int)((column + 1) * side))); x++)
            {
                int colour = picture[x, y];
                (red, green, blue, count) = (red + (colour >> 16 & 255), green + (colour >> 8 & 255), blue + (colour & 255), count + 1);
            }
        return count == 0 ? Color.Black : new Color((byte)(red / count), (byte)(green / count), (byte)(blue / count));
    }
}
