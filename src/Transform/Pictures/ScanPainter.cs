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
    // the window of VerSe's own pictures, `wdw_sbone` of github.com/anjany/verse, utils/data_utilities.py
    private const int LowestHu = -500, HighestHu = 1300;

    // under a label there is bone
    private const int LowestLabelHu = -150;
    private const int MostColours = 256, MostLabelShades = 24, GreysWithoutCt = 8, LabelPercent = 30;
    private const int Margin = 10, LineHeight = 22, LeastWidth = 280, Leader = 16;
    private const double LargestScaleShare = 0.45;

    private static readonly int[] ScalesMm = [100, 50, 20, 10, 5, 2, 1];

    private readonly PictureSamples _samples;
    private readonly PictureLayout _layout;
    private readonly string[] _title;
    private readonly List<int> _palette = [];
    private readonly byte[] _shade = new byte[VertebraLabel.Highest + 1], _outline = new byte[VertebraLabel.Highest + 1];
    private readonly bool _showsCt;
    private readonly int _greys, _labelShades;
    private readonly byte[] _greyOf, _labelShadeOf;
    private readonly PictureCanvas _canvas;
    private readonly int[] _left;
    private readonly int _top;

    /// <param name="samples">With all labels, and with values if there is a CT.</param>
    /// <param name="title">Of the scan.</param>
    /// <param name="greys">Shades of the CT, 2 to 64; 0 for the labels alone.</param>
    public ScanPainter(PictureSamples samples, string title, int greys)
    {
        (_samples, _layout, _showsCt) = (samples, samples.Layout, samples.HasHu && greys > 0);
        _greys = greys = _showsCt ? greys : GreysWithoutCt;
        IReadOnlyList<LocatedVertebra> vertebrae = _layout.Vertebrae;
        _labelShades = Math.Clamp((MostColours - greys) / vertebrae.Count - 1, 1, Math.Min(greys, MostLabelShades));
        (_greyOf, _labelShadeOf) = (ShadeOf(LowestHu, _greys), ShadeOf(LowestLabelHu, _labelShades));
        for (int grey = 0; grey < greys; grey++) _palette.Add(Grey(255 * grey / (greys - 1)));
        foreach (LocatedVertebra vertebra in vertebrae) AddColours(vertebra.Label);

        PicturePanel sagittal = _layout.Panels[0], coronal = _layout.Panels[1];
        int between = 2 * Leader + PictureFont.Width * vertebrae.Max(vertebra => VertebraLabel.Name(vertebra.Label).Length);
        int width = Math.Max(LeastWidth, 2 * Margin + sagittal.Width + between + coronal.Width);
        _title = [.. title.Chunk((width - 2 * Margin) / PictureFont.Width).Select(line => new string(line))];
        _left = [Margin, Margin + sagittal.Width + between];
        _top = Margin + LineHeight * _title.Length;
        int height = Math.Max(sagittal.Height, PictureFont.Height * vertebrae.Count);
        _canvas = new PictureCanvas(width, _top + height + Margin + 2 * LineHeight + Margin / 2);
    }

    private byte White => (byte)(_greys - 1);

    private byte Pale => (byte)(_greys * 2 / 3);

    private int Bottom => _canvas.Height - Margin / 2 - 2 * LineHeight;

    /// <summary>The two panels alone, for a small picture: the colours of the pixels, 0xRRGGBB.</summary>
    public Picture PaintPanels()
    {
        for (int panel = 0; panel < _layout.Panels.Count; panel++) PaintPanel(panel);
        PicturePanel sagittal = _layout.Panels[0], coronal = _layout.Panels[1];
        PictureCanvas both = new(sagittal.Width + coronal.Width, sagittal.Height);
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
        for (int line = 0; line < _title.Length; line++) _canvas.Text(_title[line], Margin, Margin / 2 + line * LineHeight, White);
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
        int[] hu = new int[panel.Width];
        byte[] above = [], labels = new byte[panel.Width], below = new byte[panel.Width];
        blend.Labels(0, labels);
        for (int row = 0; row < panel.Height; row++)
        {
            Span<byte> pixels = _canvas.Row(_left[at], _top + row, panel.Width);
            if (_showsCt)
            {
                blend.Hu(row, hu);
                PaintCt(labels, hu, pixels);
            }
            else
                for (int column = 0; column < pixels.Length; column++) pixels[column] = _shade[labels[column]];
            if (row + 1 < panel.Height) blend.Labels(row + 1, below);
            else labels.CopyTo(below, 0);
            PaintOutlines(row == 0 ? labels : above, labels, below, pixels);
            (above, labels, below) = (labels, below, above.Length == 0 ? new byte[panel.Width] : above);
        }
    }

    private void PaintCt(ReadOnlySpan<byte> labels, ReadOnlySpan<int> hu, Span<byte> pixels)
    {
        ReadOnlySpan<byte> greys = _greyOf, shades = _labelShadeOf;
        for (int column = 0; column < pixels.Length; column++)
        {
            int shown = Math.Clamp(hu[column], LowestHu, HighestHu) - LowestHu, label = labels[column];
            pixels[column] = label == 0 ? greys[shown] : (byte)(_shade[label] + shades[shown]);
        }
    }

    /// <summary>Which of so many shades each value of the window is, from -500 HU on.</summary>
    /// <param name="low">What is not higher is the darkest.</param>
    private static byte[] ShadeOf(int low, int shades) => [.. Enumerable.Range(LowestHu, HighestHu - LowestHu + 1)
        .Select(hu => (byte)Math.Clamp((hu - low) * shades / (HighestHu - low), 0, shades - 1))];

    /// <summary>Pixels of a label beside one that is not of it.</summary>
    private void PaintOutlines(ReadOnlySpan<byte> above, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> below, Span<byte> pixels)
    {
        for (int column = 0; column < labels.Length; column++)
        {
            byte label = labels[column];
            if (label == 0)
            {
                int background = labels[column..].IndexOfAnyExcept((byte)0);
                if (background < 0) return;
                column += background;
                label = labels[column];
            }
            if (above[column] != label || below[column] != label
                || (column > 0 && labels[column - 1] != label) || (column < labels.Length - 1 && labels[column + 1] != label))
                pixels[column] = _outline[label];
        }
    }

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
        (int Label, int Row)[] names = [.. _layout.Vertebrae
            .Select(vertebra => (vertebra.Label, sagittal.PixelOf(SpineCurve.BodyMm(vertebra, _layout.Grid.Affine)).Row)).OrderBy(name => name.Row)];
        int[] middle = [.. names.Select(name => name.Row)];
        int lowest = Bottom - Margin - _top - PictureFont.Height / 2;
        for (int at = 0; at < middle.Length; at++)
            middle[at] = Math.Max(middle[at], at == 0 ? PictureFont.Height / 2 : middle[at - 1] + PictureFont.Height);
        for (int at = middle.Length - 1; at >= 0; at--)
            middle[at] = Math.Min(middle[at], at == middle.Length - 1 ? lowest : middle[at + 1] - PictureFont.Height);
        int left = _left[0] + sagittal.Width, right = _left[1];
        for (int at = 0; at < names.Length; at++)
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
        int mm = ScalesMm.FirstOrDefault(scale => scale / panel.PixelMm <= LargestScaleShare * _canvas.Width / 2, ScalesMm[^1]);
        int length = Math.Min((int)Math.Round(mm / panel.PixelMm), _canvas.Width - 2 * Margin), row = Bottom + PictureFont.Height / 2;
        _canvas.Box(Margin, row - 1, length, 2, White);
        _canvas.Box(Margin, row - 6, 2, 12, White);
        _canvas.Box(Margin + length - 2, row - 6, 2, 12, White);
        _canvas.Text(Invariant($"{mm} mm"), Margin + length + 8, Bottom, White);
    }
}
