using System.Text.RegularExpressions;
using VerseEtl.Extract.Clinical;
using VerseEtl.Host.Objects;
using VerseEtl.Load.Tables;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Configuration;

/// <summary>Reads `source.clinical`: which CSV files, joined by what, and which of their columns.</summary>
internal sealed partial class ClinicalFiles(Func<string, string> absolute, Problems problems)
{
    private static readonly string[] Keys = [ClinicalFile.SeriesId, ClinicalFile.SubjectId];

    private readonly HashSet<string> _files = new(StringComparer.Ordinal), _columns = new(StringComparer.Ordinal), _roles = new(StringComparer.Ordinal);

    public IReadOnlyList<ClinicalFile> Read(YamlMapping source)
    {
        if (source.Mappings("clinical") is not IReadOnlyList<YamlMapping> maps) return [];
        if (source.Find("clinical") is { Items.Count: 0 } empty)
            problems.Add(empty, ConfigCodes.Missing, "'clinical' names no file; leave it out");
        return [.. maps.Select(ReadFile).OfType<ClinicalFile>()];
    }

    private ClinicalFile? ReadFile(YamlMapping map)
    {
        string? path = map.Text("path"), key = Word(map, "key", Keys);
        if (path is null) map.Missing("path");
        else if (ObjectUrl.IsMeant(path))
            problems.Add(map.Find("path")!, ConfigCodes.Range, "a clinical file is a file of this machine; copy it beside this one");
        if (map.Find("key") is null) map.Missing("key");
        string header = map.Text("key_column", key ?? "")!, delimiter = map.Text("delimiter", ",")!;
        if (delimiter is not ("," or ";" or "\t" or "|"))
            problems.Add(map.Find("delimiter")!, ConfigCodes.Range, @"'delimiter' must be ',', ';', '|' or ""\t""");
        // findings and tables hold no absolute path
        string? name = path is null ? null : Path.IsPathRooted(path) ? Path.GetFileName(path) : path;
        if (name is not null && !_files.Add(name)) problems.Add(map.Find("path")!, ConfigCodes.Range, $"a file called '{name}' stands here already");
        IReadOnlyList<YamlMapping>? columns = map.Mappings("columns");
        if (columns is null or { Count: 0 }) map.Missing("columns");
        if (columns is { Count: 0 }) problems.Add(map.Node, ConfigCodes.Missing, "'columns' names no column");
        ClinicalColumn?[] read = [.. (columns ?? []).Select(column => ReadColumn(column, name ?? ""))];
        map.RefuseOthers();
        if (path is null || key is null) return null;
        return new ClinicalFile
        {
            Path = absolute(path),
            Name = name!,
            Key = key,
            KeyHeader = header,
            Delimiter = delimiter[0],
            Columns = [.. read.OfType<ClinicalColumn>()],
        };
    }

    private ClinicalColumn? ReadColumn(YamlMapping map, string file)
    {
        string? name = map.Text("name"), type = Word(map, "type", ClinicalTypes.All), meaning = map.Text("meaning"), unit = map.Text("unit");
        string? role = Word(map, "role", ClinicalRoles.All);
        foreach (string key in new[] { "name", "type", "meaning" })
            if (map.Find(key) is null) map.Missing(key);
        string header = map.Text("column", name ?? "")!;
        if (name is not null && !ColumnPattern().IsMatch(name))
            problems.Add(map.Find("name")!, ConfigCodes.Range, $"'{name}' is no column name; use 1 to 63 of a-z, 0-9 and '_', a letter first");
        else if (name is not null && ClinicalSchema.ReservedNames.Contains(name))
            problems.Add(map.Find("name")!, ConfigCodes.Range, $"'{name}' is a key of the published tables; give the column another name");
        else if (name is not null && !_columns.Add(name))
            problems.Add(map.Find("name")!, ConfigCodes.Range, $"a column '{name}' stands here already");
        if (role is not null && type is not null && !ClinicalRoles.TypesOf(role).Contains(type))
            problems.Add(map.Find("role")!, ConfigCodes.Range, $"a column with the role '{role}' must be {string.Join(" or ", ClinicalRoles.TypesOf(role))}");
        if (role is not null and not ClinicalRoles.FractureGrade && !_roles.Add(role))
            problems.Add(map.Find("role")!, ConfigCodes.Range, $"another column has the role '{role}' already");
        map.RefuseOthers();
        return name is null || type is null || meaning is null ? null
            : new ClinicalColumn(name, type, meaning) { File = file, Header = header, Unit = unit, Role = role };
    }

    private string? Word(YamlMapping map, string key, IReadOnlyCollection<string> known)
    {
        string? word = map.Text(key);
        if (word is null || known.Contains(word)) return word;
        problems.Add(map.Find(key)!, ConfigCodes.Range, $"'{key}' must be one of {string.Join(", ", known)}, found '{word}'{NearestName.Hint(word, known)}");
        return null;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex ColumnPattern();
}
