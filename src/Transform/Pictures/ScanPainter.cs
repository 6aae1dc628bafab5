using System.Numerics;
using System.Runtime.Intrinsics;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Measuring;

namespace VerseEtl.Transform.Pictures;

/// <summary>
/// Paints what was gathered of a scan: two panels with the names of the vertebrae between them, the scan's name above, a scale below.
/// Everything is integers once it is known where pixels lie, so that the same voxels give the same picture.
/// </summary>
internal sealed class ScanPainter
{
    private const int LowestHu = PictureSamples.LowestHu, HighestHu = PictureSamples.HighestHu;

    // under a label there is bone
    private const int LowestLabelHu = -150;
    private const int MostColours = 256, MostLabelShades = 24, GreysWithoutCt = 8, LabelPercent = 30;
    private const int Margin = 10, LineHeight = 22, LeastWidth = 280, Leader = 16;
    private const double LargestScaleShare = 0.45;

    private static readonly int[] ScalesMm = [100, 50, 20, 10, 5, 2, 1];

    private readonly PictureSamples _samples;
    private readonly PictureLayout _layout;
    private readonly List<string> _title = [];
    private readonly List<int> _palette = [];
    private readonly byte[] _shade = new byte[VertebraLabel.Highest + 1], _outline = new byte[VertebraLabel.Highest + 1];
    private readonly bool _showsCt;
    private readonly int _greys, _labelShades;
    private readonly PictureCanvas _canvas;
    private readonly int[] _left;
    private readonly int _top;

    /// <param name="samples">With all labels, and with values if there is a CT.</param>
    /// <param name="title">Of the scan.</param>
    /// <param name="greys">Shades of the CT, 2 to 64; 0 for the labels alone.</param>
    public ScanPainter(PictureSamples samples, string title, int greys)
    {
        (_samples, _layout, _showsCt) = (samples, samples.Layout, samples.HasValues && greys > 0);
        _greys = greys = _showsCt ? greys : GreysWithoutCt;
        IReadOnlyList<LocatedVertebra> vertebrae = _layout.Vertebrae;
        _labelShades = Math.Clamp((MostColours - greys) / vertebrae.Count - 1, 1, Math.Min(greys, MostLabelShades));
        for (int grey = 0; grey < greys; grey++) _palette.Add(Grey(255 * grey / (greys - 1)));
        foreach (LocatedVertebra vertebra in vertebrae) AddColours(vertebra.Label);

        PicturePanel sagittal = _layout.Panels[0], coronal = _layout.Panels[1];
        int between = 2 * Leader + PictureFont.Width * vertebrae.Max(vertebra => VertebraLabel.Name(vertebra.Label).Length);
        int width = Math.Max(LeastWidth, 2 * Margin + sagittal.Width + between + coronal.Width);
        int fit = (width - 2 * Margin) / PictureFont.Width;
        for (int line = 0; line < title.Length; line += fit) _title.Add(title.Substring(line, Math.Min(fit, title.Length - line)));
        _left = [Margin, Margin + sagittal.Width + between];
        _top = Margin + LineHeight * _title.Count;
        int height = Math.Max(sagittal.Height, PictureFont.Height * vertebrae.Count);
        height += _top + Margin + 2 * LineHeight + Margin / 2;
        _canvas = new PictureCanvas(width, height, samples.Pixels(width * height));
    }

    private byte White => (byte)(_greys - 1);

    private byte Pale => (byte)(_greys * 2 / 3);

    private int Bottom => _canvas.Height - Margin / 2 - 2 * LineHeight;

    /// <summary>The two panels alone, for a small picture: the colours of the pixels, 0xRRGGBB.</summary>
    public Picture PaintPanels()
    {
        for (int panel = 0; panel < _layout.Panels.Count; panel++) PaintPanel(panel);
        PicturePanel sagittal = _layout.Panels[0], coronal = _layout.Panels[1];
        int width = sagittal.Width + coronal.Width;
        PictureCanvas both = new(width, sagittal.Height, new byte[width * sagittal.Height]);
        for (int row = 0; row < sagittal.Height; row++)
        {
            _canvas.Row(_left[0], _top + row, sagittal.Width).CopyTo(both.Row(0, row, sagittal.Width));
            _canvas.Row(_left[1], _top + row, coronal.Width).CopyTo(both.Row(sagittal.Width, row, coronal.Width));
        }
        return new Picture(both.Width, both.Height, both.Pixels, _palette);
    }

    public Picture Paint()
    {
        for (int panel = 0; panel < _layout.Panels.Count; panel++) PaintPanel(panel);
        foreach (LocatedVertebra vertebra in _layout.Vertebrae) PaintPoint(vertebra);
        PaintNames();
        PaintDirections(0, 'A', 'P');
        PaintDirections(1, 'R', 'L');
        for (int line = 0; line < _title.Count; line++) _canvas.Text(_title[line], Margin, Margin / 2 + line * LineHeight, White);
        PaintScale();
        string window = _showsCt ? Invariant($"{LowestHu} to {HighestHu} HU") : "labels, no CT";
        _canvas.Text($"{window}", Margin, Bottom + LineHeight, Pale);
        const string use = "research only";
        _canvas.Text(use, _canvas.Width - Margin - use.Length * PictureFont.Width, Bottom, Pale);
        return new Picture(_canvas.Width, _canvas.Height, _canvas.Pixels, _palette);
    }

