namespace VerseEtl.Transform.Labels;

/// <summary>A part of a vertebra, where a sub-region mask tells them apart.</summary>
public enum VertebraPart : byte { None, Body, Arch }

/// <summary>
/// The codes of sub-region masks as TPTBox publishes them (github.com/Hendrik-code/TPTBox, `TPTBox/core/vert_constants.py`, enum `Location`) and SPINEPS
/// writes them (Möller et al., European Radiology 2024, doi.org/10.1007/s00330-024-11155-y): 41 arch, 42 spinous process, 43 and 44 costal (transverse)
/// processes, 45 to 48 articular processes; 49 border of the body, 50 body. Discs, canal, cord, end plates and ribs have codes of their own and are no
/// part here.
/// </summary>
public static class SubregionCodes
{
    private const int FirstOfArch = 41, LastOfArch = 48, BodyBorder = 49, Body = 50;

    public static VertebraPart PartOf(int code) => code switch
    {
        >= FirstOfArch and <= LastOfArch => VertebraPart.Arch,
        BodyBorder or Body => VertebraPart.Body,
        _ => VertebraPart.None,
    };
}
