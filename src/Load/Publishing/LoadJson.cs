using System.Text.Json.Serialization;

namespace VerseEtl.Load.Publishing;

/// <summary>How Load's own files are written: snake_case, indented, nulls kept, the same object always the same bytes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Commit))]
[JsonSerializable(typeof(CommitFormat))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(Hold))]
[JsonSerializable(typeof(Proven))]
internal sealed partial class LoadJson : JsonSerializerContext;
