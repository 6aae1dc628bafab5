using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace VerseEtl.Extract.Centroids;

/// <summary>
/// Which texts of a sidecar may be published as a scanner's maker or model: those of nothing but words that CTs write in DICOM's Manufacturer
/// (0008,0070) and Manufacturer's Model Name (0008,1090), one of them the name of a maker or of a family of scanners, and of numbers of at most
/// three digits. Anything else may name a person.
/// </summary>
internal static partial class ScannerNames
{
    private static readonly FrozenSet<string> Makers = Words(
        "accuray anke arineta brainlab canon carestream cerebrotom electric elscint fuji fujifilm ge hitachi imaging imatron marconi medtronic minfound "
        + "neurologica neusoft nms philips picker planmeca samsung shimadzu siemens sinovision toshiba uih varian wandong ziehm");

    private static readonly FrozenSet<string> OfMakers = Words(
        "ag and beijing co company corp corporation diagnostic electronics general gmbh group healthcare healthineers holdings inc international limited "
        + "llc ltd mec medical nv shanghai shenyang solutions systems technologies technology united usa");

    private static readonly FrozenSet<string> Families = Words(
        "access acqsim activion airo alexion aquilion asteion astelion biograph bodytom brightspeed brilliance ceretom cardiographe definition discovery "
        + "eclos emotion gemini genesis hispeed ict incisive infinix ingenuity iqon lightspeed mx naeotom neuviz optima perspective pq precedence presto "
        + "pronto revolution robusto scenaria sct sensation somatom spectral spirit supria symbia tomoscan uct umi vereos volume xvision");

    private static readonly FrozenSet<string> OfModels = Words(
        "ace act advance alpha apex as ascend big bore c cardiac cite confidence core ct cx cxl d drive dual duo e edge elite emotion epoch es essence evo "
        + "ex express fidelity flash flex flow force frontier g glory go gsi hd hdx hp i idt intevo jupiter large lb lightning ls lx maxima mct mi ml nx "
        + "one open optimus p pet plus power precision prime pro pulse qx rt rxl s scope se select series slice sp spect ste start straton t tf time tof "
        + "top ultra up vct vision x xl xt xte zeus zoom 2007 2010 5000 6000 7500 8000");

    /// <summary>The text is a maker's name, with or without the words of its firm.</summary>
    public static bool IsMaker(string text) => IsMadeOf(text, Makers, OfMakers);

    /// <summary>The text is the name of a model, with or without its maker.</summary>
    public static bool IsModel(string text) => IsMadeOf(text, Families, OfModels);

    private static bool IsMadeOf(string text, FrozenSet<string> names, FrozenSet<string> others)
    {
        if (!PlainText().IsMatch(text)) return false;
        string[] words = [.. Word().Matches(text).Select(match => match.Value.ToLowerInvariant())];
        return words.Any(names.Contains)
            && words.All(word => names.Contains(word) || others.Contains(word) || Makers.Contains(word) || (char.IsAsciiDigit(word[0]) && word.Length <= 3));
    }

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^[A-Za-z0-9 ,.()_/+&-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlainText();

    [GeneratedRegex("[A-Za-z]+|[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
