namespace VerseEtl.Transform.Pictures;

/// <summary>
/// A colour for each label: the hue that VerSe's own pictures give it (`colors_itk` of github.com/anjany/verse, utils/data_utilities.py,
/// after ITK-SNAP), at one of three lightnesses in turn, so that vertebrae that can be neighbours differ for the colour-blind as well, and
/// none is lost on black. Lightness 0.54, 0.70 and 0.86 of OKLab, chroma at least 0.05 and reduced until the colour is in sRGB.
/// </summary>
public static class LabelColours
{
    private static readonly int[] Colours =
    [
        0xD00704, 0x09C008, 0xBBD1FE, 0x747401, 0x06B5B5, 0xFFB3FB, 0x7E6C4D, // C1 to C7
        0x6D9BFE, 0xFEC490, 0x856944, 0x4CB492, 0xBAD1FF, 0x077F7F, 0x5BB47D, 0xF0C5C0, 0x6959CC, 0xC286C2, 0xFFC0AB, 0xB93E3B, // T1 to T12
        0xBC9293, 0xD6C7FF, 0xA43DA1, 0xB37FFA, 0xFFBCC6, 0x02844B, // L1 to L6
        0xB09B7C, 0xE3CEAD, 0xE7CCAD, // sacrum, coccyx, T13
    ];

    /// <summary>0xRRGGBB of a label 1 to 28.</summary>
    public static int Of(int label) => Colours[label - 1];

    /// <summary>So much of one colour, the rest of another.</summary>
    /// <param name="of">0xRRGGBB.</param>
    /// <param name="percent">0 to 100.</param>
    /// <param name="rest">0xRRGGBB.</param>
    internal static int Mixed(int of, int percent, int rest)
    {
        int mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8)
            mixed |= (((of >> shift & 255) * percent + (rest >> shift & 255) * (100 - percent) + 50) / 100) << shift;
        return mixed;
    }
}
