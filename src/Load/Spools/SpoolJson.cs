using System.Text.Json.Serialization;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Load.Spools;

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(Finding[]))]
internal sealed partial class SpoolJson : JsonSerializerContext;
