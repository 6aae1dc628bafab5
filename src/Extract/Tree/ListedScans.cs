using System.Collections;
using System.Runtime.Versioning;
using VerseEtl.Transform.Cohort;
using VerseEtl.Transform.Labels;
using VerseEtl.Transform.Scans;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Extract.Tree;

/// <summary>
/// The scans of a listing in key order, in the workspace; each is read back when it is asked for, so that none is held. Safe to read from several threads.
/// What the workspace has on a disk is gone with the list.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ListedScans(SourceRoot root, IWorkspace workspace) : IReadOnlyList<ScanFiles>
{
    private readonly IRecordList _records = workspace.Records();
    private readonly List<LabelMap> _labels = [];

    public int Count => _records.Count;

    public ScanFiles this[int place] => Read(_records[place]);

    public void Add(ScanFiles scan)
    {
        using RecordWriter record = new();
        record.Write(scan.Key.Dataset);
        record.Write(scan.Key.Split);
        record.Write(scan.Key.ScanId);
        record.Write(scan.SubjectId);
        record.Write(scan.SeriesId);
        record.WriteText(scan.Direction);
        record.WriteText(scan.Series);
        record.WriteText(scan.Licence);
        record.Write(scan.Labels is null ? -1 : NumberOf(scan.Labels));
        foreach (SourcePath? path in new[] { scan.Ct, scan.Mask, scan.Centroids, scan.Sidecar, scan.Preview, scan.Subregions }) record.Write(path);
        record.Write(scan.MaskParts?.Count ?? -1);
        foreach (MaskPart part in scan.MaskParts ?? [])
        {
            record.Write(part.Path);
            record.Write(part.Label);
        }
        record.Write(scan.Findings.Count);
        foreach (Transform.Findings.Finding finding in scan.Findings) record.Write(finding);
        _records.Add(record.TakeBytes());
    }

    public IEnumerator<ScanFiles> GetEnumerator()
    {
        for (int place = 0; place < Count; place++) yield return this[place];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private ScanFiles Read(byte[] bytes)
    {
        RecordReader record = new(bytes);
        return new ScanFiles
        {
            Key = new ScanKey(record.ReadString(), record.ReadString(), record.ReadString()),
            SubjectId = record.ReadString(),
            SeriesId = record.ReadString(),
            Direction = record.ReadText(),
            Series = record.ReadText(),
            Licence = record.ReadText(),
            Labels = record.ReadInt32() is var labels && labels < 0 ? null : _labels[labels],
            Ct = record.ReadPath(root),
            Mask = record.ReadPath(root),
            Centroids = record.ReadPath(root),
            Sidecar = record.ReadPath(root),
            Preview = record.ReadPath(root),
            Subregions = record.ReadPath(root),
            MaskParts = record.ReadInt32() is var parts && parts < 0 ? null
                : ReadParts(ref record, parts),
            Findings = ReadFindings(ref record, record.ReadInt32()),
        };
    }

    private MaskPart[] ReadParts(ref RecordReader record, int count)
    {
        MaskPart[] parts = new MaskPart[count];
        for (int at = 0; at < count; at++) parts[at] = new MaskPart(record.ReadPath(root)!, record.ReadInt32());
        return parts;
    }

    private static Transform.Findings.Finding[] ReadFindings(ref RecordReader record, int count)
    {
        Transform.Findings.Finding[] findings = new Transform.Findings.Finding[count];
        for (int at = 0; at < count; at++) findings[at] = record.ReadFinding();
        return findings;
    }

    private int NumberOf(LabelMap map)
    {
        int known = _labels.FindIndex(each => ReferenceEquals(each, map));
        if (known >= 0) return known;
        _labels.Add(map);
        return _labels.Count - 1;
    }
}

/// <summary>The rows of scans that are left out on purpose, in key order; made when they are asked for.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ExcludedScans(SourceRoot root, IWorkspace workspace) : IReadOnlyList<ScanResult>
{
    private readonly ListedScans _scans = new(root, workspace);
    private readonly List<Exclusion> _why = [];

    public int Count => _scans.Count;

    public ScanResult this[int place] => _why[place].Row(_scans[place]);

    public void Add(ScanFiles scan, Exclusion why)
    {
        _scans.Add(scan);
        _why.Add(why);
    }

    public IEnumerator<ScanResult> GetEnumerator()
    {
        for (int place = 0; place < Count; place++) yield return this[place];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
