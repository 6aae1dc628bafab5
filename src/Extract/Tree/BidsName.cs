using System.Diagnostics.CodeAnalysis;

namespace VerseEtl.Extract.Tree;

/// <summary>One `key-value` pair of a BIDS file name, as written.</summary>
internal readonly record struct BidsEntity(string Key, string Value)
{
    public override string ToString() => $"{Key}-{Value}";
}

/// <summary>
/// A BIDS file name: a chain of entities, a suffix and an extension, `sub-verse400_split-verse155_seg-vert_msk.nii.gz`. Entities are
/// parsed in general, in any order; keys and values are ASCII letters and digits, so an id made from them is a safe name anywhere.
/// </summary>
internal sealed record BidsName
{
    private const int LongestId = 64;
    private static readonly string[] Extensions = [".nii.gz", ".nii", ".json", ".png"];

    // entities that BIDS gives to derivatives only: they say how a file was made, not which scan it is of
    private static readonly string[] DerivativeOnly = ["desc", "res", "space", "mod", "label"];

    private BidsName(IReadOnlyList<BidsEntity> entities, string suffix, string extension) =>
        (Entities, Suffix, Extension) = (entities, suffix, extension);

    /// <summary>The stem of a name that is not BIDS'; null for one that is.</summary>
    private string? Stem { get; init; }

    /// <summary>As written, `sub` among them.</summary>
    public IReadOnlyList<BidsEntity> Entities { get; }

    /// <summary>As written: `ct`, `msk`, `ctd`, `snp`.</summary>
    public string Suffix { get; }

    /// <summary>As written, with its dot: `.nii.gz`, `.nii`, `.json`, `.png`.</summary>
    public string Extension { get; }

    /// <summary>The entity chain without `seg-` in lower case: what the files of one scan have in common.</summary>
    public string ScanId => Chain.ToLowerInvariant();

    /// <summary>The same as written.</summary>
    public string Chain => Stem ?? ChainWithout(["seg"]);

    /// <summary>True if there is an entity that BIDS gives to derivatives only, other than `seg-`.</summary>
    public bool HasDerivativeEntities => Entities.Any(entity => DerivativeOnly.Any(key => Is(entity.Key, key)));

    /// <summary>
    /// The scan ids that a derivative may belong to: its own, then those without `desc-`, `res-`, `space-`, `mod-` and `label-`, one more
    /// left out each time, down to none of them.
    /// </summary>
    public IEnumerable<string> PossibleScanIds()
    {
        for (int left = 0; left <= DerivativeOnly.Length; left++)
            yield return ChainWithout([.. DerivativeOnly.Take(left), "seg"]).ToLowerInvariant();
    }

    /// <summary>The value of an entity in lower case, or null.</summary>
    public string? this[string key] => Entities.Where(entity => Is(entity.Key, key)).Select(entity => entity.Value.ToLowerInvariant()).FirstOrDefault();

    /// <summary>True if suffix or extension have capitals.</summary>
    public bool EndsInCapitals => Suffix.Any(char.IsAsciiLetterUpper) || Extension.Any(char.IsAsciiLetterUpper);

    /// <summary>A name that is not BIDS': a stem, of letters, digits, `.`, `-` and `_`, stands for subject and scan.</summary>
    public static BidsName Own(string stem, string fileName)
    {
        string known = Extensions.FirstOrDefault(extension => fileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) ?? "";
        return new BidsName([new BidsEntity("sub", stem)], "", fileName[^known.Length..]) { Stem = stem };
    }

    /// <summary>Parses a file name with a `sub-` entity and one of the known extensions. Previews may lack the `sub-`: `verse004_seg-vert_snp.png`.</summary>
    public static bool TryParse(string fileName, [NotNullWhen(true)] out BidsName? name)
    {
        name = null;
        string? known = Extensions.FirstOrDefault(extension => fileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
        if (known is null) return false;
        string[] parts = fileName[..^known.Length].Split('_');
        string suffix = parts[^1];
        if (parts.Length < 2 || !IsId(suffix)) return false;
        if (Is(suffix, "snp") && IsId(parts[0])) parts[0] = "sub-" + parts[0];

        List<BidsEntity> entities = new(parts.Length - 1);
        foreach (string part in parts.AsSpan(0, parts.Length - 1))
        {
            int dash = part.IndexOf('-');
            if (dash < 0 || !IsId(part.AsSpan(0, dash)) || !IsId(part.AsSpan(dash + 1))) return false;
            if (entities.Any(entity => Is(entity.Key, part[..dash]))) return false;
            entities.Add(new BidsEntity(part[..dash], part[(dash + 1)..]));
        }
        name = new BidsName(entities, suffix, fileName[^known.Length..]);
        return name["sub"] is not null;
    }

    /// <summary>The file name; for a preview whose `sub-` was missing, with it.</summary>
    public override string ToString() => $"{string.Join('_', Entities)}_{Suffix}{Extension}";

    private string ChainWithout(string[] keys) => string.Join('_', Entities.Where(entity => !keys.Any(key => Is(entity.Key, key))));

    private static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestId) return false;
        foreach (char c in text)
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        return true;
    }

    private static bool Is(string text, string lower) => text.Equals(lower, StringComparison.OrdinalIgnoreCase);
}
