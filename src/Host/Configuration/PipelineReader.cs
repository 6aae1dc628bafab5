using System.Globalization;
using VerseEtl.Extract;
using VerseEtl.Extract.Clinical;
using VerseEtl.Extract.Tree;
using VerseEtl.Host.Objects;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Quality;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.Configuration;

/// <summary>Reads the pipelines of one file; remembers which warehouses are taken.</summary>
internal sealed class PipelineReader(string folder, TimeProvider time, Problems problems)
{
    private readonly Dictionary<string, string> _warehouses = new(StringComparer.Ordinal);
    private readonly List<(ObjectUrl Url, string Pipeline)> _copies = [];

    public Pipeline? Read(YamlMapping map)
    {
        string? description = map.Text("description");
        YamlMapping? sourceMap = map.Mapping("source");
        if (sourceMap is null) map.Missing("source");
        Source? source = sourceMap is null ? null : ReadSource(sourceMap);
        ReadingLimits reading = ReadLimits(map.Mapping("reading"));
        string reference = ReadReference(map, source);
        int parallelism = (int)map.Whole("parallelism", 0, 0, 1024);
        bool pictures = map.Flag("pictures", true);
        PublishThresholds thresholds = ReadThresholds(map.Mapping("thresholds"));
        YamlMapping? loadMap = map.Mapping("load");
        if (loadMap is null) map.Missing("load");
        Destination? load = loadMap is null ? null : ReadDestination(loadMap, map.Name, source);
        Schedule? schedule = map.Mapping("schedule") is YamlMapping scheduleMap ? ScheduleReader.Read(scheduleMap, time, problems) : null;
        IReadOnlyList<Notify> notify = NotifyReader.Read(map, folder, problems);
        map.RefuseOthers();
        if (source is null || load is null) return null;
        return new Pipeline
        {
            Name = map.Name,
            Description = description,
            Source = source,
            Reading = reading with { FollowLinks = source.Tree.FollowLinks, Pictures = pictures },
            Reference = reference,
            Parallelism = parallelism,
            Thresholds = thresholds,
            Load = load,
            Schedule = schedule,
            Notify = notify,
        };
    }

    private Source? ReadSource(YamlMapping map)
    {
        string? path = map.Text("path"), sample = map.Text("sample");
        bool both = map.Find("path") is not null && map.Find("sample") is not null;
        if (both) problems.Add(map.Find("sample")!, ConfigCodes.Range, "'path' and 'sample' exclude each other; keep one");
        else if (path is null && sample is null && map.Find("sample") is null) map.Missing("path");
        TreeOptions defaults = new();
        TreeOptions tree = defaults with
        {
            FollowLinks = map.Flag("follow_links", defaults.FollowLinks),
            MaxEntries = (int)map.Whole("max_entries", defaults.MaxEntries, 1, 10_000_000),
            MaxDepth = (int)map.Whole("max_depth", defaults.MaxDepth, 1, 64),
            Licence = map.Text("licence"),
            Dataset = ReadDataset(map),
            Labels = ReadLabels(map),
            Exclude = map.Mappings("exclude") is { Count: > 0 } entries ? [.. entries.Select(ReadExclusion).OfType<Exclusion>()] : defaults.Exclude,
        };
        bool requireMount = map.Flag("require_mount", false);
        IReadOnlyList<FolderSpec>? folders = map.Mappings("folders")?.Select(ReadFolder).OfType<FolderSpec>().ToList();
        if (folders is { Count: 0 } && map.Find("folders") is { Items.Count: 0 } empty)
            problems.Add(empty, ConfigCodes.Missing, "'folders' names no folder; leave it out to find VerSe's six by name");
        if (folders is { Count: > 0 } && tree.Dataset is not null)
            problems.Add(map.Find("dataset")!, ConfigCodes.Range, "'dataset' and 'folders' exclude each other; keep one");
        IReadOnlyList<ClinicalFile> clinical = new ClinicalFiles(Absolute, problems).Read(map);
        map.RefuseOthers();
        if ((path ?? sample) is not string place) return null;
        if (ObjectUrl.IsMeant(place))
        {
            YamlValue at = map.Find(path is null ? "sample" : "path")!;
            if (path is null) problems.Add(at, ConfigCodes.Range, "a sample dataset is made in a folder of this machine");
            if (ReadUrl(at, place) is not ObjectUrl url) return null;
            place = url.ToString();
            if (tree.FollowLinks)
                problems.Add(map.Find("follow_links")!, ConfigCodes.Range, "there are no links in an object store; leave 'follow_links' out");
            if (requireMount) problems.Add(map.Find("require_mount")!, ConfigCodes.Range, "an object store is not mounted; leave 'require_mount' out");
        }
        return new Source
        {
            Path = ObjectUrl.IsMeant(place) ? place : Absolute(place),
            IsSample = sample is not null,
            Folders = folders,
            RequireMount = requireMount,
            Tree = tree,
            Clinical = clinical,
        };
    }

