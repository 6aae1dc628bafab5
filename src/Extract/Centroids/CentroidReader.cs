using System.Globalization;
using System.Text.Json;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Geometry;
using VerseEtl.Transform.Labels;

namespace VerseEtl.Extract.Centroids;

/// <summary>
/// Parses one centroid file. Entries that cannot be used are dropped one by one; axes are never guessed. Notes name entries by their
/// place in the list (from 0) and labels by number, and never repeat the file's text, which may name a person.
/// </summary>
internal sealed class CentroidReader
{
    private const int Deepest = 8, MostEntries = 200;

    // label = subregion * 256 + vertebra
    private const int LabelsPerSubregion = 256, BodySubregion = 50;
    private const string BodyName = "Vertebra_Corpus", BodyWord = "WK";

    // the longest axis of any volume that is read; beyond it a point's millimetres and distances would no longer be exact
    private const double FarthestVoxel = 1_000_000;

    private const long AnotherPlace = long.MinValue;

    private readonly List<FileNote> _notes = [];
    private readonly SortedDictionary<int, Vector3d> _points = [];
    private readonly SortedSet<int> _repeated = [], _notFinite = [];
    private readonly List<string> _unusable = [];
    private readonly List<int> _textLabels = [], _otherKeys = [];
    private readonly SortedSet<long> _unknownLabels = [];
    private readonly List<(int Entry, JsonElement Value)> _directions = [];

    // what TPTBox writes: points of other places by their number of entries, the kind of file, and the grid
    private readonly CentroidGrid _grid = new();
    private string? _form, _world;
    private int _otherPlaces;
    private bool _oldForm;

    public static CentroidFile Read(ReadOnlySpan<byte> bytes)
    {
        JsonDefect defect = TolerantJson.Parse(bytes, CentroidFile.LongestBytes, Deepest, out JsonDocument? document, out bool marked);
        using (document)
        {
            if (document is null) throw Void(defect, bytes.Length);
            CentroidReader reader = new();
            if (marked) reader._notes.Add(new FileNote(Faults.CtdBom, "encoding", "UTF-8 with a byte order mark", "UTF-8"));
            return reader.ReadList(document.RootElement);
        }
    }

    private static BadFileException Void(JsonDefect defect, int length) => defect switch
    {
        JsonDefect.Empty => new BadFileException(Faults.CtdEmpty, "length", "0 bytes", "a JSON list"),
        JsonDefect.TooBig => new BadFileException(Faults.CtdTooBig, "length",
            $"more than {Number(CentroidFile.LongestBytes)} bytes", $"at most {Number(CentroidFile.LongestBytes)}"),
        JsonDefect.TooDeep => new BadFileException(Faults.CtdTooBig, "depth", $"more than {Number(Deepest)}", $"at most {Number(Deepest)}"),
        JsonDefect.NotUtf8 => new BadFileException(Faults.CtdEncoding, "encoding", "UTF-16 or other bytes", "UTF-8"),
        JsonDefect.DuplicateKey => new BadFileException(Faults.CtdDupKey, "key", "a key twice in one entry", "each key once"),
        _ => new BadFileException(Faults.CtdNotJson, "content", $"{Number(length)} bytes that do not parse", "a JSON list"),
    };

