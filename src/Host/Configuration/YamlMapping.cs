using System.Globalization;

namespace VerseEtl.Host.Configuration;

/// <summary>
/// Reads the keys of one mapping by name and type. A wrong value is reported and its default returned, so that reading goes on and finds
/// the rest; <see cref="RefuseOthers"/> reports every key that nobody asked for.
/// </summary>
public sealed class YamlMapping(YamlValue node, string name, Problems problems)
{
    private readonly Dictionary<string, YamlEntry> _entries = (node.Entries ?? []).ToDictionary(entry => entry.Key, StringComparer.Ordinal);
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    public YamlValue Node => node;
    public string Name => name;
    public IReadOnlyCollection<YamlEntry> Entries => _entries.Values;

    /// <summary>The keys that were asked for.</summary>
    public IReadOnlySet<string> Known => _known;

    public YamlValue? Find(string key)
    {
        _known.Add(key);
        return _entries.TryGetValue(key, out YamlEntry? entry) && !entry.Value.IsNull ? entry.Value : null;
    }

    public string? Text(string key, string? otherwise = null)
    {
        if (Find(key) is not YamlValue value) return otherwise;
        if (value.Text is { Length: > 0 } text) return text;
        problems.Add(value, ConfigCodes.Type, $"'{key}' must be a text, found {(value.Text is null ? value.Kind : "an empty one")}");
        return otherwise;
    }

    public bool Flag(string key, bool otherwise)
    {
        if (Find(key) is not YamlValue value) return otherwise;
        if (!value.Quoted && value.Text is "true" or "false") return value.Text == "true";
        problems.Add(value, ConfigCodes.Type, $"'{key}' must be true or false, found {value.Kind}");
        return otherwise;
    }

    public long Whole(string key, long otherwise, long least, long most, string code = ConfigCodes.Range)
    {
        if (Find(key) is not YamlValue value) return otherwise;
        if (value.Quoted || !long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
        {
            problems.Add(value, ConfigCodes.Type, $"'{key}' must be a whole number, found {value.Kind}");
            return otherwise;
        }
        if (number >= least && number <= most) return number;
        problems.Add(value, code, Invariant($"'{key}' must be {least} to {most}, found {number}"));
        return otherwise;
    }

    public double Percent(string key, double otherwise)
    {
        if (Find(key) is not YamlValue value) return otherwise;
        if (value.Quoted || !double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            problems.Add(value, ConfigCodes.Type, $"'{key}' must be a number, found {value.Kind}");
        else if (number is >= 0 and <= 100) return number;
        else problems.Add(value, ConfigCodes.Range, $"'{key}' must be 0 to 100 (percent), found {value.Text}");
        return otherwise;
    }

    public YamlMapping? Mapping(string key)
    {
        if (Find(key) is not YamlValue value) return null;
        if (value.Entries is not null) return new YamlMapping(value, key, problems);
        problems.Add(value, ConfigCodes.Type, $"'{key}' must be a mapping, found {value.Kind}");
        return null;
    }

    /// <returns>Null where the key is absent.</returns>
    public IReadOnlyList<YamlMapping>? Mappings(string key)
    {
        if (Find(key) is not YamlValue value) return null;
        if (value.Items is null)
        {
            problems.Add(value, ConfigCodes.Type, $"'{key}' must be a list, found {value.Kind}");
            return null;
        }
        foreach (YamlValue item in value.Items.Where(item => item.Entries is null))
            problems.Add(item, ConfigCodes.Type, $"an item of '{key}' must be a mapping, found {item.Kind}");
        return [.. value.Items.Where(item => item.Entries is not null).Select(item => new YamlMapping(item, key, problems))];
    }

    /// <summary>Reports that a required key is missing, at the mapping that should hold it.</summary>
    public void Missing(string key)
    {
        // a key that is there but of the wrong type has been reported as that
        if (_entries.TryGetValue(key, out YamlEntry? entry) && !entry.Value.IsNull) return;
        problems.Add(node, ConfigCodes.Missing, $"'{name}' needs '{key}'");
    }

    public void RefuseOthers()
    {
        foreach (YamlEntry entry in _entries.Values.Where(entry => !_known.Contains(entry.Key)))
            problems.Add(entry.Line, entry.Column, ConfigCodes.UnknownKey, $"'{entry.Key}' is no key of '{name}'{NearestName.Hint(entry.Key, _known)}");
    }
}