    private static int Grey(int value) => value << 16 | value << 8 | value;

    private void AddColours(int label)
    {
        int colour = LabelColours.Of(label);
        _shade[label] = (byte)_palette.Count;
        if (!_showsCt) _palette.Add(LabelColours.Mixed(colour, 60, 0));
        else
            for (int shade = 0; shade < _labelShades; shade++)
            {
                int hu = LowestLabelHu + (2 * shade + 1) * (HighestHu - LowestLabelHu) / (2 * _labelShades);
                _palette.Add(LabelColours.Mixed(colour, LabelPercent, Grey(255 * (hu - LowestHu) / (HighestHu - LowestHu))));
            }
        _outline[label] = (byte)_palette.Count;
        _palette.Add(colour);
    }

    private void PaintPanel(int at)
    {
        PicturePanel panel = _layout.Panels[at];
        PanelBlend blend = new(_samples, at);
        ushort[] values = new ushort[panel.Width];
        // a column more at both ends, the same as the first and the last
        byte[] above = new byte[panel.Width + 2], labels = new byte[panel.Width + 2], below = new byte[panel.Width + 2];
        Labels(0, labels);
        labels.CopyTo(above, 0);
        for (int row = 0; row < panel.Height; row++)
        {
            if (row + 1 < panel.Height) Labels(row + 1, below);
            else labels.CopyTo(below, 0);
            if (_showsCt && row % panel.RowsShared == 0) blend.Values(row / panel.RowsShared, values);
            Span<byte> pixels = _canvas.Row(_left[at], _top + row, panel.Width);
            PaintRow(labels.AsSpan(1, panel.Width), values, pixels);
            PaintOutlines(above, labels, below, pixels);
            (above, labels, below) = (labels, below, above);
        }

        void Labels(int row, byte[] padded)
        {
            blend.Labels(row, padded.AsSpan(1, panel.Width));
            (padded[0], padded[^1]) = (padded[1], padded[^2]);
        }
    }

    private void PaintRow(ReadOnlySpan<byte> labels, ReadOnlySpan<ushort> values, Span<byte> pixels)
    {
        for (int first = 0, count; first < labels.Length; first += count)
        {
            byte label = labels[first];
            count = labels[first..].IndexOfAnyExcept(label);
            if (count < 0) count = labels.Length - first;
            Span<byte> run = pixels.Slice(first, count);
            if (!_showsCt) run.Fill(_shade[label]);
            else if (label == 0) Shade(values.Slice(first, count), run, 0, _greys, 0);
            else Shade(values.Slice(first, count), run, PictureSamples.ValueOf(LowestLabelHu), _labelShades, _shade[label]);
        }
    }

    /// <summary>Which of so many shades each value is.</summary>
    /// <param name="low">What is not brighter is the darkest.</param>
    /// <param name="first">Place of the darkest in the palette.</param>
    private static void Shade(ReadOnlySpan<ushort> values, Span<byte> pixels, byte low, int shades, byte first)
    {
        const int bits = 8;
        int factor = (shades << bits) / (PictureSamples.Brightest + 1 - low), at = 0;
        Vector128<ushort> lowest = Vector128.Create((ushort)low), factors = Vector128.Create((ushort)factor);
        Vector128<byte> darkest = Vector128.Create(first);
        for (; at <= pixels.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            Vector128<ushort> some = Vector128.LoadUnsafe(in values[at]), others = Vector128.LoadUnsafe(in values[at + Vector128<ushort>.Count]);
            some = (Vector128.Max(some, lowest) - lowest) * factors >>> bits;
            others = (Vector128.Max(others, lowest) - lowest) * factors >>> bits;
            (Vector128.Narrow(some, others) + darkest).StoreUnsafe(ref pixels[at]);
        }
        for (; at < pixels.Length; at++) pixels[at] = (byte)(first + ((Math.Max(values[at], low) - low) * factor >> bits));
    }

