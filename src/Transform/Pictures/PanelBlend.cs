using System.Runtime.Intrinsics;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// What a panel shows at its pixels, a row at a time from the first: between four places of the lattice, brightness is their linear mean
/// and the label with the largest share is taken. Integers only. A row of places is spread over the columns once, for all rows of pixels beside it.
/// </summary>
internal sealed class PanelBlend
{
    // weights of two rows or two columns are 256 together; 256 times a value is a ushort
    private const int Whole = 256, WholeBits = 8, Half = Whole / 2;

    // columns that have the same place before them
    private readonly record struct Cell(int Place, int First, int End);

    private readonly byte[] _labels, _values;
    private readonly (int Place, int Beyond)[] _rows, _sharedRows;
    private readonly int _across, _right, _above;
    private readonly int[] _beyond;
    private readonly Cell[] _cells;

    // of the rows of places below and above the rows of pixels: values at each column; where they start, -1 before the first
    private ushort[] _lower, _upper;
    private int _lowerStart = -1, _upperStart = -1, _labelsStart = -1;

    // what all rows of pixels between two rows of places share: labels, and the cells of several labels, of which some have no value
    private readonly byte[] _shared;
    private readonly Cell[] _mixed, _missing;
    private int _mixedCount, _missingCount;

    /// <param name="samples">With all labels.</param>
    /// <param name="at">Which panel.</param>
    public PanelBlend(PictureSamples samples, int at)
    {
        PicturePanel panel = samples.Layout.Panels[at];
        (_labels, _values, _rows, _sharedRows) = (samples.Labels(at), samples.Values(at), panel.Rows(), panel.SharedRows());
        (_across, _right, _above) = (panel.PlacesAcross, panel.PlacesAcross > 1 ? 1 : 0, panel.PlacesUp > 1 ? panel.PlacesAcross : 0);
        (_lower, _upper, _shared, _beyond) = (new ushort[panel.Width], new ushort[panel.Width], new byte[panel.Width], new int[panel.Width]);
        (int Place, int Beyond)[] columns = panel.Columns();
        int count = 0;
        for (int column = 0; column < columns.Length; column++)
            if (column + 1 == columns.Length || columns[column + 1].Place != columns[column].Place) count++;
        (_cells, _mixed, _missing) = (new Cell[count], new Cell[count], new Cell[count]);
        count = 0;
        for (int column = 0, first = 0; column < columns.Length; column++)
        {
            (int place, _beyond[column]) = columns[column];
            if (column + 1 < columns.Length && columns[column + 1].Place == place) continue;
            _cells[count++] = new Cell(place, first, column + 1);
            first = column + 1;
        }
    }

    /// <summary>The labels of a row of pixels; 0 for none.</summary>
    public void Labels(int row, Span<byte> pixels)
    {
        (int up, int start) = (_rows[row].Beyond, _rows[row].Place * _across);
        if (start != _labelsStart) ShareLabels(start);
        _shared.CopyTo(pixels);
        for (int at = 0; at < _mixedCount; at++)
            for (int column = _mixed[at].First; column < _mixed[at].End; column++) pixels[column] = Largest(start + _mixed[at].Place, _beyond[column], up);
    }

    /// <summary>Brightness of rows of pixels that share it: the mean of the places that have a value; none where none has.</summary>
    /// <param name="shared">Which of <see cref="PicturePanel.SharedRows"/>.</param>
    public void Values(int shared, Span<ushort> pixels)
    {
        (int up, int start) = (_sharedRows[shared].Beyond, _sharedRows[shared].Place * _across);
        if (start != _lowerStart || start + _above != _upperStart) Spread(start);
        ushort[] lower = _lower, upper = _upper;
        Vector128<ushort> half = Vector128.Create((ushort)Half), ofLower = Vector128.Create((ushort)(Whole - up)), ofUpper = Vector128.Create((ushort)up);
        int column = 0;
        for (; column <= pixels.Length - Vector128<ushort>.Count; column += Vector128<ushort>.Count)
            (Vector128.LoadUnsafe(ref lower[column]) * ofLower + Vector128.LoadUnsafe(ref upper[column]) * ofUpper + half >>> WholeBits)
                .StoreUnsafe(ref pixels[column]);
        for (; column < pixels.Length; column++) pixels[column] = (ushort)((lower[column] * (Whole - up) + upper[column] * up + Half) >> WholeBits);
        for (int at = 0; at < _missingCount; at++)
            for (column = _missing[at].First; column < _missing[at].End; column++) pixels[column] = MeanOfSome(start + _missing[at].Place, _beyond[column], up);
    }

    /// <summary>Labels of the columns between four places of one label, and which columns are not.</summary>
    private void ShareLabels(int start)
    {
        _labelsStart = start;
        _mixedCount = 0;
        ReadOnlySpan<byte> lower = _labels.AsSpan(start, _across), upper = _labels.AsSpan(start + _above, _across);
        foreach (Cell cell in _cells)
        {
            byte label = lower[cell.Place];
            if (upper[cell.Place] != label || lower[cell.Place + _right] != label || upper[cell.Place + _right] != label) _mixed[_mixedCount++] = cell;
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
        _missingCount = 0;
        ReadOnlySpan<byte> lower = _values.AsSpan(start, _across), upper = _values.AsSpan(start + _above, _across);
        if (!lower.Contains(PictureSamples.NoValue) && !upper.Contains(PictureSamples.NoValue)) return;
        foreach (Cell cell in _cells)
            if (lower[cell.Place] == PictureSamples.NoValue || upper[cell.Place] == PictureSamples.NoValue
                || lower[cell.Place + _right] == PictureSamples.NoValue || upper[cell.Place + _right] == PictureSamples.NoValue)
                _missing[_missingCount++] = cell;
    }

    private void SpreadRow(int start, Span<ushort> pixels)
    {
        ReadOnlySpan<byte> values = _values.AsSpan(start, _across);
        ReadOnlySpan<int> beyond = _beyond;
        foreach (Cell cell in _cells)
        {
            int left = values[cell.Place] * Whole + Half, rise = values[cell.Place + _right] - values[cell.Place];
            for (int column = cell.First; column < cell.End; column++) pixels[column] = (ushort)((left + rise * beyond[column]) >> WholeBits);
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

    private ushort MeanOfSome(int place, int over, int up)
    {
        (int ofA, int ofB, int ofC, int ofD) = Weights(over, up);
        int sum = 0, weight = 0;
        Add(_values[place], ofA);
        Add(_values[place + _right], ofB);
        Add(_values[place + _above], ofC);
        Add(_values[place + _right + _above], ofD);
        return weight == 0 ? PictureSamples.NoValue : (ushort)((sum + weight / 2) / weight);

        void Add(byte value, int share)
        {
            if (value == PictureSamples.NoValue) return;
            sum += share * value;
            weight += share;
        }
    }

    private static (int Here, int Right, int Above, int Both) Weights(int over, int up) =>
        ((Whole - over) * (Whole - up), over * (Whole - up), (Whole - over) * up, over * up);
}
