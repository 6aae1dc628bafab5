using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace VerseEtl.Host.Configuration;

/// <summary>
/// A value of the file with its place. Exactly one of <see cref="Text"/>, <see cref="Entries"/> and <see cref="Items"/> is set, none for null.
/// </summary>
public sealed record YamlValue(int Line, int Column)
{
    public string? Text { get; init; }

    /// <summary>Written in quotes or as a block, so a text and never a number, a flag or null.</summary>
    public bool Quoted { get; init; }
    public IReadOnlyList<YamlEntry>? Entries { get; init; }
    public IReadOnlyList<YamlValue>? Items { get; init; }

    public bool IsNull => Entries is null && Items is null && !Quoted && Text is null or "" or "~" or "null";

    public string Kind => Entries is not null ? "a mapping" : Items is not null ? "a list" : IsNull ? "nothing" : $"'{Text}'";
}

/// <summary>One key of a mapping with its place.</summary>
public sealed record YamlEntry(string Key, int Line, int Column, YamlValue Value);

/// <summary>
/// Reads the plain part of YAML that a configuration needs: mappings, lists and scalars of one document. Anchors, aliases, tags and merge
/// keys are refused, since each lets a short file mean something long or surprising.
/// </summary>
public static class YamlTree
{
    public const int LargestFile = 256 * 1024;
    public const int Deepest = 20;

    private static readonly string[] SecretKeys = ["password", "passwd", "secret",
        "token", "api_key", "apikey", "access_key", "private_key", "connection_string"];

    /// <returns>The root, or null where the text cannot be read at all; problems are added in the order of the file.</returns>
    public static YamlValue? Parse(string text, Problems problems)
    {
        Parser parser = new(new Scanner(new StringReader(text), skipComments: true));
        try
        {
            parser.Consume<StreamStart>();
            if (!parser.TryConsume<DocumentStart>(out _))
            {
                problems.Add(1, 1, ConfigCodes.Missing, "the file is empty; expected 'version' and 'pipelines'");
                return null;
            }
            YamlValue? root = Value(parser, 0, problems);
            if (root is null) return null;
            parser.Consume<DocumentEnd>();
            if (parser.TryConsume<DocumentStart>(out DocumentStart? second))
                problems.Add(second!, ConfigCodes.Depth, "a second document; expected one");
            return root;
        }
        catch (YamlException error)
        {
            problems.Add((int)error.Start.Line, (int)error.Start.Column, ConfigCodes.Syntax, $"not valid YAML: {error.Message}");
            return null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // on some broken texts the parser fails with exceptions of its own making that have no place
            problems.Add((int)(parser.Current?.End.Line ?? 1), (int)(parser.Current?.End.Column ?? 1), ConfigCodes.Syntax, "not valid YAML near here");
            return null;
        }
    }

    private static YamlValue? Value(Parser parser, int depth, Problems problems)
    {
        ParsingEvent start = parser.Current ?? throw new YamlException("unexpected end");
        if (depth > Deepest)
        {
            problems.Add(start, ConfigCodes.Depth, $"nested deeper than {Deepest} levels");
            return null;
        }
        if (start is NodeEvent node)
        {
            if (!node.Anchor.IsEmpty) problems.Add(start, ConfigCodes.Depth, "anchors are not allowed; write the value out");
            if (!node.Tag.IsEmpty) problems.Add(start, ConfigCodes.Depth, "tags are not allowed; write the plain value");
        }
        YamlValue place = new((int)start.Start.Line, (int)start.Start.Column);
        parser.MoveNext();
        switch (start)
        {
            case AnchorAlias:
                problems.Add(start, ConfigCodes.Depth, "aliases are not allowed; write the value out");
                return place;
            case Scalar scalar:
                return place with { Text = scalar.Value, Quoted = scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) };
            case SequenceStart:
                List<YamlValue> items = [];
                while (!parser.TryConsume<SequenceEnd>(out _))
                {
                    if (Value(parser, depth + 1, problems) is not YamlValue item) return null;
                    items.Add(item);
                }
                return place with { Items = items };
            case MappingStart:
                return Mapping(parser, place, depth, problems);
            default:
                throw new YamlException(start.Start, start.End, "unexpected content");
        }
    }

    private static YamlValue? Mapping(Parser parser, YamlValue place, int depth, Problems problems)
    {
        List<YamlEntry> entries = [];
        Dictionary<string, YamlEntry> seen = new(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            ParsingEvent at = parser.Current!;
            if (Value(parser, depth + 1, problems) is not YamlValue key) return null;
            if (Value(parser, depth + 1, problems) is not YamlValue value) return null;
            if (key.Text is null)
            {
                problems.Add(at, ConfigCodes.Type, $"a key must be a text, found {key.Kind}");
                continue;
            }
            YamlEntry entry = new(key.Text, key.Line, key.Column, value);
            if (key.Text == "<<") problems.Add(at, ConfigCodes.Depth, "merge keys are not allowed; write the values out");
            else if (!seen.TryAdd(key.Text, entry))
                problems.Add(at, ConfigCodes.DuplicateKey, $"'{key.Text}' stands here and in line {seen[key.Text].Line}; keep one");
            else if (IsSecret(entry))
                problems.Add(at, ConfigCodes.SecretInline, "a secret does not belong in this file; give it in the environment");
            else entries.Add(entry);
        }
        return place with { Entries = entries };
    }

    private static bool IsSecret(YamlEntry entry)
    {
        if (entry.Value.Text is not { Length: > 0 } value) return false;
        if (SecretKeys.Any(word => entry.Key.Contains(word, StringComparison.OrdinalIgnoreCase))) return true;
        return value.Contains("password=", StringComparison.OrdinalIgnoreCase) || value.Contains("pwd=", StringComparison.OrdinalIgnoreCase)
            || (Uri.TryCreate(value, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Contains(':', StringComparison.Ordinal));
    }
}
