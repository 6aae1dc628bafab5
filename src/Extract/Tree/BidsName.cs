using System.Diagnostics.CodeAnalysis;
using System.Text;

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

    private readonly List<BidsEntity> _entities;

    private BidsName(List<BidsEntity> entities, string suffix, string extension) => (_entities, Suffix, Extension) = (entities, suffix, extension);

    /// <summary>The stem of a name that is not BIDS'; null for one that is.</summary>
    public string? Stem { get; private init; }

    /// <summary>As written, `sub` among them.</summary>
    public IReadOnlyList<BidsEntity> Entities => _entities;

    /// <summary>As written: `ct`, `msk`, `ctd`, `snp`.</summary>
    public string Suffix { get; }

    /// <summary>As written, with its dot: `.nii.gz`, `.nii`, `.json`, `.png`.</summary>
    public string Extension { get; }

    /// <summary>The entity chain without `seg-` in lower case: what the files of one scan have in common.</summary>
    public string ScanId => field ??= Chain.ToLowerInvariant();

    /// <summary>The same as written.</summary>
    public string Chain => Stem ?? ChainWithout(["seg"]);

    /// <summary>True if there is an entity that BIDS gives to derivatives only, other than `seg-`.</summary>
    public bool HasDerivativeEntities
    {
        get
        {
            foreach (BidsEntity entity in _entities) if (IsOneOf(entity.Key, DerivativeOnly)) return true;
            return false;
        }
    }

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
    public string? this[string key]
    {
        get
        {
            foreach (BidsEntity entity in _entities) if (Is(entity.Key, key)) return entity.Value.ToLowerInvariant();
            return null;
        }
    }

    /// <summary>True if suffix or extension have capitals.</summary>
    public bool EndsInCapitals => Suffix.Any(char.IsAsciiLetterUpper) || Extension.Any(char.IsAsciiLetterUpper);

    /// <summary>A name that is not BIDS': a stem, of letters, digits, `.`, `-` and `_`, stands for subject and scan.</summary>
    public static BidsName Own(string stem, string fileName)
    {
        string known = ExtensionOf(fileName) ?? "";
        return new BidsName([new BidsEntity("sub", stem)], "", fileName[^known.Length..]) { Stem = stem };
    }

    /// <summary>Parses a file name with a `sub-` entity and one of the known extensions. Previews may lack the `sub-`: `verse004_seg-vert_snp.png`.</summary>
    public static bool TryParse(string fileName, [NotNullWhen(true)] out BidsName? name)
    {
        name = null;
        if (ExtensionOf(fileName) is not string known) return false;
        string[] parts = fileName[..^known.Length].Split('_');
        string suffix = parts[^1];
        if (parts.Length < 2 || !IsId(suffix)) return false;
        if (Is(suffix, "snp") && IsId(parts[0])) parts[0] = "sub-" + parts[0];

        List<BidsEntity> entities = new(parts.Length - 1);
        foreach (string part in parts.AsSpan(0, parts.Length - 1))
        {
            int dash = part.IndexOf('-');
            if (dash < 0 || !IsId(part.AsSpan(0, dash)) || !IsId(part.AsSpan(dash + 1))) return false;
            string key = part[..dash];
            foreach (BidsEntity entity in entities) if (Is(entity.Key, key)) return false;
            entities.Add(new BidsEntity(key, part[(dash + 1)..]));
        }
        name = new BidsName(entities, suffix, fileName[^known.Length..]);
        return entities.Exists(entity => Is(entity.Key, "sub"));
    }

    /// <summary>The file name; for a preview whose `sub-` was missing, with it.</summary>
    public override string ToString() => $"{string.Join('_', Entities)}_{Suffix}{Extension}";

    private string ChainWithout(string[] keys)
    {
        StringBuilder chain = new();
        foreach (BidsEntity entity in _entities)
        {
            if (IsOneOf(entity.Key, keys)) continue;
            if (chain.Length > 0) chain.Append('_');
            chain.Append(entity.Key).Append('-').Append(entity.Value);
        }
        return chain.ToString();
    }

    private static string? ExtensionOf(string fileName)
    {
        foreach (string extension in Extensions) if (fileName.EndsWith(extension, StringComparison.OrdinalIgnoreCase)) return extension;
        return null;
    }

    private static bool IsOneOf(string text, string[] lower)
    {
        foreach (string each in lower) if (Is(text, each)) return true;
        return false;
    }

    private static bool IsId(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestId) return false;
        foreach (char c in text)
            if (!char.IsAsciiLetterOrDigit(c)) return false;
        return true;
    }

    private static bool Is(string text, string lower) => text.Equals(lower, StringComparison.OrdinalIgnoreCase);
}
