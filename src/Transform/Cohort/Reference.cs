using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Transform.Cohort;

/// <summary>
/// Published figures to hold a copy against: the label table, the figures of editions and splits, the scans by name and the places where
/// the figures contradict each other. The shipped one is VerSe's; where each number is from stands in Cohort/Reference/SOURCES.md.
/// </summary>
public sealed record Reference
{
    /// <summary>The files a reference consists of; each may be missing.</summary>
    internal static IReadOnlyList<string> FileNames { get; } = ["labels.json", "figures.json", "scans.json", "contradictions.json", "clinical.json"];

    private readonly HashSet<string> _scanKeys;
    private readonly ILookup<string, PublishedFolder> _places;

    private Reference(PublishedLabelTable? labels, IReadOnlyList<PublishedFigure> figures, IReadOnlyList<PublishedFolder> folders,
        IReadOnlyList<Contradiction> contradictions)
    {
        (LabelTable, Figures, Folders, Contradictions) = (labels, figures, folders, contradictions);
        _scanKeys = [.. folders.SelectMany(folder => folder.ScanKeys)];
        _places = folders.SelectMany(folder => folder.Scans.Select(scan => (scan, folder)))
            .ToLookup(pair => pair.scan, pair => pair.folder, StringComparer.Ordinal);
    }

    internal PublishedLabelTable? LabelTable { get; }
    internal IReadOnlyList<PublishedFigure> Figures { get; }
    internal IReadOnlyList<PublishedFolder> Folders { get; }
    internal IReadOnlyList<Contradiction> Contradictions { get; }
    internal IReadOnlyList<ClinicalFigure> Clinical { get; private init; } = [];

    /// <summary>The published scans that belong to a cell, as (scan_key, scan_id, folder).</summary>
    internal IReadOnlyList<(string ScanKey, string ScanId, PublishedFolder Folder)> ScansOf(string dataset, string split) =>
    [
        .. from folder in Folders
           where (dataset == CohortCell.All ? Editions.All.Contains(folder.Dataset) : folder.Dataset == dataset)
               && (split == CohortCell.All || folder.Split == split)
           from scan in folder.Scans
           select (folder.KeyOf(scan), scan, folder),
    ];

    /// <summary>Whether a scan of this key is published.</summary>
    internal bool Holds(string scanKey) => _scanKeys.Contains(scanKey);

    /// <summary>Dataset and split in which a scan of this id is published; null for an unknown id, and for one of several places.</summary>
    public (string Dataset, string Split)? PlaceOf(string scanId) =>
        _places[scanId].Distinct().ToArray() is [PublishedFolder only] ? (only.Dataset, only.Split) : null;

    /// <summary>The label table's row of a label in the cell it describes, if there is one.</summary>
    internal PublishedLabel? Label(int label) => LabelTable?.Labels.FirstOrDefault(row => row.Label == label);

    /// <summary>VerSe's own figures, as they come with the program.</summary>
    public static Reference Verse() => Embedded("reference/");

    /// <summary>The figures of the generated sample dataset, as if its makers had published them before a slip in one of its masks.</summary>
    public static Reference Sample() => Embedded("reference/sample/");

    [SuppressMessage("ApiDesign", "RS0030", Justification = "texts inside this assembly, not files")]
    private static Reference Embedded(string folder)
    {
        Dictionary<string, string> texts = [];
        foreach (string name in FileNames)
        {
            using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(folder + name);
            if (stream is null) continue;
            using StreamReader reader = new(stream);
            texts.Add(name, reader.ReadToEnd());
        }
        return Parse(texts);
    }

    /// <summary>Reads a reference from the texts of its files, by file name; other names are ignored.</summary>
    /// <exception cref="FormatException">A file is not what it should be; the message names it, the place and the fault.</exception>
    internal static Reference Parse(IReadOnlyDictionary<string, string> texts)
    {
        LabelFile? labels = Read(texts, FileNames[0], ReferenceJson.Default.LabelFile);
        FigureFile? figures = Read(texts, FileNames[1], ReferenceJson.Default.FigureFile);
        ScanFile? scans = Read(texts, FileNames[2], ReferenceJson.Default.ScanFile);
        ContradictionFile? contradictions = Read(texts, FileNames[3], ReferenceJson.Default.ContradictionFile);
        ClinicalFigureFile? clinical = Read(texts, FileNames[4], ReferenceJson.Default.ClinicalFigureFile);
        foreach (ClinicalFigure figure in clinical?.Figures ?? [])
            if (ClinicalCells.RoleOf(figure.Metric) is null) throw new FormatException($"{FileNames[4]}: {figure.Metric} is no clinical metric.");
        if (labels is null && figures is null && scans is null)
            throw new FormatException($"A reference needs at least one of {string.Join(", ", FileNames.Take(3))}.");
        foreach (PublishedLabel row in labels?.Labels ?? [])
            if (!VertebraLabel.IsKnown(row.Label) || row.Vertebra != VertebraLabel.Name(row.Label))
                throw new FormatException($"{FileNames[0]}: label {row.Label} is not {row.Vertebra}.");
        Once(FileNames[0], (labels?.Labels ?? []).Select(row => $"label {row.Label}"));
        Once(FileNames[1], (figures?.Figures ?? []).Select(figure => $"{figure.Dataset}, {figure.Split}, {figure.Metric}"));
        Once(FileNames[2], (scans?.Folders ?? []).SelectMany(folder => folder.ScanKeys));
        Once(FileNames[3], (contradictions?.Contradictions ?? []).Select(contradiction => contradiction.Id));
        Once(FileNames[4], (clinical?.Figures ?? []).Select(figure => $"{figure.Dataset}, {figure.Split}, {figure.Metric}"));
        return new Reference(
            labels is null ? null : new PublishedLabelTable(labels.Dataset, labels.Split, labels.Labels),
            figures?.Figures ?? [], scans?.Folders ?? [], contradictions?.Contradictions ?? [])
        {
            Clinical = clinical?.Figures ?? [],
        };
    }

    private static T? Read<T>(IReadOnlyDictionary<string, string> texts, string name, JsonTypeInfo<T> type) where T : class
    {
        if (!texts.TryGetValue(name, out string? text)) return null;
        try
        {
            return JsonSerializer.Deserialize(text, type) ?? throw new FormatException($"{name}: null where an object should be.");
        }
        catch (JsonException bad)
        {
            throw new FormatException($"{name}, line {(bad.LineNumber ?? 0) + 1}: {bad.Message}", bad);
        }
    }

    private static void Once(string name, IEnumerable<string> keys)
    {
        string? twice = keys.CountBy(key => key).FirstOrDefault(pair => pair.Value > 1).Key;
        if (twice is not null) throw new FormatException($"{name}: {twice} stands there twice.");
    }
}
