namespace VerseEtl.Transform.Kernels;

/// <summary>A line in a frame's plane of symmetry: height (mm, up) over depth (mm, back).</summary>
internal readonly record struct EndplateLine(double Slope, double Height)
{
    public double At(double backMm) => Height + Slope * backMm;
}

/// <summary>
/// Heights of a vertebral body, read from its mid-sagittal map. The body is what hangs together with the middle of the map in cells at least
/// half full. A column's height is the sum of its cells from the lowest of the body to the highest and one beyond. The walls stand where the height
/// crosses half its median. Anterior and posterior height are means at 5 to 25 and 75 to 95 percent of the depth between the walls, the
/// middle one is the least of three columns' means at 25 to 75 percent; end plates are least-squares lines through the ends of the columns at 10
/// to 90 percent.
/// </summary>
internal sealed record BodyProfile(double AnteriorMm, double MiddleMm, double PosteriorMm, double FrontMm, double RearMm,
    (EndplateLine Superior, EndplateLine Inferior) Endplates)
{
    private const double Full = 0.5;
    private const int NearMiddle = 3;

    /// <summary>No body of a vertebra is shallower.</summary>
    private const double LeastDepthMm = 8;

    /// <summary>From the front wall to the rear wall.</summary>
    public double DepthMm => RearMm - FrontMm;

    /// <summary>Angle between the end plates, positive where the body is lower in front.</summary>
    public double WedgeAngleDeg => (Math.Atan(Endplates.Superior.Slope) - Math.Atan(Endplates.Inferior.Slope)) * (180 / Math.PI);

    /// <summary>Null where there is no body at the middle of the map, or none of a body's depth.</summary>
    public static BodyProfile? Of(SagittalMap map)
    {
        ColumnOfBody[] columns = [.. Columns(map)];
        if (columns.Length < LeastDepthMm) return null;
        double half = Median([.. columns.Select(column => column.HeightMm).Order()]) / 2;
        int first = Array.FindIndex(columns, column => column.HeightMm >= half), last = Array.FindLastIndex(columns, column => column.HeightMm >= half);
        double front = columns[first].BackMm - Beyond(columns, first, -1, half), rear = columns[last].BackMm + Beyond(columns, last, 1, half);
        double depth = rear - front;
        if (depth < LeastDepthMm) return null;
        double[] smooth = [.. Enumerable.Range(0, columns.Length).Select(at =>
            (Height(columns, at - 1) + columns[at].HeightMm + Height(columns, at + 1)) / 3)];
        int[] Within(double from, double to) => [.. Enumerable.Range(0, columns.Length)
            .Where(at => columns[at].BackMm >= front + from * depth && columns[at].BackMm <= front + to * depth)];
        ColumnOfBody[] plates = [.. Within(0.10, 0.90).Select(at => columns[at])];
        return new BodyProfile(
            Within(0.05, 0.25).Average(at => columns[at].HeightMm), Within(0.25, 0.75).Min(at => smooth[at]),
            Within(0.75, 0.95).Average(at => columns[at].HeightMm), front, rear,
            (Line(plates, column => column.TopMm), Line(plates, column => column.BottomMm)));
    }

    private static List<ColumnOfBody> Columns(SagittalMap map)
    {
        (int Low, int High)[] body = Body(map);
        List<ColumnOfBody> columns = [];
        for (int back = -SagittalMap.Reach; back <= SagittalMap.Back; back++)
        {
            (int low, int high) = body[back + SagittalMap.Reach];
            if (low > high) continue;
            double height = 0;
            for (int up = low - 1; up <= high + 1; up++) height += map.Share(up, back);
            double top = high - 0.5 + Math.Min(1, map.Share(high, back)) + Math.Min(1, map.Share(high + 1, back));
            double bottom = low + 0.5 - Math.Min(1, map.Share(low, back)) - Math.Min(1, map.Share(low - 1, back));
            columns.Add(new ColumnOfBody(back, height, top, bottom));
        }
        return columns;
    }

    /// <summary>
    /// The lowest and the highest cell of each column of the body, the low one above the high one where it has none. The body is cells at least half
    /// full that touch one another, corners too, from the one nearest to the origin; nothing if that is farther than 3 mm.
    /// </summary>
    private static (int Low, int High)[] Body(SagittalMap map)
    {
        (int Low, int High)[] body = new (int, int)[SagittalMap.Columns];
        Array.Fill(body, (int.MaxValue, int.MinValue));
        Stack<(int Up, int Back)> open = new((from up in Enumerable.Range(-NearMiddle, 2 * NearMiddle + 1)
                                              from back in Enumerable.Range(-NearMiddle, 2 * NearMiddle + 1)
                                              where map.Share(up, back) >= Full
                                              orderby up * up + back * back, back, up
                                              select (up, back)).Take(1));
        // with a margin of one cell, where nothing is full
        const int Width = SagittalMap.Columns + 2;
        bool[] seen = new bool[(SagittalMap.Rows + 2) * Width];
        while (open.TryPop(out (int Up, int Back) cell))
        {
            ref (int Low, int High) column = ref body[cell.Back + SagittalMap.Reach];
            column = (Math.Min(column.Low, cell.Up), Math.Max(column.High, cell.Up));
            for (int up = cell.Up - 1; up <= cell.Up + 1; up++)
                for (int back = cell.Back - 1; back <= cell.Back + 1; back++)
                {
                    ref bool known = ref seen[(up + SagittalMap.Reach + 1) * Width + back + SagittalMap.Reach + 1];
                    if (!known && map.Share(up, back) >= Full) open.Push((up, back));
                    known = true;
                }
        }
        return body;
    }

    /// <summary>How far beyond the middle of a column the height falls to half its median, if it fell evenly towards the next column.</summary>
    private static double Beyond(ColumnOfBody[] columns, int at, int step, double half)
    {
        double here = columns[at].HeightMm, next = Height(columns, at + step);
        return here > next ? Math.Min(1, (here - half) / (here - next)) : 0.5;
    }

    private static double Height(ColumnOfBody[] columns, int at) => at >= 0 && at < columns.Length ? columns[at].HeightMm : 0;

    private static EndplateLine Line(ColumnOfBody[] columns, Func<ColumnOfBody, double> height)
    {
        double meanX = columns.Average(column => column.BackMm), meanY = columns.Average(height);
        double slope = columns.Sum(column => (column.BackMm - meanX) * (height(column) - meanY))
            / columns.Sum(column => (column.BackMm - meanX) * (column.BackMm - meanX));
        return new EndplateLine(slope, meanY - slope * meanX);
    }

    private static double Median(double[] ascending) => (ascending[(ascending.Length - 1) / 2] + ascending[ascending.Length / 2]) / 2;

    /// <param name="BackMm">Its middle; columns follow one another by 1 mm.</param>
    private sealed record ColumnOfBody(double BackMm, double HeightMm, double TopMm, double BottomMm);
}
