using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VerseEtl.Host;

/// <summary>JSON for machines: snake_case names as in the tables, enumerations as words, infinite and missing numbers never.</summary>
public static class Json
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Default,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private static readonly JsonSerializerOptions OneLine = new(Options)
    {
        WriteIndented = false,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>The same on one line.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, OneLine);

    /// <summary>What <see cref="Text"/> or <see cref="Line"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static T? Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Options);

    /// <summary>The same as an object that more can be put into.</summary>
    public static JsonObject Node(object value) => JsonSerializer.SerializeToNode(value, Options)!.AsObject();

    /// <summary>What a command answers, an object with at least one name, with the exit code put before it.</summary>
    public static string Answer(int exitCode, object answer) => WithCode(exitCode, Text(answer));

    /// <summary>Writes the same, and of lists no more is held than one item.</summary>
    public static void WriteAnswer(TextWriter writer, int exitCode, object answer)
    {
        using AnswerStream stream = new(writer, exitCode);
        JsonSerializer.Serialize(stream, answer, Options);
    }

    /// <summary>The same of an object that is text already.</summary>
    public static string WithCode(int exitCode, string text) => Invariant($"{{\n  \"exit_code\": {exitCode},{text[1..]}");
}
