using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Host.Serving.Pages;

/// <summary>Which scans of a gallery are asked for, as the address says it; null stands for all.</summary>
/// <param name="Level">A vertebra's name: scans that have it, by how far it stands out.</param>
/// <param name="Code">Of a finding.</param>
/// <param name="Text">Words that are all somewhere in the scan's key, names, codes or scanner.</param>
public sealed record GalleryQuery(string? Dataset = null, string? Split = null, string? Level = null, string? Code = null, string? Text = null)
{
    private const int LongestText = 200;

    /// <summary>From 1.</summary>
    public int Page { get; init; } = 1;

    /// <summary>The label of <see cref="Level"/>; null for none, 0 for a name that no vertebra has.</summary>
    public int? Label => Level is null ? null
        : VertebraLabel.Anatomical.FirstOrDefault(label => VertebraLabel.Name(label).Equals(Level, StringComparison.OrdinalIgnoreCase));

    internal static GalleryQuery Of(IQueryCollection asked)
    {
        string? Value(string name) => asked[name].ToString().Trim() is { Length: > 0 and <= LongestText } value ? value : null;
        return new GalleryQuery(Value("dataset"), Value("split"), Value("level"), Value("code"), Value("text"))
        {
            Page = int.TryParse(Value("page"), NumberStyles.None, CultureInfo.InvariantCulture, out int page) && page > 0 ? page : 1,
        };
    }

    /// <summary>Tells whether a scan is asked for.</summary>
    internal Func<GalleryScan, bool> Asked()
    {
        string[] words = Text?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        int? label = Label;
        return scan => (Dataset is null || scan.Dataset == Dataset) && (Split is null || scan.Split == Split)
            && (label is null || scan.Levels.Any(level => level.Label == label)) && (Code is null || scan.Codes.Contains(Code))
            && words.All(word => scan.Text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>`?` and what was asked for, with another page.</summary>
    public string At(int page)
    {
        QueryBuilder query = new();
        foreach ((string name, string? value) in new[] { ("dataset", Dataset), ("split", Split), ("level", Level), ("code", Code), ("text", Text) })
            if (value is not null) query.Add(name, value);
        if (page > 1) query.Add("page", Invariant($"{page}"));
        return query.ToQueryString().ToString() is { Length: > 0 } text ? text : "?";
    }
}
