using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// What a panel shows at its pixels, a row at a time from the first: between four places of the lattice, Hounsfield units are their linear mean
/// and the label with the largest share is taken. Integers only. A row of places is spread over the columns once, for all rows of pixels beside it.
/// </summary>
internal sealed class PanelBlend
{
    // weights of two rows or two columns are 256 together; 256 times 256 times a value less than 32,769 is an int
    private const int Whole = 256, WholeBits = 16;

    // columns that have the same place before them
    private readonly record struct Cell(int Place, int First, int End);

    private readonly byte[] _labels;
    private readonly short[] _hu;
    private readonly (int Place, int Beyond)[] _rows;
    private readonly int _across, _right, _above;
    private readonly int[] _beyond;
    private readonly Cell[] _cells;

    // of the rows of places below and above the rows of pixels: values at each column, times 256; where they start, -1 before the first
    private int[] _lower, _upper;
    private int _lowerStart = -1, _upperStart = -1, _labelsStart = -1;

    // what all rows of pixels between two rows of places share: labels, and the cells of several labels, of which some have no value
    private readonly byte[] _shared;
    private readonly List<Cell> _mixed = [], _missing = [];

    /// <param name="samples">With all labels.</param>
    /// <param name="at">Which panel.</param>
    public PanelBlend(PictureSamples samples, int at)
    {
        PicturePanel panel = samples.Layout.Panels[at];
        (_labels, _hu, _rows) = (samples.Labels(at), samples.Hu(at), panel.Rows());
        (_across, _right, _above) = (panel.PlacesAcross, panel.PlacesAcross > 1 ? 1 : 0, panel.PlacesUp > 1 ? panel.PlacesAcross : 0);
        (_lower, _upper, _shared, _beyond) = (new int[panel.Width], new int[panel.Width], new byte[panel.Width], new int[panel.Width]);
        (int Place, int Beyond)[] columns = panel.Columns();
        List<Cell> cells = [];
        for (int column = 0, first = 0; column < columns.Length; column++)
        {
            (int place, _beyond[column]) = columns[column];
            if (column + 1 < columns.Length && columns[column + 1].Place == place) continue;
            cells.Add(new Cell(place, first, column + 1));
            first = column + 1;
        }
        _cells = [.. cells];
    }

    /// <summary>The labels of a row of pixels; 0 for none.</summary>
    public void Labels(int row, Span<byte> pixels)
    {
        (int up, int start) = (_rows[row].Beyond, _rows[row].Place * _across);
        if (start != _labelsStart) ShareLabels(start);
        _shared.CopyTo(pixels);
        foreach (Cell cell in _mixed)
            for (int column = cell.First; column < cell.End; column++) pixels[column] = Largest(start + cell.Place, _beyond[column], up);
    }

    /// <summary>Whole Hounsfield units of a row of pixels: the mean of the places that have a value; a number below all where none has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Hu(int row, Span<int> pixels)
    {
        (int up, int start) = (_rows[row].Beyond, _rows[row].Place * _across);
        if (start != _lowerStart || start + _above != _upperStart) Spread(start);
        Span<Vector<int>> blended = MemoryMarshal.Cast<int, Vector<int>>(pixels);
        ReadOnlySpan<Vector<int>> lower = MemoryMarshal.Cast<int, Vector<int>>(_lower), upper = MemoryMarshal.Cast<int, Vector<int>>(_upper);
        for (int at = 0; at < blended.Length; at++) blended[at] = (lower[at] * (Whole - up) + upper[at] * up) >> WholeBits;
        for (int column = blended.Length * Vector<int>.Count; column < pixels.Length; column++)
            pixels[column] = (_lower[column] * (Whole - up) + _upper[column] * up) >> WholeBits;
        foreach (Cell cell in _missing)
            for (int column = cell.First; column < cell.End; column++) pixels[column] = MeanOfSome(start + cell.Place, _beyond[column], up);
    }

    /// <summary>Labels of the columns between four places of one label, and which columns are not.</summary>
    private void ShareLabels(int start)
    {
        _labelsStart = start;
        _mixed.Clear();
        ReadOnlySpan<byte> lower = _labels.AsSpan(start, _across), upper = _labels.AsSpan(start + _above, _across);
        foreach (Cell cell in _cells)
        {
            byte label = lower[cell.Place];
            if (upper[cell.Place] != label || lower[cell.Place + _right] != label || upper[cell.Place + _right] != label) _mixed.Add(cell);
            else
                for (int column = cell.First; column < cell.End; column++) _shared[column] = label;
        }
    }

    private void Spread(int start)
    {
        // rows of pixels come from the top: what was below is above now
        if (start + _above == _lowerStart) (_lower, _upper) = (_upper, _lower);
        else SpreadRow(start + _above, _upper);
        SpreadRow(start, _lower);
        (_lowerStart, _upperStart) = (start, start + _above);
        _missing.Clear();
        ReadOnlySpan<short> lower = _hu.AsSpan(start, _across), upper = _hu.AsSpan(start + _above, _across);
        if (!lower.Contains(PictureSamples.NoHu) && !upper.Contains(PictureSamples.NoHu)) return;
        foreach (Cell cell in _cells)
            if (lower[cell.Place] == PictureSamples.NoHu || upper[cell.Place] == PictureSamples.NoHu
                || lower[cell.Place + _right] == PictureSamples.NoHu || upper[cell.Place + _right] == PictureSamples.NoHu) _missing.Add(cell);
    }

    private void SpreadRow(int start, Span<int> pixels)
    {
        ReadOnlySpan<short> values = _hu.AsSpan(start, _across);
        ReadOnlySpan<int> beyond = _beyond;
        foreach (Cell cell in _cells)
        {
            int left = values[cell.Place] * Whole, rise = values[cell.Place + _right] - values[cell.Place];
            for (int column = cell.First; column < cell.End; column++) pixels[column] = left + rise * beyond[column];
        }
    }

    private byte Largest(int place, int over, int up)
    {
        byte a = _labels[place], b = _labels[place + _right], c = _labels[place + _above], d = _labels[place + _right + _above];
        (int ofA, int ofB, int ofC, int ofD) = Weights(over, up);
        byte label = a;
        int most = ofA + (b == a ? ofB : 0) + (c == a ? ofC : 0) + (d == a ? ofD : 0);
        Larger(b, ofB + (c == b ? ofC : 0) + (d == b ? ofD : 0));
        Larger(c, ofC + (d == c ? ofD : 0));
        Larger(d, ofD);
        return label;

        // what one has in common with those before it was counted there
        void Larger(byte other, int share)
        {
            if (share > most) (most, label) = (share, other);
        }
    }

    private int MeanOfSome(int place, int over, int up)
    {
        (int ofA, int ofB, int ofC, int ofD) = Weights(over, up);
        long sum = 0, weight = 0;
        Add(_hu[place], ofA);
        Add(_hu[place + _right], ofB);
        Add(_hu[place + _above], ofC);
        Add(_hu[place + _right + _above], ofD);
        return weight == 0 ? PictureSamples.NoHu : (int)(sum / weight);

        void Add(short hu, int share)
        {
            if (hu == PictureSamples.NoHu) return;
            sum += (long)share * hu;
            weight += share;
        }
    }

    private static (int Here, int Right, int Above, int Both) Weights(int over, int up) =>
        ((Whole - over) * (Whole - up), over * (Whole - up), (Whole - over) * up, over * up);
}