    /// <summary>Pixels of a label beside one that is not of it.</summary>
    /// <param name="above">Labels of the row above, with a column more at both ends, like the others.</param>
    private void PaintOutlines(ReadOnlySpan<byte> above, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> below, Span<byte> pixels)
    {
        int column = 0;
        for (; column <= pixels.Length - Vector128<byte>.Count; column += Vector128<byte>.Count)
        {
            Vector128<byte> here = Vector128.LoadUnsafe(in labels[column + 1]);
            if (here == Vector128<byte>.Zero) continue;
            Vector128<byte> inside = Vector128.Equals(here, Vector128.LoadUnsafe(in above[column + 1]))
                & Vector128.Equals(here, Vector128.LoadUnsafe(in below[column + 1]))
                & Vector128.Equals(here, Vector128.LoadUnsafe(in labels[column])) & Vector128.Equals(here, Vector128.LoadUnsafe(in labels[column + 2]));
            for (uint edge = Vector128.AndNot(~inside, Vector128.Equals(here, Vector128<byte>.Zero)).ExtractMostSignificantBits(); edge != 0; edge &= edge - 1)
                PaintOutline(column + BitOperations.TrailingZeroCount(edge), labels, pixels);
        }
        for (; column < pixels.Length; column++)
        {
            byte label = labels[column + 1];
            if (label != 0 && (above[column + 1] != label || below[column + 1] != label || labels[column] != label || labels[column + 2] != label))
                PaintOutline(column, labels, pixels);
        }
    }

    private void PaintOutline(int column, ReadOnlySpan<byte> labels, Span<byte> pixels) => pixels[column] = _outline[labels[column + 1]];

    private void PaintPoint(LocatedVertebra vertebra)
    {
        if (vertebra.AnnotatedMm is not Vector3d mm) return;
        for (int at = 0; at < _layout.Panels.Count; at++)
        {
            PicturePanel panel = _layout.Panels[at];
            (int column, int row) = panel.PixelOf(mm);
            if (column < 0 || row < 0 || column >= panel.Width || row >= panel.Height) continue;
            _canvas.Disc(_left[at] + column, _top + row, 4, 0);
            _canvas.Disc(_left[at] + column, _top + row, 2, White);
        }
    }

    /// <summary>Names in the middle, each at the height of its body as far as the others leave room, with a line to both panels.</summary>
    private void PaintNames()
    {
        PicturePanel sagittal = _layout.Panels[0];
        List<Name> names = [];
        foreach (LocatedVertebra vertebra in _layout.Vertebrae)
            names.Add(new Name(names.Count, vertebra.Label, sagittal.PixelOf(SpineCurve.BodyMm(vertebra, _layout.Grid.Affine)).Row));
        names.Sort((a, b) => a.Row != b.Row ? a.Row.CompareTo(b.Row) : a.Order.CompareTo(b.Order));
        int[] middle = new int[names.Count];
        int lowest = Bottom - Margin - _top - PictureFont.Height / 2;
        for (int at = 0; at < middle.Length; at++)
            middle[at] = Math.Max(names[at].Row, at == 0 ? PictureFont.Height / 2 : middle[at - 1] + PictureFont.Height);
        for (int at = middle.Length - 1; at >= 0; at--)
            middle[at] = Math.Min(middle[at], at == middle.Length - 1 ? lowest : middle[at + 1] - PictureFont.Height);
        int left = _left[0] + sagittal.Width, right = _left[1];
        for (int at = 0; at < names.Count; at++)
        {
            string name = VertebraLabel.Name(names[at].Label);
            byte colour = _outline[names[at].Label];
            int text = (left + right - name.Length * PictureFont.Width) / 2, row = _top + Math.Clamp(names[at].Row, 0, sagittal.Height - 1);
            _canvas.Text(name, text, _top + middle[at] - PictureFont.Height / 2, colour);
            _canvas.Line((left + 1, row), (text - 3, _top + middle[at]), colour);
            _canvas.Line((right - 2, row), (text + name.Length * PictureFont.Width + 2, _top + middle[at]), colour);
        }
    }

    private void PaintDirections(int at, char left, char right)
    {
        PicturePanel panel = _layout.Panels[at];
        int middle = _top + (panel.Height - PictureFont.Height) / 2, centre = _left[at] + (panel.Width - PictureFont.Width) / 2;
        Letter(left, _left[at] + 3, middle);
        Letter(right, _left[at] + panel.Width - PictureFont.Width - 3, middle);
        Letter('S', centre, _top + 1);
        Letter('I', centre, _top + panel.Height - PictureFont.Height - 1);

        void Letter(char letter, int column, int row) => _canvas.BorderedText(letter.ToString(), column, row, White);
    }

    private void PaintScale()
    {
        PicturePanel panel = _layout.Panels[0];
        int mm = 0;
        foreach (int scale in ScalesMm)
        {
            mm = scale;
            if (scale / panel.PixelMm <= LargestScaleShare * _canvas.Width / 2) break;
        }
        int length = Math.Min((int)Math.Round(mm / panel.PixelMm), _canvas.Width - 2 * Margin), row = Bottom + PictureFont.Height / 2;
        _canvas.Box(Margin, row - 1, length, 2, White);
        _canvas.Box(Margin, row - 6, 2, 12, White);
        _canvas.Box(Margin + length - 2, row - 6, 2, 12, White);
        _canvas.Text(Invariant($"{mm} mm"), Margin + length + 8, Bottom, White);
    }

    /// <summary>Of a vertebra, and the row of pixels that its body is at.</summary>
    private sealed record Name(int Order, int Label, int Row);
}
