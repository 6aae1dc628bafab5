using System.Text.Json;
using System.Text.Json.Serialization;

namespace VerseEtl.Transform.Cohort;

internal sealed record LabelFile(string Dataset, string Split, IReadOnlyList<PublishedLabel> Labels, string? Source = null);

internal sealed record FigureFile(IReadOnlyList<PublishedFigure> Figures, string? Source = null);

internal sealed record ScanFile(IReadOnlyList<PublishedFolder> Folders, string? Source = null);

internal sealed record ClinicalFigureFile(IReadOnlyList<ClinicalFigure> Figures, string? Source = null);

internal sealed record ContradictionFile(IReadOnlyList<Contradiction> Contradictions, string? Source = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip, MaxDepth = 8, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LabelFile))]
[JsonSerializable(typeof(FigureFile))]
[JsonSerializable(typeof(ScanFile))]
[JsonSerializable(typeof(ContradictionFile))]
[JsonSerializable(typeof(ClinicalFigureFile))]
internal sealed partial class ReferenceJson : JsonSerializerContext;