    private ObjectUrl? ReadUrl(YamlValue at, string text)
    {
        if (ObjectUrl.Objection(text, out bool secret) is not string objection) return ObjectUrl.Of(text);
        problems.Add(at, secret ? ConfigCodes.SecretInline : ConfigCodes.Range, objection);
        return null;
    }

    private string? ReadDataset(YamlMapping map)
    {
        string? dataset = map.Text("dataset");
        if (dataset is null) return null;
        string? objection = PipelinesFile.ObjectionToDataset(dataset) ?? PipelinesFile.ObjectionToOwn(dataset);
        if (objection is not null) problems.Add(map.Find("dataset")!, ConfigCodes.Range, objection);
        return objection is null ? dataset : null;
    }

    /// <summary>A named map, or a mapping from values in the mask, or their names in a dataset.json, to vertebrae by name or VerSe's label.</summary>
    private LabelMap? ReadLabels(YamlMapping map)
    {
        if (map.Find("labels") is not YamlValue value) return null;
        if (value.Entries is null)
        {
            string? name = map.Text("labels");
            if (name is not null && LabelMap.Named.TryGetValue(name, out LabelMap? named)) return named;
            if (name is not null)
                problems.Add(value, ConfigCodes.Range, $"'{name}' is no map of labels{NearestName.Hint(name, [.. LabelMap.Named.Keys])}");
            return null;
        }
        List<(int, int)> pairs = [];
        List<(string, int)> names = [];
        foreach (YamlEntry entry in value.Entries)
        {
            int? label = int.TryParse(entry.Value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
                : LabelMap.LabelOf(entry.Value.Text ?? "");
            bool isValue = int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int from);
            if (!isValue && (entry.Key.Length == 0 || double.TryParse(entry.Key, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
                problems.Add(entry.Line, entry.Column, ConfigCodes.Range,
                    $"'{entry.Key}' is no value of a mask; use a whole number, or a name that the dataset.json has");
            else if (label is int known && VertebraLabel.IsKnown(known))
            {
                if (isValue) pairs.Add((from, known));
                else names.Add((entry.Key, known));
            }
            else problems.Add(entry.Line, entry.Column, ConfigCodes.Range, $"'{entry.Value.Text}' is no vertebra; use C1 to L6, sacrum, coccyx or 1 to 28");
        }
        LabelMap? labels = LabelMap.Of(pairs, names);
        if (labels is null && pairs.Count + names.Count == value.Entries.Count)
            problems.Add(value, ConfigCodes.Range, pairs.Count + names.Count == 0 ? "'labels' maps nothing" : "'labels' maps two values to one vertebra");
        return labels;
    }

    private Exclusion? ReadExclusion(YamlMapping map)
    {
        string? pattern = map.Text("pattern"), reason = map.Text("reason"), by = map.Text("by"), until = map.Text("until");
        if (pattern is null) map.Missing("pattern");
        if (reason is null) map.Missing("reason");
        DateOnly? last = DateOnly.TryParseExact(until, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;
        if (until is not null && last is null) problems.Add(map.Find("until")!, ConfigCodes.Range, $"'{until}' is no day; write it as 2026-12-31");
        map.RefuseOthers();
        return pattern is null || reason is null ? null : new Exclusion(pattern, reason) { By = by, Until = last };
    }

    private FolderSpec? ReadFolder(YamlMapping map)
    {
        string? path = map.Text("path"), dataset = map.Text("dataset"), split = map.Text("split");
        if (path is null) map.Missing("path");
        if (dataset is null) map.Missing("dataset");
        if (split is null) map.Missing("split");
        if (path is not null && (Path.IsPathRooted(path) || path.Split('/').Contains("..") || path.Contains('\\', StringComparison.Ordinal)))
            problems.Add(map.Find("path")!, ConfigCodes.PathOutside, $"'{path}' must be a path below the source, without '..'");
        if (dataset is not null && PipelinesFile.ObjectionToDataset(dataset) is string objection)
            problems.Add(map.Find("dataset")!, ConfigCodes.Range, objection);
        if (split is not null && !Splits.All.Contains(split))
            problems.Add(map.Find("split")!, ConfigCodes.Range, $"'{split}' is no split{NearestName.Hint(split, Splits.All)}");
        map.RefuseOthers();
        return path is null || dataset is null || split is null ? null : new FolderSpec(path.TrimEnd('/'), dataset, split);
    }

    private static ReadingLimits ReadLimits(YamlMapping? map)
    {
        ReadingLimits defaults = new();
        if (map is null) return defaults;
        ReadingLimits limits = defaults with
        {
            MaxVolumeBytes = map.Whole("max_volume_bytes", defaults.MaxVolumeBytes, 1024, 1L << 44),
            MaxFileBytes = map.Whole("max_file_bytes", defaults.MaxFileBytes, 1024, 1L << 44),
            AcceptPlain = map.Flag("accept_plain", defaults.AcceptPlain),
            AssumeMillimetres = map.Flag("assume_millimetres", defaults.AssumeMillimetres),
        };
        map.RefuseOthers();
        return limits;
    }

    private string ReadReference(YamlMapping map, Source? source)
    {
        string reference = map.Text("reference", source is { IsSample: true } ? Pipeline.SampleReference : Pipeline.VerseReference)!;
        if (reference is Pipeline.VerseReference or Pipeline.SampleReference or Pipeline.NoReference) return reference;
        string path = Absolute(reference);
        if (!Directory.Exists(path))
            problems.Add(map.Find("reference")!, ConfigCodes.Range, $"'{reference}' is neither 'verse', 'sample', 'none' nor a folder");
        return path;
    }

    private static PublishThresholds ReadThresholds(YamlMapping? map)
    {
        PublishThresholds defaults = new();
        if (map is null) return defaults;
        PublishThresholds thresholds = defaults with
        {
            UnavailablePercent = map.Percent("unavailable_percent", defaults.UnavailablePercent),
            NewlyFailedPercent = map.Percent("newly_failed_percent", defaults.NewlyFailedPercent),
            FoundPercent = map.Percent("found_percent", defaults.FoundPercent),
        };
        map.RefuseOthers();
        return thresholds;
    }

    private Destination? ReadDestination(YamlMapping map, string pipeline, Source? source)
    {
        string? path = map.Text("path");
        if (path is null) map.Missing("path");
        Destination defaults = new() { Path = path is null ? "" : Absolute(path) };
        Destination load = defaults with
        {
            KeepSnapshots = (int)map.Whole("keep_snapshots", defaults.KeepSnapshots, 2, 100_000, ConfigCodes.Retention),
            KeepDays = (int)map.Whole("keep_days", defaults.KeepDays, 1, 36_500, ConfigCodes.Retention),
            Delta = map.Flag("delta", defaults.Delta),
            DeltaChangeFeed = map.Flag("delta_change_feed", defaults.DeltaChangeFeed),
            PublishTo = ReadPublishTo(map, pipeline, source),
        };
        map.RefuseOthers();
        if (path is null) return null;
        if (ObjectUrl.IsMeant(path))
        {
            problems.Add(map.Find("path")!, ConfigCodes.Range, "the warehouse is a folder of this machine; 'publish_to' keeps a copy in an object store");
            return null;
        }
        if (source is not null && PathRules.Objection(source.Path, load.Path) is string objection)
            problems.Add(map.Find("path")!, ConfigCodes.PathOutside, objection);
        string real = PathRules.RealPath(load.Path);
        if (!_warehouses.TryAdd(real, pipeline))
            problems.Add(map.Find("path")!, ConfigCodes.PathTwice,
                $"pipeline '{_warehouses[real]}' writes there already; a warehouse holds one pipeline's tables");
        return load;
    }

    private ObjectUrl? ReadPublishTo(YamlMapping map, string pipeline, Source? source)
    {
        if (map.Text("publish_to") is not string text) return null;
        YamlValue at = map.Find("publish_to")!;
        if (!ObjectUrl.IsMeant(text))
        {
            problems.Add(at, ConfigCodes.Range, "'publish_to' is an address: s3://bucket/prefix or az://container/prefix");
            return null;
        }
        if (ReadUrl(at, text) is not ObjectUrl url) return null;
        if (source?.Url is ObjectUrl from && from.Overlaps(url))
            problems.Add(at, ConfigCodes.PathOutside, "source and 'publish_to' lie in each other; put the copy elsewhere");
        if (_copies.Find(copy => copy.Url.Overlaps(url)) is (not null, string other))
            problems.Add(at, ConfigCodes.PathTwice, $"pipeline '{other}' publishes there already; a place holds one pipeline's copy");
        _copies.Add((url, pipeline));
        return url;
    }

    private string Absolute(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, folder));
}
