using System.Runtime.CompilerServices;
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

    private readonly PictureSamples _samples;
    private readonly int _panel;
    private readonly (int Place, int Beyond)[] _columns, _rows, _sharedRows;
    private readonly int _across, _right, _above;

    // from the first place, which is at the right, and how many lie before each place
    private readonly Cell[] _cells;
    private readonly int[] _cellsBefore;

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
        (_samples, _panel, _columns, _rows, _sharedRows) = (samples, at, panel.Columns(), panel.Rows(), panel.SharedRows());
        (_across, _right, _above) = (panel.PlacesAcross, panel.PlacesAcross > 1 ? 1 : 0, panel.PlacesUp > 1 ? panel.PlacesAcross : 0);
        (_lower, _upper, _shared) = (new ushort[panel.Width], new ushort[panel.Width], new byte[panel.Width]);
        int count = 0;
        for (int column = 0; column < _columns.Length; column++)
            if (column + 1 == _columns.Length || _columns[column + 1].Place != _columns[column].Place) count++;
        (_cells, _mixed, _missing, _cellsBefore) = (new Cell[count], new Cell[count], new Cell[count], new int[_across + 1]);
        count = 0;
        for (int column = _columns.Length - 1, end = _columns.Length; column >= 0; column--)
        {
            int place = _columns[column].Place;
            if (column > 0 && _columns[column - 1].Place == place) continue;
            _cells[count++] = new Cell(place, column, end);
            _cellsBefore.AsSpan(place + 1).Fill(count);
            end = column;
        }
    }

    /// <summary>The labels of a row of pixels; 0 for none.</summary>
    public void Labels(int row, Span<byte> pixels)
    {
        (int up, int start) = (_rows[row].Beyond, _rows[row].Place * _across);
        ReadOnlySpan<byte> all = _samples.Labels(_panel), lower = all.Slice(start, _across), upper = all.Slice(start + _above, _across);
        if (start != _labelsStart) ShareLabels(lower, upper);
        _labelsStart = start;
        _shared.CopyTo(pixels);
        foreach (Cell cell in _mixed.AsSpan(0, _mixedCount))
        {
            byte here = lower[cell.Place], right = lower[cell.Place + _right], above = upper[cell.Place], both = upper[cell.Place + _right];
            byte other = right != here ? right : above != here ? above : both;
            if ((above != here && above != other) || (both != here && both != other))
            {
                for (int column = cell.First; column < cell.End; column++)
                    pixels[column] = Largest((here, right, above, both), Weights(_columns[column].Beyond, up));
                continue;
            }
            // of two labels: what share the first has at the left and at the right
            int left = Whole - up + (above == here ? up : 0), rise = (right == here ? Whole - up : 0) + (both == here ? up : 0) - left;
            for (int column = cell.First; column < cell.End; column++)
                pixels[column] = left * Whole + rise * _columns[column].Beyond >= Whole * Half ? here : other;
        }
    }

    /// <summary>Brightness of rows of pixels that share it: the mean of the places that have a value; none where none has.</summary>
    /// <param name="shared">Which of <see cref="PicturePanel.SharedRows"/>.</param>
    public void Values(int shared, Span<ushort> pixels)
    {
        (int up, int start) = (_sharedRows[shared].Beyond, _sharedRows[shared].Place * _across);
        ReadOnlySpan<byte> all = _samples.Values(_panel), below = all.Slice(start, _across), above = all.Slice(start + _above, _across);
        if (start != _lowerStart || start + _above != _upperStart) Spread(start, below, above);
        ushort[] lower = _lower, upper = _upper;
        Vector128<ushort> half = Vector128.Create((ushort)Half), ofLower = Vector128.Create((ushort)(Whole - up)), ofUpper = Vector128.Create((ushort)up);
        int column = 0;
        for (; column <= pixels.Length - Vector128<ushort>.Count; column += Vector128<ushort>.Count)
            (Vector128.LoadUnsafe(ref lower[column]) * ofLower + Vector128.LoadUnsafe(ref upper[column]) * ofUpper + half >>> WholeBits)
                .StoreUnsafe(ref pixels[column]);
        for (; column < pixels.Length; column++) pixels[column] = (ushort)((lower[column] * (Whole - up) + upper[column] * up + Half) >> WholeBits);
        for (int at = 0; at < _missingCount; at++)
            for ((int place, column) = (_missing[at].Place, _missing[at].First); column < _missing[at].End; column++)
                pixels[column] = MeanOfSome((below[place], below[place + _right], above[place], above[place + _right]), Weights(_columns[column].Beyond, up));
    }

    /// <summary>Labels of the columns between four places of one label, and which columns are not.</summary>
    private void ShareLabels(ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper)
    {
        _mixedCount = 0;
        for (int at = 0, end; at < _cells.Length; at = end)
        {
            int place = _cells[at].Place;
            byte label = lower[place];
            int alike = Math.Min(Leading(lower[place..], label), Leading(upper[place..], label));
            end = _cellsBefore[Math.Max(0, place + alike - _right)];
            if (end > at) _shared.AsSpan(_cells[end - 1].First.._cells[at].End).Fill(label);
            else (_mixed[_mixedCount++], end) = (_cells[at], at + 1);
        }
    }

    // how many of one label there are at first
    private static int Leading(ReadOnlySpan<byte> labels, byte label) =>
        labels.IndexOfAnyExcept(label) is >= 0 and int other ? other : labels.Length;

    private void Spread(int start, ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper)
    {
        // rows of pixels come from the top: what was below is above now
        if (start + _above == _lowerStart) (_lower, _upper) = (_upper, _lower);
        else SpreadRow(upper, _upper);
        SpreadRow(lower, _lower);
        (_lowerStart, _upperStart) = (start, start + _above);
        _missingCount = 0;
        if (!lower.Contains(PictureSamples.NoValue) && !upper.Contains(PictureSamples.NoValue)) return;
        foreach (Cell cell in _cells)
            if (lower[cell.Place] == PictureSamples.NoValue || upper[cell.Place] == PictureSamples.NoValue
                || lower[cell.Place + _right] == PictureSamples.NoValue || upper[cell.Place + _right] == PictureSamples.NoValue)
                _missing[_missingCount++] = cell;
    }

    private void SpreadRow(ReadOnlySpan<byte> values, Span<ushort> pixels)
    {
        ReadOnlySpan<(int Place, int Beyond)> columns = _columns.AsSpan(0, pixels.Length);
        for (int column = 0; column < columns.Length; column++)
        {
            (int place, int beyond) = columns[column];
            int left = values[place];
            pixels[column] = (ushort)((left * Whole + Half + (values[place + _right] - left) * beyond) >> WholeBits);
        }
    }

    private static byte Largest((byte Here, byte Right, byte Above, byte Both) labels, (int Here, int Right, int Above, int Both) weights)
    {
        (byte a, byte b, byte c, byte d) = labels;
        (int ofA, int ofB, int ofC, int ofD) = weights;
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

    private static ushort MeanOfSome((byte Here, byte Right, byte Above, byte Both) values, (int Here, int Right, int Above, int Both) weights)
    {
        int sum = 0, weight = 0;
        Add(values.Here, weights.Here);
        Add(values.Right, weights.Right);
        Add(values.Above, weights.Above);
        Add(values.Both, weights.Both);
        return weight == 0 ? PictureSamples.NoValue : (ushort)((sum + weight / 2) / weight);

        void Add(byte value, int share)
        {
            if (value == PictureSamples.NoValue) return;
            sum += share * value;
            weight += share;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (int Here, int Right, int Above, int Both) Weights(int over, int up) =>
        ((Whole - over) * (Whole - up), over * (Whole - up), (Whole - over) * up, over * up);
}