    private CentroidFile ReadList(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Array) throw new BadFileException(Faults.CtdType, "root", Kind(root), "a list");
        int count = root.GetArrayLength();
        if (count > MostEntries) throw new BadFileException(Faults.CtdTooBig, "entries", Number(count), $"at most {Number(MostEntries)}");
        int place = 0;
        foreach (JsonElement entry in root.EnumerateArray()) ReadEntry(place++, entry);
        if (_oldForm && _directions.Count == 0)
            throw new BadFileException(Faults.CtdFormat, "vert_label",
                "TPTBox's old list of vert_label texts, on a 1 mm grid it does not describe", "a direction");
        CentroidGrid grid = _grid;
        Orientation direction = _directions.Count == 0 && _world is not null ? InWorld(out grid) : ReadDirection();
        foreach (int label in _repeated) _points.Remove(label);
        CollectNotes();
        return new CentroidFile(direction, grid, _form is null ? "a grid of" : $"TPTBox's form {_form}, a grid of", _points, _notes);
    }

    /// <summary>Points in millimetres of the world: nibabel's axes run to R, A, S, ITK's to L, P, S.</summary>
    private Orientation InWorld(out CentroidGrid grid)
    {
        double side = _world == "itk" ? -1 : 1;
        grid = CentroidGrid.World(side);
        return Orientation.TryParse(side < 0 ? "LPS" : "RAS", out Orientation axes) ? axes : throw new InvalidOperationException("Both are orientations.");
    }

    private void ReadEntry(int place, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            _unusable.Add($"entry {Number(place)} is {Kind(entry)}");
            return;
        }
        JsonElement? label = null;
        Span<double?> coordinates = [null, null, null];
        bool anyCoordinate = false, badCoordinate = false, nonFinite = false, direction = false, others = false, header = false;
        List<JsonProperty> nested = [];
        foreach (JsonProperty property in entry.EnumerateObject())
        {
            int axis = property.NameEquals("X"u8) ? 0 : property.NameEquals("Y"u8) ? 1 : property.NameEquals("Z"u8) ? 2 : -1;
            if (axis >= 0)
            {
                anyCoordinate = true;
                coordinates[axis] = Coordinate(property.Value, ref nonFinite, ref badCoordinate);
            }
            else if (property.NameEquals("label"u8)) label = property.Value;
            else if (property.NameEquals("direction"u8))
            {
                _directions.Add((place, property.Value));
                direction = true;
            }
            else if (ReadHeaderKey(property)) header = true;
            else if (property.Value.ValueKind == JsonValueKind.Object) nested.Add(property);
            else if (property.NameEquals("vert_label"u8)) _oldForm = true;
            else others = true;
        }
        if (label is null && !anyCoordinate && !direction && nested.Count > 0)
        {
            foreach (JsonProperty vertebra in nested) ReadPlaces(place, vertebra);
            return;
        }
        if (others || nested.Count > 0) _otherKeys.Add(place);
        if (label is null && !anyCoordinate)
        {
            if (!direction && !others && !header && !_oldForm) _unusable.Add($"entry {Number(place)} is empty");
            return;
        }
        if (label is not { } written || ReadLabel(place, written) is not { } number) _unusable.Add($"entry {Number(place)} has no whole number as label");
        else if (number == AnotherPlace) _otherPlaces++;
        else if (!VertebraLabel.IsKnown(number)) _unknownLabels.Add(number);
        else if (badCoordinate) _unusable.Add($"entry {Number(place)} has a coordinate that is no number or beyond any volume");
        else if (nonFinite) _notFinite.Add((int)number);
        else if (coordinates is not [{ } x, { } y, { } z]) _unusable.Add($"entry {Number(place)} lacks a coordinate");
        else if (!_points.TryAdd((int)number, new Vector3d(x, y, z))) _repeated.Add((int)number);
    }

    /// <summary>Null stands for the non-finite tokens too; System.Text.Json reads 1e999 as infinity.</summary>
    private static double? Coordinate(JsonElement value, ref bool nonFinite, ref bool bad)
    {
        if (value.ValueKind == JsonValueKind.Null) nonFinite = true;
        else if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number)) bad = true;
        else if (!double.IsFinite(number)) nonFinite = true;
        else if (Math.Abs(number) > FarthestVoxel) bad = true;
        else return number;
        return null;
    }

    /// <summary>True if the key describes the file or its grid.</summary>
    private bool ReadHeaderKey(JsonProperty property)
    {
        if (_grid.TryTake(property)) return true;
        if (property.NameEquals("format"u8)) _form = KnownForm(TolerantJson.Text(property.Value));
        else if (property.NameEquals("coordinate_system"u8)) _world = TolerantJson.Text(property.Value) is "itk" ? "itk" : "nib";
        else return property.NameEquals("level_one_info"u8) || property.NameEquals("level_two_info"u8);
        return true;
    }

    // the file's own text is never repeated
    private static string? KnownForm(string? form) => form is "docker" or "guber" or "gruber" or "POI" or "POI_GLOBAL" or "POINT_LIST" ? form : null;

    /// <summary>The points of one vertebra by the names or numbers of their places, of which the body counts.</summary>
    private void ReadPlaces(int place, JsonProperty vertebra)
    {
        int? label = LabelOf(vertebra.Name);
        foreach (JsonProperty point in vertebra.Value.EnumerateObject())
        {
            if (point.Name is not BodyName && point.Name != Number(BodySubregion))
            {
                _otherPlaces++;
                continue;
            }
            bool nonFinite = false, bad = point.Value.ValueKind != JsonValueKind.Array || point.Value.GetArrayLength() != 3;
            double?[] at = bad ? [] : [.. point.Value.EnumerateArray().Select(item => Coordinate(item, ref nonFinite, ref bad))];
            if (label is not int known) _otherPlaces++;
            else if (bad) _unusable.Add($"a point of entry {Number(place)} is no list of three numbers");
            else if (nonFinite) _notFinite.Add(known);
            else if (!_points.TryAdd(known, new Vector3d(at[0]!.Value, at[1]!.Value, at[2]!.Value))) _repeated.Add(known);
        }
    }

    /// <summary>`T10`, `TH10`, `S1`, `17`; null for anything else.</summary>
    private static int? LabelOf(string name)
    {
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return VertebraLabel.IsKnown(number) ? number : null;
        string vertebra = name.Replace("TH", "T", StringComparison.Ordinal);
        if (vertebra is "S1" or "SA") return VertebraLabel.Sacrum;
        if (vertebra is "Cocc") return VertebraLabel.Coccyx;
        return VertebraLabel.Anatomical.Select(label => (int?)label).FirstOrDefault(label => VertebraLabel.Name(label!.Value) == vertebra);
    }

    /// <summary>The vertebra's label if the point is that of its body; <see cref="AnotherPlace"/> if it is another one; null if it is no label.</summary>
    private long? ReadLabel(int place, JsonElement value)
    {
        string? text = TolerantJson.Text(value);
        if (text is { Length: <= 9 } && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int digits))
        {
            _textLabels.Add(place);
            return Body(digits);
        }
        if (text?.IndexOf('_', StringComparison.Ordinal) is > 0 and int dash && LabelOf(text[..dash]) is int named)
            return text[(dash + 1)..] == BodyWord ? named : AnotherPlace;
        bool whole = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number)
            && Math.Abs(number) < 1L << 53 && Math.Floor(number) == number;
        return whole ? Body((long)value.GetDouble()) : null;

        static long Body(long label) => label < LabelsPerSubregion || !VertebraLabel.IsKnown(label % LabelsPerSubregion) ? label
            : label / LabelsPerSubregion == BodySubregion ? label % LabelsPerSubregion
            : AnotherPlace;
    }

    private Orientation ReadDirection()
    {
        if (_directions.Count == 0) throw new BadFileException(Faults.CtdNoDirection, "direction", "none", "three letters such as P, I, R");
        if (_directions.Count > 1) throw new BadFileException(Faults.CtdAxes, "direction", $"{Number(_directions.Count)} directions", "one direction");
        (int place, JsonElement value) = _directions[0];
        string? letters = Letters(value);
        if (letters is null || !Orientation.TryParse(letters.ToUpperInvariant(), out Orientation direction))
            throw new BadFileException(Faults.CtdAxes, "direction", letters ?? Kind(value), "one letter each of L/R, P/A, I/S");
        if (letters.Any(char.IsAsciiLetterLower)) _notes.Add(new FileNote(Faults.CtdAxesCase, "direction", letters, direction.Codes));
        if (place != 0) _notes.Add(new FileNote(Faults.CtdDirectionPlace, "direction", $"entry {Number(place)}", "entry 0"));
        return direction;
    }

    /// <summary>["P", "I", "R"] or "PIR" as three ASCII letters; null for anything else.</summary>
    private static string? Letters(JsonElement value)
    {
        string? letters = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 3
            ? string.Concat(value.EnumerateArray().Select(letter => TolerantJson.Text(letter) is { Length: 1 } one ? one : "?"))
            : TolerantJson.Text(value);
        return letters is { Length: 3 } && letters.All(char.IsAsciiLetter) ? letters : null;
    }

    private void CollectNotes()
    {
        if (_notFinite.Count > 0) _notes.Add(new FileNote(Faults.CtdNan, "X, Y, Z", $"labels {Listed(_notFinite)}", "finite numbers"));
        if (_repeated.Count > 0) _notes.Add(new FileNote(Faults.CtdDupLabel, "label", $"labels {Listed(_repeated)}", "each label once"));
        if (_unusable.Count > 0) _notes.Add(new FileNote(Faults.CtdType, "entry", string.Join(", ", _unusable), "a whole label and numbers X, Y, Z"));
        if (_textLabels.Count > 0) _notes.Add(new FileNote(Faults.CtdLabelText, "label", $"text in entries {Listed(_textLabels)}", "a number"));
        if (_otherKeys.Count > 0) _notes.Add(new FileNote(Faults.CtdUnknownKey, "key", $"other keys in entries {Listed(_otherKeys)}", "label, X, Y, Z"));
        if (_otherPlaces > 0)
            _notes.Add(new FileNote(Faults.CtdSubregion, "subregion", $"{Number(_otherPlaces)} other points",
                $"{Number(BodySubregion)}, the body", _points.Count == 0 ? Severity.Warning : Severity.Info));
        if (_unknownLabels.Count > 0) _notes.Add(new FileNote(Faults.CtdLabelUnknown, "label range", $"labels {Listed(_unknownLabels)}", "1 to 28"));
    }

    private static string Listed<T>(IEnumerable<T> numbers) where T : IFormattable =>
        string.Join(", ", numbers.Select(number => number.ToString(null, CultureInfo.InvariantCulture)));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };
}
